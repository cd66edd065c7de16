/**
 * The monitor's stages in order: watch -> queue -> read -> record. Read this file first.
 *
 * `TreeWatch` finds files through events and scans; `ReadQueue` holds each file once until it is done; the `Extractor`
 * reads pointings off the main thread; `judge` decides whether a file is done; the `Recorder` writes results in
 * transactions. A restart finds everything again: the tree and the ledger are the truth.
 */
import { StoreError } from '../errors.js';
import { Extractor, type ExtractorOptions } from '../extract/extractor.js';
import { saysGone } from '../files.js';
import { Metrics } from '../health/metrics.js';
import type { IngestSnapshot } from '../health/snapshot.js';
import type { Logger } from '../log/logger.js';
import { monotonicSeconds } from '../monotonic.js';
import type { FileVersion, Outcome, Pointing } from '../native/outcome.js';
import type { ClassifiedFile, FileResult } from '../store/rows.js';
import type { Store } from '../store/writer.js';
import { DirectLane } from './direct-lane.js';
import { Hdf5Lane } from './hdf5-lane.js';
import { NameClock } from './name-clock.js';
import { type QueuedFile, ReadQueue } from './queue/read-queue.js';
import type { Verdict } from './queue/verdict.js';
import { type BatchRead, beingRead, type Read, settle } from './read-batch.js';
import { atOnce, Recorder } from './recorder.js';
import { SubBandWatch } from './sub-band-watch.js';
import { TreeWatch, type TreeWatchOptions } from './watch/tree-watch.js';

export interface MonitorOptions {
  readonly watch: TreeWatchOptions;
  readonly extractor: ExtractorOptions;
  readonly giveUpAfterSeconds: number;
  /** Called for each observation once its row is committed. */
  readonly onStored?: (path: string, pointing: Pointing) => void;
}

const FILES_PER_BATCH = 16;
/** Results that can wait for the database; beyond it nothing more is read. */
const MAX_UNWRITTEN = 5000;
/** Files that can wait for libhdf5 before scans stop adding to them. */
const MAX_FOR_HDF5 = 5000;
/** After more events than this without a pause the kernel's queue may have overflowed, which nobody reports. */
const EVENTS_OF_A_BURST = 2000;
const STOP_SECONDS = 8;
/** More than a scan can have classified before they were noted. */
const MAX_NOTED = 2 * MAX_FOR_HDF5;
const UNRECORDED_RETRY_SECONDS = 60;
/** Files that are gone, of which a scan lets the ledger know. */
const MAX_GONE = 1000;
/** In place of a number of attempts: the file is to be tried as if it were new. */
const NOT_TRIED = 0;

/** A file that the direct reader declined, as it opened it. */
interface Declined extends QueuedFile {
  readonly version: FileVersion | undefined;
}

export class Monitor {
  readonly metrics = new Metrics();
  readonly #watch: TreeWatch;
  readonly #queue: ReadQueue;
  readonly #extractor: Extractor;
  readonly #directLane: DirectLane;
  readonly #hdf5Lane: Hdf5Lane<Declined>;
  readonly #recorder: Recorder;
  readonly #store: Store;
  readonly #nameClock = new NameClock();
  readonly #subBands: SubBandWatch;
  readonly #options: MonitorOptions;
  readonly #log: Logger;
  /** Files that an earlier process began to read with libhdf5 and did not finish. */
  readonly #triedBefore = new Set<string>();
  /** The latest files that this process has begun to read with libhdf5. */
  readonly #noted = new Set<string>();
  /** Files of which the database takes neither row nor failure. */
  readonly #unrecorded = new Map<string, StoreError>();
  #scanLeftWork = false;
  #eventsWereLost = false;
  #eventsInARow = 0;
  #stopping = false;

