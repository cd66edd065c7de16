/**
 * The monitor's stages in order: watch -> settle -> extract -> store. Read this file first.
 *
 * `TreeWatch` tells of files, by events and by scans; `ReadQueue` holds each once until it is settled; the `Extractor` reads
 * pointings off the main thread; `judge` says whether a file is done with; the `Recorder` writes results in transactions.
 * Nothing is kept that a restart does not find again: the tree and the ledger are the truth.
 */
import { stat } from 'node:fs/promises';
import type { ExtractionError } from '../errors.js';
import { Extractor, type ExtractorOptions } from '../extract/extractor.js';
import { Histogram } from '../health/histogram.js';
import { Metrics } from '../health/metrics.js';
import type { Logger } from '../log/logger.js';
import type { FileVersion, Outcome } from '../native/outcome.js';
import type { FileResult } from '../store/rows.js';
import type { Store } from '../store/writer.js';
import { unixSeconds } from '../units.js';
import { NameClock } from './name-clock.js';
import { type QueuedFile, ReadQueue } from './queue/read-queue.js';
import { judge, type Verdict } from './queue/verdict.js';
import { atOnce, Recorder } from './recorder.js';
import { TreeWatch, type TreeWatchOptions } from './watch/tree-watch.js';

export interface PipelineOptions {
  readonly watch: TreeWatchOptions;
  readonly extractor: ExtractorOptions;
  readonly giveUpAfterSeconds: number;
}

const FILES_PER_BATCH = 16;
const BATCHES_PER_WORKER = 2;
/** Results that may wait for the database; beyond it nothing more is read. */
const MAX_UNWRITTEN = 5000;
/** After so many events without a pause the kernel's queue may have overflowed, of which nobody tells. */
const EVENTS_OF_A_BURST = 2000;
const STOP_SECONDS = 10;

export class Pipeline {
  readonly watch: TreeWatch;
  readonly arrivals: ReadQueue;
  readonly extractor: Extractor;
  readonly recorder: Recorder;
  readonly metrics = new Metrics(Date.now() / 1000);
  readonly nameClock = new NameClock();
  readonly extractionSeconds = new Histogram();
  readonly #options: PipelineOptions;
  readonly #log: Logger;
  /** When each batch under way began. */
  readonly #inFlight = new Map<readonly QueuedFile[], number>();
  #scanLeftWork = false;
  #eventsInARow = 0;
  #stopping = false;

