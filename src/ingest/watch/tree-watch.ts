import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../../errors.js';
import { databaseIssue, type Issue } from '../../issues.js';
import type { Logger } from '../../log/logger.js';
import type { ListedFile } from '../../native/outcome.js';
import type { Store } from '../../store/writer.js';
import { Events } from './events.js';
import { ScanFailure } from './listing.js';
import { type ReconciliationReport, reconcile } from './reconciliation.js';
import { lookAtRoot, type RootState } from './root.js';

export interface TreeWatchOptions {
  readonly directory: string;
  readonly pattern: string;
  /** False on network file systems, where other hosts' changes give no events. */
  readonly events: boolean;
  readonly reconcileIntervalSeconds: number;
}

export interface TreeWatchSinks {
  readonly onEvent: (path: string, change: 'created' | 'updated') => void;
  readonly onScan: (file: ListedFile) => Promise<'new' | 'queued' | 'refused'>;
  readonly store: Pick<Store, 'classify'>;
  readonly log: Logger;
}

/** How often the directory itself is looked at, and a scan that could not be made is tried again. */
const LOOK_SECONDS = 2;
/** The least rest between two scans, so that a stream of new directories does not make it scan all the time. */
const REST_SECONDS = 1;
const STOP_SECONDS = 10;

/**
 * Tells of every matching file in a directory tree: by events at once, and by a reconciliation at start, at every interval
 * and whenever something was uncertain. It subscribes before it scans, so nothing falls between the two.
 */
