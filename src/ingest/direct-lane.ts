import { type Extractor, unanswered } from '../extract/extractor.js';
import { Histogram } from '../health/histogram.js';
import type { Logger } from '../log/logger.js';
import { monotonicSeconds } from '../monotonic.js';
import type { Outcome } from '../native/outcome.js';
import type { QueuedFile } from './queue/read-queue.js';
import { type BatchRead, readBatch } from './read-batch.js';
import type { StatGate } from './watch/stat-gate.js';

export interface DirectLaneParts {
  readonly extractor: Pick<Extractor, 'readDirect'>;
  readonly gate: Pick<StatGate, 'classify'>;
  /** Whether it lies on a file system that is known not to answer. */
  readonly isSilent: (path: string) => boolean;
  readonly log: Logger;
}

export interface DirectLaneSink {
  /** A batch has been read, and there is room for another. */
  readonly onBatch: (batch: BatchRead<QueuedFile>) => void;
  /** A file system answers again, so these may be read now. */
  readonly onAnswer: (suspects: ReadonlySet<string>) => void;
  /** An event named something that is no observation's file. */
  readonly onOther: (path: string) => void;
}

const BATCHES_PER_WORKER = 2;
const SUSPECT_RETRY_SECONDS = 15;

/**
 * The fast lane: batches of files, read by the direct reader on the worker threads. Files whose file system does not answer are
 * suspects until they are read: each is read by itself, so that it holds up no other.
 */
export class DirectLane {
  readonly extractionSeconds = new Histogram();
  readonly #parts: DirectLaneParts;
  readonly #sink: DirectLaneSink;
  readonly #maxBatches: number;
  /** When each batch under way began, in monotonic seconds. */
  readonly #inFlight = new Map<readonly QueuedFile[], number>();
  readonly #suspects = new Set<string>();
  /** Suspects that wait for their next try. */
  readonly #waiting = new Set<string>();
  #forgotASuspect = false;

  constructor(workers: number, parts: DirectLaneParts, sink: DirectLaneSink) {
    this.#maxBatches = workers * BATCHES_PER_WORKER;
    this.#parts = parts;
    this.#sink = sink;
  }

  get hasRoom(): boolean {
    return this.#inFlight.size < this.#maxBatches;
  }

  get filesInFlight(): number {
    let files = 0;
    for (const batch of this.#inFlight.keys()) files += batch.length;
    return files;
  }

  /** The batch under way for the longest. */
  get slowest(): { readonly seconds: number; readonly path: string } | undefined {
    for (const [batch, since] of this.#inFlight) {
      return { seconds: monotonicSeconds() - since, path: (batch[0] as QueuedFile).path };
    }
    return undefined;
  }

  /** Files whose file system did not answer when they were last read. */
  get suspects(): number {
    return this.#suspects.size;
  }

  isSuspect(path: string): boolean {
    return this.#suspects.has(path);
  }

  /** Nobody waits for the file any more. */
  forget(path: string): void {
    this.#waiting.delete(path);
    if (this.#suspects.delete(path)) this.#forgotASuspect = true;
  }

  /** Whether a thread may wait for a file system. */
  get mayHang(): boolean {
    return this.#forgotASuspect || this.#suspects.size > 0 || this.#inFlight.size > 0;
  }

  /**
   * In how many seconds to try a suspect again. Each try may hold up other files, so the suspects take turns; and none of them may be long
   * without one, since the first that answers hastens the others.
   */
  retrySuspectInSeconds(path: string): number {
    this.#waiting.add(path);
    return SUSPECT_RETRY_SECONDS * this.#waiting.size;
  }

  /** A file system may have come back. */
  hastenSuspects(): void {
    this.#sink.onAnswer(this.#suspects);
  }

  read(files: readonly QueuedFile[]): void {
    for (const { path } of files) this.#waiting.delete(path);
    const sound = files.filter(({ path }) => !this.#suspects.has(path));
    const alone = files.filter(({ path }) => this.#suspects.has(path)).map((file) => [file]);
    for (const batch of sound.length > 0 ? [sound, ...alone] : alone) {
      this.#inFlight.set(batch, monotonicSeconds());
      void this.#read(batch);
    }
  }

  async #read(batch: readonly QueuedFile[]): Promise<void> {
    const startedAt = monotonicSeconds();
    // Each of these would keep a thread, of which there is a limited number for all file systems.
    const silent = batch.filter(({ path }) => this.#parts.isSilent(path));
    const files = await this.#observationFiles(batch.filter((file) => !silent.includes(file)));
    const answered = await readBatch(files, this.#parts.extractor).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'a batch of files could not be read and will be retried');
      const read = files.map((file) => ({ file, outcome: notRead(file.path, error) }));
      return { read, declined: [], unanswered: [] };
    });
    const result = {
      ...answered,
      read: [...answered.read, ...silent.map((file) => ({ file, outcome: unanswered(file.path) }))],
      unanswered: [...answered.unanswered, ...silent],
    };
    let suspects = 0;
    for (const { path } of batch) {
      if (this.#suspects.delete(path)) suspects++;
      this.extractionSeconds.observe(monotonicSeconds() - startedAt);
    }
    for (const { path } of result.unanswered) this.#suspects.add(path);
    this.#inFlight.delete(batch);
    if (suspects > result.unanswered.length) this.hastenSuspects();
    this.#sink.onBatch(result);
  }

  /** An event tells a name; whether it is an observation's file is decided as a scan decides it. */
  async #observationFiles(batch: readonly QueuedFile[]): Promise<readonly QueuedFile[]> {
    if (batch.every(({ source }) => source === 'scan')) return batch;
    const answer = await this.#parts.gate.classify(batch.map(({ path }) => path));
    if (!answer || 'error' in answer) return batch;
    return batch.filter(({ path }, i) => {
      const kind = answer.value[i]?.kind;
      const isRead = kind === 'file' || kind === 'unreadable';
      if (!isRead) this.#sink.onOther(path);
      return isRead;
    });
  }
}

const notRead = (path: string, error: unknown): Outcome => ({
  path,
  error: { code: 'io_error', message: `the reader failed: ${(error as Error).message}` },
});
