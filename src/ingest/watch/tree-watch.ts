import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTLESS_RETRY_SECONDS, StoreError } from '../../errors.js';
import type { ScanReport } from '../../health/snapshot.js';
import { databaseIssue, type Issue } from '../../issues.js';
import type { Logger } from '../../log/logger.js';
import { monotonicSeconds, timerMs } from '../../monotonic.js';
import type { Store } from '../../store/writer.js';
import { Events } from './events.js';
import { type FullScanInput, fullScan } from './full-scan.js';
import { ScanFailure } from './listing.js';
import { LostLedger } from './lost-ledger.js';
import { RootWatch } from './root-watch.js';
import { StatGate } from './stat-gate.js';
import type { Tree } from './tree.js';

export interface TreeWatchOptions extends Tree {
  /** False on network file systems, where other hosts' changes give no events. */
  readonly events: boolean;
  readonly scanIntervalSeconds: number;
}

export interface TreeWatchSinks {
  readonly onEvent: (path: string, change: 'created' | 'updated') => void;
  readonly onOtherFile: (path: string) => void;
  readonly onScan: FullScanInput['offer'];
  readonly onListed: FullScanInput['onListed'];
  /** After each scan. */
  readonly onScanned: () => Promise<void>;
  /** What could not be read before may be readable now. */
  readonly onRecovered: () => void;
  readonly store: Pick<Store, 'classify'>;
  readonly log: Logger;
}

/** How often the directory itself is checked, and a failed scan is retried. */
const LOOK_SECONDS = 2;
const ANSWER_SECONDS = 30;
const SCAN_STEP_SECONDS = 90;
/** Minimum pause between two scans, so that a stream of new directories does not make it scan all the time. */
const PAUSE_SECONDS = 1;
/** Where files give no events, behind links and on network file systems, subscribing again because of that changes nothing. */
const MISSED_EVENTS_SECONDS = 600;
const STOP_SECONDS = 10;

/**
 * Reports every matching file in a directory tree: by events at once, and by a scan at start, at every interval
 * and whenever something was uncertain. It subscribes before it scans, so nothing falls between the two. No file system that hangs
 * holds it up forever.
 */