export class TreeWatch {
  readonly events: Events;
  /** Of the last reconciliation that was completed. */
  report: ReconciliationReport | undefined;
  /** Files first told of by a scan, since the start; those of the first scan apart. */
  foundByScan = 0;
  foundAtStart = 0;
  readonly #options: TreeWatchOptions;
  readonly #sinks: TreeWatchSinks;
  #rootTrouble: Issue | undefined;
  #scanTrouble: Issue | undefined;
  #unmounted: Issue | undefined;
  #unproven: { readonly why: Issue; readonly since: number } | undefined;
  #identity: string | undefined;
  #populatedDevice: number | undefined;
  #watched: ReadonlySet<string> | undefined;
  #resubscribe = false;
  #soon = false;
  #stopping = false;
  #scanMovedAt: number | undefined;
  #wake: (() => void) | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: TreeWatchOptions, sinks: TreeWatchSinks) {
    this.#options = options;
    this.#sinks = sinks;
    this.events = new Events(options.directory, options.pattern, {
      onFile: sinks.onEvent,
      onUncertain: (why) => {
        sinks.log.debug({ why }, 'scanning soon');
        this.#resubscribe ||= why.startsWith('new directory');
        this.reconcileSoon();
      },
      onTrouble: ({ code, message }) => {
        sinks.log.warn({ code }, message);
        this.reconcileSoon();
      },
    });
  }

  /** What keeps files from being seen. */
  get troubles(): Issue[] {
    const { report } = this;
    return [
      this.#rootTrouble,
      this.#unmounted,
      this.#scanTrouble,
      this.#unproven?.why,
      this.#options.events && !this.#rootTrouble ? this.events.trouble : undefined,
      report && report.troubles.length > 0 ? placesUnreadable(report.troubles) : undefined,
    ].filter((trouble) => trouble !== undefined);
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Scans now rather than at the next interval. */
  reconcileSoon(): void {
    this.#soon = true;
    this.#wake?.();
  }

  /** What was known of the files is in doubt until a scan begun from now on finds all of them accounted for. */
  requireFullScan(why: Issue): void {
    this.#unproven = { why, since: Date.now() / 1000 };
    this.reconcileSoon();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.events.close();
    // A scan may hang on its file system.
    await Promise.race([this.#loop, sleep(STOP_SECONDS * 1000)]);
  }

  /** For how long the scan under way has not moved; undefined between scans. */
  get scanStandsStillSeconds(): number | undefined {
    return this.#scanMovedAt === undefined ? undefined : (performance.now() - this.#scanMovedAt) / 1000;
  }

  async #run(): Promise<void> {
    // By a clock that nobody sets.
    let nextScanAt = 0;
    while (!this.#stopping) {
      const healthy = await this.#lookAtRoot();
      if (healthy && (this.#soon || this.#resubscribe || performance.now() >= nextScanAt)) {
        this.#soon = false;
        const done = await this.#reconcile();
        nextScanAt =
          performance.now() + (done ? this.#options.reconcileIntervalSeconds : LOOK_SECONDS) * 1000;
        await this.#pause(REST_SECONDS, { interruptible: false });
      }
      if (this.#soon && healthy) continue;
      const toNextScan = healthy ? Math.max(0, (nextScanAt - performance.now()) / 1000) : LOOK_SECONDS;
      await this.#pause(Math.min(LOOK_SECONDS, toNextScan));
    }
  }

  async #lookAtRoot(): Promise<boolean> {
    const root: RootState = await lookAtRoot(this.#options.directory);
    if (root.trouble !== undefined) {
      if (this.#rootTrouble?.message !== root.trouble.message) this.#complain(root.trouble);
      this.#rootTrouble = root.trouble;
      this.#identity = undefined;
      return false;
    }
    if (this.#rootTrouble) this.#sinks.log.info(`the watch directory ${this.#options.directory} is back`);
    this.#rootTrouble = undefined;
    if (root.identity !== this.#identity) {
      this.#identity = root.identity;
      this.#resubscribe = true;
    }
    return true;
  }

  async #reconcile(): Promise<boolean> {
    const { directory, pattern, events } = this.#options;
    const first = this.report === undefined;
    const fresh = this.#resubscribe || !this.events.subscribed;
    if (events && fresh) await this.events.resubscribe();
    // The scan for which a failure of that asks is the one that follows.
    this.#soon = this.#resubscribe = false;
    const moved = () => {
      this.#scanMovedAt = performance.now();
    };
    moved();
    try {
      const report = await reconcile({
        directory,
        pattern,
        store: this.#sinks.store,
        offer: (file) => {
          moved();
          return this.#sinks.onScan(file);
        },
        aborted: () => {
          moved();
          return this.#stopping;
        },
      });
      if (this.#stopping) return true;
      this.report = report;
      if (first) this.foundAtStart = report.foundByScan;
      else this.foundByScan += report.foundByScan;
      this.#scanTrouble = undefined;
      if (this.#unproven && report.startedAt >= this.#unproven.since && report.waiting === 0)
        this.#unproven = undefined;
      if (events) this.#lookForUnwatched(report.directories, fresh);
      this.#lookForUnmount(report.filesOnDisk);
      this.#sinks.log.debug({ ...report, directories: report.directories.size }, 'reconciled');
      return true;
    } catch (error) {
      if (!(error instanceof ScanFailure || error instanceof StoreError)) throw error;
      const issue = error instanceof ScanFailure ? error.issue : databaseIssue(error);
      if (this.#scanTrouble?.message !== issue.message) this.#complain(issue);
      this.#scanTrouble = issue;
      return false;
    } finally {
      this.#scanMovedAt = undefined;
    }
  }

  /** A directory that came without an event, or inside a new one, is watched only after subscribing anew. */
  #lookForUnwatched(directories: ReadonlySet<string>, fresh: boolean): void {
    const unwatched = !fresh && [...directories].some((directory) => !this.#watched?.has(directory));
    this.#watched = directories;
    if (unwatched) this.#resubscribe = true;
  }

  /** A directory that has lost its file system looks like an empty one. */
  #lookForUnmount(filesOnDisk: number): void {
    const device = Number(this.#identity?.split(':')[0]);
    if (filesOnDisk > 0) this.#populatedDevice = device;
    this.#unmounted =
      this.#populatedDevice !== undefined && this.#populatedDevice !== device
        ? {
            code: 'directory_unmounted',
            message: `the watch directory ${this.#options.directory} is empty and on another file system than before: mount it again`,
          }
        : undefined;
  }

  #complain({ code, message }: Issue): void {
    this.#sinks.log.error({ code }, message);
  }

  #pause(seconds: number, { interruptible = true } = {}): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(finish, seconds * 1000);
      this.#wake = () => {
        if (interruptible || this.#stopping) finish();
      };
    });
  }
}

const placesUnreadable = (troubles: readonly string[]): Issue => ({
  code: 'places_unreadable',
  message: `${troubles.length} places in the watch directory cannot be read: ${troubles[0]}`,
});