  constructor(options: MonitorOptions, store: Store, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#store = store;
    this.#extractor = new Extractor(options.extractor);
    this.#recorder = new Recorder(store, atOnce, (error) => this.#onStoreError(error));
    this.#queue = new ReadQueue({ eventCapacity: 50_000, scanCapacity: 2000 }, () => this.#pump());
    this.#subBands = new SubBandWatch(options.watch.pattern);
    this.#hdf5Lane = new Hdf5Lane(this.#extractor, {
      wasTried: ({ path }) => this.#triedBefore.delete(path),
      onTry: (file) => this.#noteTry(file, file.attempts),
      onCutShort: (file) => this.#noteTry(file, NOT_TRIED),
      onOutcome: (file, outcome) => this.#record([{ file, outcome }]),
    });
    this.#watch = new TreeWatch(options.watch, {
      store,
      log,
      onEvent: (path, change) => this.#onEvent(path, change),
      onOtherFile: (path) => this.#subBands.see(path),
      onListed: (files) => {
        if (this.#subBands.waits) for (const { path } of files) this.#subBands.see(path);
      },
      onScan: (file, classified) => this.#onScan(file.path, classified),
      onScanned: () => this.#settleGone(),
      onRecovered: () => this.#directLane.hastenSuspects(),
    });
    const isSilent = (path: string) => this.#watch.isSilent(path);
    const parts = { extractor: this.#extractor, gate: this.#watch.gate, isSilent, log };
    this.#directLane = new DirectLane(options.extractor.workers, parts, {
      onBatch: (batch) => this.#onBatch(batch),
      onAnswer: (suspects) => this.#queue.hasten(suspects),
      onOther: (path) => this.#done(path),
    });
  }

  start(): void {
    this.#watch.start();
  }

  /** The ledger may have lost what it knew: every file on disk is compared with it again. */
  databaseReplaced(name: string): void {
    const message = `the database ${name} was deleted or replaced: files still on disk are being read into it again; restore a backup for the rows of files that are gone`;
    this.#log.warn(message);
    this.#watch.ledgerLost({ code: 'database_replaced', message });
  }

  /** Finishes what is being read, writes it, and stops. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const deadline = monotonicSeconds() + STOP_SECONDS;
    this.#queue.close();
    const watching = this.#watch.stop();
    while (this.#directLane.filesInFlight > 0 && monotonicSeconds() < deadline) await pause(0.01);
    // Ends what libhdf5 is reading. The lane closes first, so that this counts against no file.
    const lane = this.#hdf5Lane.close();
    await Promise.race([this.#extractor.close(), until(deadline)]);
    await Promise.race([lane, until(deadline)]);
    const unwritten = await this.#recorder.close(Math.max(0, deadline - monotonicSeconds()));
    if (unwritten > 0)
      this.#log.warn(`${unwritten} results were not written; the next start reads their files again`);
    await Promise.race([watching, until(deadline)]);
  }

  /** Threads that wait for a file system cannot be ended with the rest of the process. */
  get hasHangingThreads(): boolean {
    return this.#watch.hangs || this.#watch.isAsking || this.#directLane.mayHang;
  }

  /** What health is judged by. */
  snapshot(): IngestSnapshot {
    const { report, events } = this.#watch;
    const queued = this.#queue.size;
    return {
      watchIssues: this.#watch.issues,
      hangs: this.#watch.hangs,
      clockIssue: this.#nameClock.issue,
      missingSubBand: this.#subBands.issue(),
      scanStandsStillSeconds: this.#watch.scanStandsStillSeconds,
      report,
      foundByScan: this.#watch.foundByScan,
      foundAtStart: this.#watch.foundAtStart,
      events: { alive: events.subscribed, lastEventAt: events.lastEventAt },
      queue: {
        depth: queued,
        retrying: this.#queue.waiting,
        overflowed: this.#queue.overflowed,
        inFlight: this.#directLane.filesInFlight,
      },
      hdf5: {
        waiting: this.#hdf5Lane.size,
        oldest: this.#hdf5Lane.oldest,
        restarts: this.#extractor.restarts,
      },
      direct: { slowest: this.#directLane.slowest, unanswered: this.#directLane.suspects },
      unwritten: this.#recorder.backlog,
      storeError: this.#recorder.error ?? [...this.#unrecorded.values()][0],
      extractionSeconds: this.#directLane.extractionSeconds.report(),
      metrics: this.metrics.report(),
    };
  }

  #onEvent(path: string, change: 'created' | 'updated'): void {
    this.#eventsInARow++;
    this.#subBands.see(path);
    if (!this.#queue.offer(path, 'event', change)) this.#eventsWereLost = true;
  }

  async #onScan(path: string, { state, interrupted }: ClassifiedFile): Promise<'new' | 'queued' | 'refused'> {
    await this.#queue.roomForScan();
    await this.#hdf5Lane.untilAtMost(MAX_FOR_HDF5);
    if (this.#stopping) return 'refused';
    this.#scanLeftWork = true;
    if (this.#queue.has(path)) return 'queued';
    // What this process noted itself says nothing about an earlier one.
    if (interrupted && !this.#noted.has(path)) this.#triedBefore.add(path);
    return this.#queue.offer(path, 'scan', 'created', { hasFailed: state === 'failed' }) ? 'new' : 'refused';
  }

  /** Files that wait by the ledger, and that the scan, which offers each that waits, did not find. */
  async #settleGone(): Promise<void> {
    try {
      const waiting = await this.#store.waitingBelow(this.#options.watch.directory, MAX_GONE);
      const gone: string[] = [];
      for (const path of waiting) {
        if (this.#stopping || this.#queue.has(path) || this.#watch.isSilent(path)) continue;
        const answer = await this.#watch.gate.look(path);
        // The scans that follow must not wait for a file system that hangs.
        if (!answer) break;
        if ('error' in answer && saysGone(answer.error)) gone.push(path);
      }
      if (gone.length > 0) await this.#store.settleGone(gone);
    } catch (error) {
      // Health reports it, and the next scan asks again.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  #onStoreError(error: StoreError | undefined): void {
    if (error) this.#log.error({ code: `database_${error.kind}` }, error.message);
    else {
      this.#log.info('database writes resumed');
      this.#pump();
    }
  }

  #pump(): void {
    while (!this.#stopping && this.#directLane.hasRoom && this.#recorder.backlog < MAX_UNWRITTEN) {
      const files = this.#queue.take(FILES_PER_BATCH);
      if (files.length === 0) break;
      this.#directLane.read(files);
    }
    const { size, waiting } = this.#queue;
    if (size > waiting) return;
    const eventsWereLost = this.#eventsWereLost || this.#eventsInARow > EVENTS_OF_A_BURST;
    this.#eventsWereLost = false;
    this.#eventsInARow = 0;
    // The last scan's counts are out of date once all that it found is settled: scan again to prove it.
    const countsAreOld = size === 0 && this.#scanLeftWork;
    if (countsAreOld) this.#scanLeftWork = false;
    if (countsAreOld || eventsWereLost) this.#watch.scanSoon();
  }

  #onBatch({ read, declined, unanswered }: BatchRead<QueuedFile>): void {
    if (unanswered.some(({ path }) => !this.#watch.isSilent(path))) this.#watch.askMountsSoon();
    for (const { file, version } of declined) this.#hdf5Lane.add({ ...file, version });
    this.#pump();
    void this.#record(read);
  }

  /** The ledger then knows how often libhdf5 has tried the file, unless it has the outcome of this version already. */
  async #noteTry(file: Declined, attempts: number): Promise<void> {
    const { path, version } = file;
    // Where it does not answer, the recorder waits until it does.
    const [known] = version ? await this.#store.classify([{ path, ...version }]).catch(() => []) : [];
    if (known?.state === 'stored' || known?.state === 'failed') return;
    this.#noted.delete(path);
    this.#noted.add(path);
    if (this.#noted.size > MAX_NOTED) this.#noted.delete(this.#noted.values().next().value as string);
    await this.#recorder.record([beingRead(path, version, attempts)]);
  }

  async #record(read: readonly Read<QueuedFile | Declined>[]): Promise<void> {
    const settled: { readonly result: FileResult; readonly verdict: Verdict }[] = [];
    for (const { file, outcome } of read) {
      const known = outcome.version !== undefined || this.#directLane.isSuspect(file.path);
      const whole = known ? outcome : await this.#withVersion(outcome, file);
      if (!whole) {
        this.#done(file.path);
        continue;
      }
      settled.push(settle(whole, file, this.#options.giveUpAfterSeconds));
    }
    if (settled.length > 0) {
      const recorded = await this.#recorder.record(settled.map(({ result }) => result));
      // It counts what the database refuses.
      if (recorded.some(({ refused, repeated, unrecorded }) => refused && !repeated && !unrecorded))
        this.#watch.scanSoon();
      for (const [i, { outcome, refused, repeated, unrecorded }] of recorded.entries()) {
        const { verdict } = settled[i] as (typeof settled)[number];
        if (unrecorded) this.#retryUnrecorded(outcome, unrecorded);
        else this.#finish(outcome, refused ? { state: 'failed' } : verdict, repeated);
      }
    }
    this.#pump();
  }

  /**
   * The outcome of a file that could not be opened or read to the end, with its version: the one that the direct reader opened, for
   * another can be in its place since; else the one that the directory shows. Undefined for one that is gone, whose earlier row, if
   * any, is left in place, and for what is no file.
   */
  async #withVersion(outcome: Outcome, file: QueuedFile | Declined): Promise<Outcome | undefined> {
    const answer = await this.#watch.gate.look(outcome.path);
    if (!answer) return outcome;
    if ('error' in answer) return saysGone(answer.error) ? undefined : outcome;
    const { isFile, sizeBytes, mtimeNs, ctimeNs } = answer.value;
    if (!isFile) return undefined;
    const shown: FileVersion = {
      sizeBytes: Number(sizeBytes),
      mtimeUs: Number(mtimeNs / 1000n),
      ctimeUs: Number(ctimeNs / 1000n),
    };
    return { ...outcome, version: ('version' in file && file.version) || shown };
  }

  /** The database refuses all that is to be said of the file. Others are recorded meanwhile. */
  #retryUnrecorded({ path, error }: Outcome, why: StoreError): void {
    if (error) this.#log.error({ path, code: error.code }, error.message);
    this.#unrecorded.set(path, why);
    this.#queue.retry(path, UNRECORDED_RETRY_SECONDS);
  }

  #done(path: string): void {
    this.#unrecorded.delete(path);
    this.#queue.done(path);
  }

  /** `repeated`: a scan and an event each reported this version of the file; it counts once. */
  #finish({ path, error, pointing }: Outcome, verdict: Verdict, repeated: boolean): void {
    if (verdict.state === 'waiting') {
      this.#log.debug({ path, ...error, retryInSeconds: verdict.retryInSeconds }, 'not ready yet');
      this.#queue.retry(
        path,
        this.#directLane.isSuspect(path)
          ? this.#directLane.retrySuspectInSeconds(path)
          : verdict.retryInSeconds,
      );
      return;
    }
    this.#done(path);
    this.#directLane.forget(path);
    if (repeated) return;
    this.metrics.settled({ path, error }, Date.now() / 1000);
    if (error) this.#log.warn({ path, code: error.code }, error.message);
    else if (pointing) {
      this.#nameClock.compare(path, pointing);
      this.#log.debug({ path, mjd: pointing.midTimeMjdUtc }, 'stored');
      this.#options.onStored?.(path, pointing);
    }
  }
}

const pause = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));
const until = (deadline: number) => pause(Math.max(0, deadline - monotonicSeconds()));