  constructor(options: PipelineOptions, store: Store, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.extractor = new Extractor(options.extractor);
    this.recorder = new Recorder(store, atOnce, (trouble) => {
      if (trouble) log.error(trouble.message);
      else log.info('the database takes rows again');
      if (!trouble) this.#pump();
    });
    this.arrivals = new ReadQueue({ eventCapacity: 50_000, scanCapacity: 2000 }, () => this.#pump());
    this.watch = new TreeWatch(options.watch, {
      store,
      log,
      onEvent: (path, change) => {
        this.#eventsInARow++;
        if (!this.arrivals.offer(path, 'event', change)) this.#scanLeftWork = true;
      },
      onScan: async ({ path }) => {
        await this.arrivals.roomForScan();
        if (this.#stopping) return 'refused';
        this.#scanLeftWork = true;
        if (this.arrivals.has(path)) return 'queued';
        return this.arrivals.offer(path, 'scan') ? 'new' : 'refused';
      },
    });
  }

  start(): void {
    this.watch.start();
  }

  /** The ledger may have lost what it knew: every file on disk is compared with it again. */
  databaseReplaced(path: string): void {
    const message = `the database ${path} was deleted or replaced: the files on disk are read into it again; rows of files no longer on disk are only in a backup`;
    this.#log.warn(message);
    this.watch.requireFullScan({ code: 'database_replaced', message });
  }

  /** Finishes what is being read, writes it, and stops. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.arrivals.close();
    await this.watch.stop();
    const unwritten = await this.#drain();
    if (unwritten > 0)
      this.#log.warn(`${unwritten} results not written; the files are read again at the next start`);
    await this.extractor.close();
  }

  get inFlight(): number {
    let files = 0;
    for (const batch of this.#inFlight.keys()) files += batch.length;
    return files;
  }

  /** The batch that has been read for the longest: its age and first file. */
  get slowest(): { readonly seconds: number; readonly path: string } | undefined {
    for (const [batch, since] of this.#inFlight) {
      return { seconds: Date.now() / 1000 - since, path: (batch[0] as QueuedFile).path };
    }
    return undefined;
  }

  #pump(): void {
    const most = this.#options.extractor.workers * BATCHES_PER_WORKER;
    while (!this.#stopping && this.#inFlight.size < most && this.recorder.backlog < MAX_UNWRITTEN) {
      const batch = this.arrivals.take(FILES_PER_BATCH);
      if (batch.length === 0) break;
      this.#inFlight.set(batch, Date.now() / 1000);
      void this.#process(batch);
    }
    // The last scan's counts are out of date once what it found is settled: have the proof made anew.
    if (this.arrivals.size > 0) return;
    if (this.#scanLeftWork || this.#eventsInARow > EVENTS_OF_A_BURST) {
      this.#scanLeftWork = false;
      this.watch.reconcileSoon();
    }
    this.#eventsInARow = 0;
  }

  async #process(batch: readonly QueuedFile[]): Promise<void> {
    let outcomes: Outcome[];
    const startedAt = performance.now();
    try {
      outcomes = await this.extractor.extract(batch.map(({ path }) => path));
    } catch (error) {
      const failure: ExtractionError = {
        code: 'io_error',
        message: `the reader failed: ${(error as Error).message}`,
      };
      this.#log.error({ err: error }, 'a batch of files could not be read; they are tried again');
      outcomes = batch.map(({ path }) => ({ path, error: failure }));
    }
    const seconds = (performance.now() - startedAt) / 1000;
    for (const _ of batch) this.extractionSeconds.observe(seconds);
    const settled = await Promise.all(
      batch.map((arrival, i) => this.#settle(arrival, outcomes[i] as Outcome)),
    );
    this.#inFlight.delete(batch);
    const results = settled.filter((result) => result !== undefined);
    this.#pump();
    if (results.length > 0) await this.recorder.record(results.map(({ result }) => result));
    for (const { result, verdict } of results) this.#finish(result, verdict);
    this.#pump();
  }

  /** Undefined for a file that is gone: its earlier row, if any, stays. */
  async #settle(
    arrival: QueuedFile,
    read: Outcome,
  ): Promise<{ result: FileResult; verdict: Verdict } | undefined> {
    const outcome = read.version ? read : await withVersion(read);
    if (!outcome) {
      this.arrivals.done(arrival.path);
      return undefined;
    }
    const now = unixSeconds(Date.now() / 1000);
    const verdict = judge(outcome, arrival, this.#options.giveUpAfterSeconds, now);
    return { result: { outcome, state: verdict.state, attempts: arrival.attempts }, verdict };
  }

  #finish({ outcome }: FileResult, verdict: Verdict): void {
    const { path, error } = outcome;
    if (verdict.state === 'waiting') {
      this.#log.debug({ path, ...error, retryInSeconds: verdict.retryInSeconds }, 'not ready yet');
      this.arrivals.retry(path, verdict.retryInSeconds);
      return;
    }
    this.metrics.settled(outcome, Date.now() / 1000);
    if (error) this.#log.warn({ path, code: error.code }, error.message);
    else {
      this.nameClock.compare(path, outcome.pointing.midTimeMjdUtc);
      this.#log.debug({ path, mjd: outcome.pointing.midTimeMjdUtc }, 'stored');
    }
    this.arrivals.done(path);
  }

  async #drain(): Promise<number> {
    const deadline = Date.now() + STOP_SECONDS * 1000;
    while (this.#inFlight.size > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return this.recorder.close(Math.max(0, (deadline - Date.now()) / 1000));
  }
}

/** The outcome of a file that could not be opened, with the version the directory shows. Undefined where it is gone. */
async function withVersion(outcome: Outcome): Promise<Outcome | undefined> {
  try {
    const { size, mtimeNs, ctimeNs } = await stat(outcome.path, { bigint: true });
    const version: FileVersion = {
      sizeBytes: Number(size),
      mtimeUs: Number(mtimeNs / 1000n),
      ctimeUs: Number(ctimeNs / 1000n),
    };
    return { ...outcome, version };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : outcome;
  }
}