export class TreeWatch {
  readonly events: Events;
  readonly gate: StatGate;
  /** Of the last scan that was completed. */
  report: ScanReport | undefined;
  /** Files that a scan was the first to report, since the start; those of the first scan apart. */
  foundByScan = 0;
  foundAtStart = 0;
  readonly #options: TreeWatchOptions;
  readonly #sinks: TreeWatchSinks;
  readonly #root: RootWatch;
  /** The root's own: a question about a file on a dead mount below it must not make it look dead. */
  readonly #rootGate: StatGate;
  #scanIssue: Issue | undefined;
  #lostLedger: LostLedger | undefined;
  #watched: ReadonlySet<string> | undefined;
  #resubscribe = false;
  #soon = false;
  #stopping = false;
  #scanMovedAt: number | undefined;
  /** Scans that were given up, whose threads wait for a file system. */
  #hungScans = 0;
  #faultlessRetriedAt = Number.NEGATIVE_INFINITY;
  #missedEventsAt = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: TreeWatchOptions, sinks: TreeWatchSinks) {
    this.#options = options;
    this.#sinks = sinks;
    this.gate = new StatGate(ANSWER_SECONDS, options);
    this.#rootGate = new StatGate(ANSWER_SECONDS, options);
    this.#root = new RootWatch(options.directory, this.#rootGate, sinks.log);
    this.events = new Events(options.directory, options.pattern, this.gate, {
      onFile: sinks.onEvent,
      onOtherFile: sinks.onOtherFile,
      onUncertain: (why, path) => {
        sinks.log.debug({ why, path }, 'scanning soon');
        this.#resubscribe ||= why === 'new directory';
        this.scanSoon();
      },
      onIssue: ({ code, message }) => {
        sinks.log.warn({ code }, message);
        this.scanSoon();
      },
    });
  }

  /** Issues that hide files and that a restart does not fix. */
  get issues(): Issue[] {
    const { report } = this;
    const unreadable = [
      ...this.#root.silentMounts.map((path) => `${path}: its file system is not responding`),
      ...(report?.unreadable ?? []).map(({ path, message }) => `${path}: ${message}`),
    ];
    return [
      ...this.#root.issues,
      this.#scanIssue,
      this.#lostLedger?.why,
      this.#options.events && this.#root.present ? this.events.issue : undefined,
      unreadable.length > 0 ? placesUnreadable(unreadable) : undefined,
    ].filter((issue) => issue !== undefined);
  }

  /** Something of this process waits for a file system, and keeps doing so when the file system is well again. */
  get hangs(): boolean {
    return this.#hungScans > 0 || this.events.hangs;
  }

  /** A question to a file system has not been answered yet, and holds a thread. */
  get isAsking(): boolean {
    return this.gate.isWaiting || this.#rootGate.isWaiting;
  }

  /** Whether a path below the directory lies on a mount that does not answer. */
  isSilent(path: string): boolean {
    return this.#silentDirectories.some((directory) => path.startsWith(`${directory}/`));
  }

  /** A file could not be read because its file system did not answer. */
  askMountsSoon(): void {
    this.#root.askMountsSoon();
  }

  get #silentDirectories(): string[] {
    return this.#root.silentMounts.map((path) => this.#root.named(path));
  }

  /** By the names that the watcher, which follows no link, has for them. */
  get #notWatched(): string[] {
    const { directory } = this.#options;
    const unreadable = this.report?.unreadable ?? [];
    return [
      ...this.#root.silentMounts,
      ...unreadable.map(({ path }) => this.#root.realDirectory + path.slice(directory.length)),
    ];
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Scans now rather than at the next interval. */
  scanSoon(): void {
    this.#soon = true;
    this.#wake?.();
  }

  /** The issue stands until scans that begin from now on have found every file on disk read again. */
  ledgerLost(why: Issue): void {
    this.#lostLedger = new LostLedger(why);
    this.scanSoon();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    // Either may wait for a file system.
    await Promise.race([Promise.all([this.events.close(), this.#loop]), sleep(STOP_SECONDS * 1000)]);
    this.#root.close();
  }

  /** For how long the scan under way has not moved; undefined between scans. */
  get scanStandsStillSeconds(): number | undefined {
    return this.#scanMovedAt === undefined ? undefined : monotonicSeconds() - this.#scanMovedAt;
  }

  async #run(): Promise<void> {
    let nextScanAt = 0;
    while (!this.#stopping) {
      const { present, changed, recovered } = await this.#root.look(this.#hungScans > 0);
      if (changed) this.#resubscribe = true;
      if (recovered) {
        this.#faultlessRetriedAt = Number.NEGATIVE_INFINITY;
        this.#sinks.onRecovered();
      }
      const due = this.#soon || this.#resubscribe || monotonicSeconds() >= nextScanAt;
      if (present && due && this.#mayScan()) {
        this.#soon = false;
        const done = await this.#scan();
        nextScanAt = monotonicSeconds() + (done ? this.#options.scanIntervalSeconds : LOOK_SECONDS);
        await this.#pause(PAUSE_SECONDS, { interruptible: false });
      }
      if (this.#soon && present && this.#mayScan()) continue;
      const toNextScan = present ? Math.max(0, nextScanAt - monotonicSeconds()) : LOOK_SECONDS;
      await this.#pause(Math.min(LOOK_SECONDS, this.#mayScan() ? toNextScan : LOOK_SECONDS));
    }
  }

  /** While an earlier scan hangs only one that leaves out what it can hang on: each scan that hangs takes a thread. */
  #mayScan(): boolean {
    return this.#hungScans <= 1;
  }

  async #scan(): Promise<boolean> {
    const { events } = this.#options;
    const first = this.report === undefined;
    const fresh = this.#resubscribe || (!this.events.subscribed && this.events.mayTryAgain);
    if (events && fresh) await this.events.resubscribe(this.#root.realDirectory, this.#notWatched);
    // The scan for which a failure of that asks is the one that follows.
    this.#soon = this.#resubscribe = false;
    this.#moved();
    try {
      const report = await this.#fullScan();
      if (this.#stopping) return true;
      const known = new Set(this.report?.unreadable.map(({ path }) => path));
      // It is perhaps why there are no events.
      if (events && !this.events.subscribed && report.unreadable.some(({ path }) => !known.has(path)))
        this.#resubscribe = true;
      this.report = report;
      if (first) this.foundAtStart = report.foundByScan;
      else this.foundByScan += report.foundByScan;
      this.#scanIssue = undefined;
      if (this.#lostLedger?.scanEnds()) this.#lostLedger = undefined;
      if (events) this.#lookForUnwatched(report, first || fresh);
      this.#root.scanEnds(report);
      await this.#sinks.onScanned();
      this.#sinks.log.debug({ ...report, directories: report.directories.size }, 'scanned');
      return true;
    } catch (error) {
      if (!(error instanceof ScanFailure || error instanceof StoreError)) throw error;
      const issue = error instanceof ScanFailure ? error.issue : databaseIssue(error);
      if (this.#scanIssue?.message !== issue.message)
        this.#sinks.log.error({ code: issue.code }, issue.message);
      this.#scanIssue = issue;
      return false;
    } finally {
      this.#scanMovedAt = undefined;
    }
  }

  #fullScan(): Promise<ScanReport> {
    const { directory, pattern, followLinks } = this.#options;
    this.#lostLedger?.scanBegins();
    this.#root.scanBegins();
    const retryFaultless = monotonicSeconds() - this.#faultlessRetriedAt >= FAULTLESS_RETRY_SECONDS;
    if (retryFaultless) this.#faultlessRetriedAt = monotonicSeconds();
    return fullScan({
      directory,
      pattern,
      followLinks,
      store: this.#sinks.store,
      retryFaultless,
      limits: {
        leaveOut: this.#silentDirectories,
        leaveLinks: this.#hungScans > 0,
        stepSeconds: SCAN_STEP_SECONDS,
        onHang: () => {
          this.#hungScans++;
          this.#root.askMountsSoon();
        },
        onLateEnd: () => {
          this.#hungScans--;
          this.scanSoon();
        },
      },
      onListed: (files) => {
        this.#root.see(files);
        this.#sinks.onListed(files);
      },
      offer: (file, classified) => {
        this.#moved();
        this.#lostLedger?.see(file, classified);
        return this.#sinks.onScan(file, classified);
      },
      aborted: () => {
        this.#moved();
        return this.#stopping;
      },
    });
  }

  #moved(): void {
    this.#scanMovedAt = monotonicSeconds();
  }

  /** A directory that appeared without an event, or inside a new one, is watched only after subscribing again. */
  #lookForUnwatched({ directories, missedByEvents }: ScanReport, fresh: boolean): void {
    const unwatched = [...directories].some((directory) => !this.#watched?.has(directory));
    this.#watched = directories;
    const missed = missedByEvents > 0 && monotonicSeconds() - this.#missedEventsAt >= MISSED_EVENTS_SECONDS;
    if (fresh || !(unwatched || missed)) return;
    if (missed) this.#missedEventsAt = monotonicSeconds();
    this.#resubscribe = true;
  }

  #pause(seconds: number, { interruptible = true } = {}): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(finish, timerMs(seconds));
      this.#wake = () => {
        if (interruptible || this.#stopping) finish();
      };
    });
  }
}

const placesUnreadable = (places: readonly string[]): Issue => ({
  code: 'places_unreadable',
  message: `${places.length} ${places.length === 1 ? 'place' : 'places'} in the watch directory cannot be read: ${places[0]}`,
});
