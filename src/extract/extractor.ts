import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { outcomeOf } from '../native/columns.js';
import type { PointingColumns } from '../native/headers.js';
import type { Outcome } from '../native/outcome.js';
import type { DirectWorkerData } from './direct-worker.js';
import { Hdf5Pool } from './hdf5-pool.js';

export const readers = ['auto', 'direct', 'libhdf5'] as const;
/**
 * `auto`: the direct reader, and libhdf5 for what it declines. `direct` alone reports what it declines as unsupported.
 * `libhdf5` alone gives the same values and is slower.
 */
export type Reader = (typeof readers)[number];

export interface ExtractorOptions {
  readonly reader: Reader;
  /** Worker threads, which turn headers into positions: as many as there are cores to keep busy. */
  readonly workers: number;
  /** Files read at once, shared among the workers: more than cores, since a cold disk is what they wait for. */
  readonly filesAtOnce: number;
  readonly hdf5Processes: number;
  readonly hdf5TimeoutSeconds: number;
  readonly hdf5MemoryBytes: number;
}

export const extractorDefaults: ExtractorOptions = {
  reader: 'auto',
  workers: Math.min(2, availableParallelism()),
  filesAtOnce: 16,
  hdf5Processes: 2,
  hdf5TimeoutSeconds: 30,
  hdf5MemoryBytes: 512 * 1024 * 1024,
};

const WORKER = fileURLToPath(new URL('./direct-worker.js', import.meta.url));
const WORKER_IDLE_MS = 60_000;

/** Reads pointings from files, off the main thread; see "Readers and processes" in the README. */
export class Extractor {
  readonly #reader: Reader;
  readonly #hdf5Pool: Hdf5Pool;
  readonly #direct: Piscina<string[], PointingColumns> | undefined;

  constructor(options: ExtractorOptions) {
    this.#reader = options.reader;
    this.#hdf5Pool = new Hdf5Pool({
      processes: options.hdf5Processes,
      timeoutSeconds: options.hdf5TimeoutSeconds,
      memoryBytes: options.hdf5MemoryBytes,
    });
    this.#direct =
      options.reader === 'libhdf5'
        ? undefined
        : new Piscina({
            filename: WORKER,
            minThreads: 1,
            maxThreads: options.workers,
            idleTimeout: WORKER_IDLE_MS,
            workerData: {
              filesAtOnce: Math.ceil(options.filesAtOnce / options.workers),
            } satisfies DirectWorkerData,
            recordTiming: false,
          });
  }

  /** Times a libhdf5 process had to be replaced because of a file. */
  get restarts(): number {
    return this.#hdf5Pool.restarts;
  }

  /** One outcome a path, in the order given. Never rejects for what a file holds. */
  async extract(paths: string[]): Promise<Outcome[]> {
    if (!this.#direct) return Promise.all(paths.map((path) => this.#hdf5Pool.extract(path)));
    const columns = await this.#direct.run(paths);
    return Promise.all(
      paths.map((path, i) => outcomeOf(path, columns, i) ?? this.#declined(path, columns.messages[i])),
    );
  }

  async close(): Promise<void> {
    this.#hdf5Pool.close();
    await this.#direct?.destroy();
  }

  #declined(path: string, why = 'a structure it does not know'): Promise<Outcome> | Outcome {
    return this.#reader === 'auto'
      ? this.#hdf5Pool.extract(path)
      : { path, error: { code: 'unsupported', message: `the direct reader declines it: ${why}` } };
  }
}
