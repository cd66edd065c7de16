import { dirname } from 'node:path';
import type { Extractor } from '../extract/extractor.js';
import type { Attempt } from '../extract/hdf5-process.js';
import { monotonicSeconds } from '../monotonic.js';
import type { Outcome } from '../native/outcome.js';

/** A file that the direct reader declined. */
interface LaneEntry<File> {
  readonly file: File;
  readonly since: number;
  /** Tries that ended or hung libhdf5. */
  strikes: number;
}

type Hdf5Extractor = Pick<Extractor, 'readByHdf5' | 'deathOutcome' | 'hdf5Processes'>;

export interface LaneSink<File> {
  /** Called before each try, so that a restart knows that the file has been tried. */
  readonly onTry: (file: File) => Promise<void>;
  readonly onOutcome: (file: File, outcome: Outcome) => Promise<void> | void;
  /** The lane was closed during the first try, which therefore says nothing about the file. */
  readonly onCutShort: (file: File) => Promise<void>;
  /** Whether an earlier process has tried the file without an outcome. */
  readonly wasTried: (file: File) => boolean;
}

/** After as many tries that ended or hung libhdf5 a file is recorded as `crashed` or `timeout`. */
const MAX_STRIKES = 2;

/**
 * The slow lane: files wait here for libhdf5, each for itself, with a bounded number of processes, so that what the direct reader has
 * read never waits for them. A file that ended or hung libhdf5 gets its second try after every file that has not, and files of a
 * directory where that happened wait behind those of others.
 */
export class Hdf5Lane<File extends { readonly path: string }> {
  readonly #extractor: Hdf5Extractor;
  readonly #sink: LaneSink<File>;
  readonly #waiting = new Set<LaneEntry<File>>();
  readonly #reading = new Set<LaneEntry<File>>();
  readonly #directoryStrikes = new Map<string, number>();
  readonly #idle: (() => void)[] = [];
  #closed = false;

  constructor(extractor: Hdf5Extractor, sink: LaneSink<File>) {
    this.#extractor = extractor;
    this.#sink = sink;
  }

  /** Files that wait or are being read. */
  get size(): number {
    return this.#waiting.size + this.#reading.size;
  }

  /** The file that has been here for the longest. */
  get oldest(): { readonly path: string; readonly seconds: number } | undefined {
    let oldest: LaneEntry<File> | undefined;
    for (const entries of [this.#reading, this.#waiting])
      for (const entry of entries) if (!oldest || entry.since < oldest.since) oldest = entry;
    return oldest && { path: oldest.file.path, seconds: monotonicSeconds() - oldest.since };
  }

  add(file: File): void {
    if (this.#closed) return;
    const strikes = this.#sink.wasTried(file) ? 1 : 0;
    this.#waiting.add({ file, since: monotonicSeconds(), strikes });
    this.#pump();
  }

  /** Resolves once no more than `count` files are here. */
  async untilAtMost(count: number): Promise<void> {
    while (this.size > count && !this.#closed) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Resolves when the next file has been settled. */
  settled(): Promise<void> {
    return this.untilAtMost(Math.max(0, this.size - 1));
  }

  /** Starts no further file, and resolves once those being read have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    while (this.#reading.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#wakeWaiters();
  }

  #pump(): void {
    while (!this.#closed && this.#reading.size < this.#extractor.hdf5Processes) {
      const next = this.#next();
      if (!next) return;
      this.#waiting.delete(next);
      this.#reading.add(next);
      void this.#read(next);
    }
  }

  #next(): LaneEntry<File> | undefined {
    let best: LaneEntry<File> | undefined;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const entry of this.#waiting) {
      // In order of arrival, so the first of the lowest rank is the next.
      const rank = entry.strikes * 1e6 + (this.#directoryStrikes.get(dirname(entry.file.path)) ?? 0);
      if (rank === 0) return entry;
      if (rank < bestRank) [best, bestRank] = [entry, rank];
    }
    return best;
  }

  async #read(entry: LaneEntry<File>): Promise<void> {
    const { file } = entry;
    await this.#sink.onTry(file);
    const attempt = await this.#extractor.readByHdf5(file.path);
    // Once closed, the process died because it was told to, and the ledger knows that the file waits.
    const cutShort = this.#closed && 'died' in attempt;
    if (!cutShort) this.#note(entry, attempt);
    if ('outcome' in attempt) await this.#sink.onOutcome(file, attempt.outcome);
    else if (cutShort) {
      if (entry.strikes === 0) await this.#sink.onCutShort(file);
    } else {
      const goesOn = attempt.died !== 'not_started' && entry.strikes < MAX_STRIKES;
      if (goesOn) this.#waiting.add(entry);
      else await this.#sink.onOutcome(file, await this.#extractor.deathOutcome(file.path, attempt));
    }
    this.#reading.delete(entry);
    this.#wakeWaiters();
    this.#pump();
  }

  #note(entry: LaneEntry<File>, attempt: Attempt): void {
    const directory = dirname(entry.file.path);
    if ('outcome' in attempt) {
      this.#directoryStrikes.delete(directory);
      return;
    }
    if (attempt.died === 'not_started') return;
    entry.strikes++;
    this.#directoryStrikes.set(directory, (this.#directoryStrikes.get(directory) ?? 0) + 1);
  }

  #wakeWaiters(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
