import { availableParallelism } from 'node:os';
import type { ErrorCode } from '../errors.js';
import type { Outcome } from '../native/outcome.js';
import { DirectPool, type DirectPoolOptions } from './direct-pool.js';
import { type DirectResult, readDirect, resultsOf } from './direct-reader.js';
import { Hdf5Pool, type Hdf5PoolOptions } from './hdf5-pool.js';
import type { Attempt } from './hdf5-process.js';

export const readers = ['auto', 'direct', 'libhdf5'] as const;
/**
 * `auto`: the direct reader, and libhdf5 for what it declines. `direct` alone reports what it declines as unsupported.
 * `libhdf5` alone gives the same values and is slower.
 */
export type Reader = (typeof readers)[number];

export interface ExtractorOptions extends DirectPoolOptions {
  readonly reader: Reader;
  /** The direct reader in the calling thread, which waits meanwhile: for few files, since a worker takes longer to start than they do. */
  readonly inCallingThread: boolean;
  readonly hdf5: Hdf5PoolOptions;
}

export const extractorDefaults: ExtractorOptions = {
  reader: 'auto',
  inCallingThread: false,
  workers: Math.min(2, availableParallelism()),
  filesAtOnce: 16,
  secondsPerFile: 30,
  root: undefined,
  hdf5: { processes: 2, timeoutSeconds: 30, memoryBytes: 512 * 1024 * 1024 },
};

const UNANSWERED: DirectResult = { unanswered: true };
/** Tries at a file that kills libhdf5; one that hangs it has cost its time limit already. */
const DEATH_TRIES = 2;

/** Reads pointings from files, off the main thread unless told otherwise; docs/decisions/processes.md explains the division of work. */
export class Extractor {
  /** The maximum number of files that libhdf5 reads at the same time. */
  readonly hdf5Processes: number;
  readonly #options: ExtractorOptions;
  readonly #hdf5: Hdf5Pool;
  readonly #direct: DirectPool;

  constructor(options: ExtractorOptions) {
    this.hdf5Processes = options.hdf5.processes;
    this.#options = options;
    this.#direct = new DirectPool(options);
    this.#hdf5 = new Hdf5Pool(options.hdf5, options.root);
  }

  /** libhdf5 processes that had to be replaced because of a file. */
  get restarts(): number {
    return this.#hdf5.restarts;
  }

  /**
   * The fast lane: what the direct reader makes of each file, in the order given; `declined` is for `readByHdf5`. Never
   * rejects for what a file holds.
   */
  async readDirect(paths: readonly string[]): Promise<DirectResult[]> {
    const { reader, inCallingThread } = this.#options;
    if (reader === 'libhdf5') return paths.map(() => ({ declined: 'libhdf5 was requested' }));
    const results = inCallingThread
      ? resultsOf(paths, readDirect(paths, this.#options))
      : await this.#direct.read(paths);
    if (reader === 'auto') return results;
    return results.map((result, i) =>
      !('declined' in result)
        ? result
        : failed(paths[i] as string, 'unsupported', `the direct reader declined it: ${result.declined}`),
    );
  }

  /** The slow lane: one try at a file by libhdf5, which it may crash or hang. */
  readByHdf5(path: string): Promise<Attempt> {
    return this.#hdf5.read(path);
  }

  /** What to record of a file that ended or hung the process that read it, for the last time. */
  async deathOutcome(path: string, { died, how }: Extract<Attempt, { died: unknown }>): Promise<Outcome> {
    if (died === 'not_started' || died === 'killed') return failed(path, 'io_error', how).outcome;
    if (died === 'timeout') {
      // Its file system may not answer anyone. The direct reader's own work is bounded, so that it can tell, unless it was closed; in
      // this thread it would hold up the answers about other files until they are late.
      const [direct] = await this.#direct.read([path]).catch(() => [UNANSWERED]);
      if (direct && 'unanswered' in direct) return unanswered(path);
    }
    const advice = 'not retried until it changes or you run "pointing-monitor retry"';
    return failed(path, died, `${how}; ${advice}`).outcome;
  }

  /** One outcome a path, in the order given, by both lanes. Never rejects for what a file holds. */
  async extract(paths: readonly string[]): Promise<Outcome[]> {
    const results = await this.readDirect(paths);
    return Promise.all(
      results.map((result, i) => {
        const path = paths[i] as string;
        if ('outcome' in result) return result.outcome;
        return 'declined' in result ? this.#hdf5Outcome(path) : unanswered(path);
      }),
    );
  }

  async close(): Promise<void> {
    this.#hdf5.close();
    await this.#direct.close();
  }

  async #hdf5Outcome(path: string): Promise<Outcome> {
    let attempt = await this.readByHdf5(path);
    for (let tries = 1; 'died' in attempt && attempt.died !== 'timeout' && tries < DEATH_TRIES; tries++)
      attempt = await this.readByHdf5(path);
    return 'outcome' in attempt ? attempt.outcome : this.deathOutcome(path, attempt);
  }
}

/** What to say of a file whose file system does not answer. It can pass. */
export const unanswered = (path: string): Outcome =>
  failed(path, 'io_error', 'its file system is not responding: check the mount').outcome;

const failed = (path: string, code: ErrorCode, message: string) =>
  ({ outcome: { path, error: { code, message } } }) as const;
