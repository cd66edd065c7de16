import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import type { PointingColumns } from '../native/headers.js';
import { WORKER_ARGUMENTS } from '../worker-arguments.js';
import { type DirectReading, type DirectResult, resultsOf } from './direct-reader.js';

export interface DirectPoolOptions extends DirectReading {
  /** Threads, which turn headers into positions and share `filesAtOnce` evenly: as many as there are cores to keep busy; at least one. */
  readonly workers: number;
}

const WORKER = fileURLToPath(new URL('./direct-worker.js', import.meta.url));
const WORKER_IDLE_MS = 60_000;
/** FileReaders::kMaxThreads in native/uvh5/file_readers.h. */
const MAX_PER_WORKER = 64;

/** The direct reader on worker threads of this process. */
export class DirectPool {
  readonly #options: DirectPoolOptions;
  #piscina: Promise<Piscina<string[], PointingColumns>> | undefined;

  constructor(options: DirectPoolOptions) {
    this.#options = options;
  }

  /** One result per path, in their order. */
  async read(paths: readonly string[]): Promise<DirectResult[]> {
    this.#piscina ??= this.#open();
    const piscina = await this.#piscina;
    return resultsOf(paths, await piscina.run([...paths]));
  }

  async close(): Promise<void> {
    await (await this.#piscina)?.destroy();
    this.#piscina = undefined;
  }

  async #open(): Promise<Piscina<string[], PointingColumns>> {
    // Only here: loading it takes a third of the time of reading a file.
    const { Piscina } = await import('piscina');
    const { secondsPerFile, root } = this.#options;
    const filesAtOnce = Math.floor(this.#options.filesAtOnce);
    const needed = Math.max(this.#options.workers, Math.ceil(filesAtOnce / MAX_PER_WORKER));
    const workers = Math.min(needed, filesAtOnce);
    return new Piscina({
      filename: WORKER,
      minThreads: 1,
      maxThreads: workers,
      idleTimeout: WORKER_IDLE_MS,
      execArgv: [...WORKER_ARGUMENTS],
      workerData: {
        filesAtOnce: Math.floor(filesAtOnce / workers),
        secondsPerFile,
        root,
      } satisfies DirectReading,
      recordTiming: false,
    });
  }
}
