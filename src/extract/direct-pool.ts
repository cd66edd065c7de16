import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { declinedBecause, outcomeOf, versionOf } from '../native/columns.js';
import type { PointingColumns } from '../native/headers.js';
import type { FileVersion, Outcome } from '../native/outcome.js';
import type { DirectWorkerData } from './direct-worker.js';

export interface DirectPoolOptions {
  /** Worker threads, which turn headers into positions: as many as there are cores to keep busy. */
  readonly workers: number;
  /** Files read at once at most, shared evenly among the workers: more than cores, since a cold disk is what they wait for. */
  readonly filesAtOnce: number;
  /** A header takes milliseconds; a disk that is overloaded, or a file system that hangs, takes longer than this. */
  readonly secondsPerFile: number;
  /** Files outside this directory, through a link, are `unsupported`; undefined: links lead anywhere. */
  readonly root: string | undefined;
}

/** What the direct reader makes of a file: an outcome, why it leaves the file to libhdf5, or that the file system does not answer. */
export type DirectResult =
  | { readonly outcome: Outcome }
  | { readonly declined: string; readonly version?: FileVersion }
  | { readonly unanswered: true };

const WORKER = fileURLToPath(new URL('./direct-worker.js', import.meta.url));
const WORKER_IDLE_MS = 60_000;
/** FileReaders::kMaxThreads in native/uvh5/file_readers.h. */
const MOST_PER_WORKER = 64;

/**
 * The direct reader on worker threads of this process. It answers for every file within its time: what waits for a dead file system
 * then is a native thread of the addon (native/uvh5/file_readers.h), which is replaced.
 */
export class DirectPool {
  readonly #options: DirectPoolOptions;
  #piscina: Piscina<string[], PointingColumns> | undefined;

  constructor(options: DirectPoolOptions) {
    this.#options = options;
  }

  /** One result per path, in their order. */
  async read(paths: readonly string[]): Promise<DirectResult[]> {
    this.#piscina ??= this.#open();
    const columns = await this.#piscina.run([...paths]);
    return paths.map((path, i) => resultOf(path, columns, i));
  }

  async close(): Promise<void> {
    await this.#piscina?.destroy();
    this.#piscina = undefined;
  }

  #open(): Piscina<string[], PointingColumns> {
    const { secondsPerFile, root } = this.#options;
    const filesAtOnce = Math.floor(this.#options.filesAtOnce);
    const needed = Math.max(this.#options.workers, Math.ceil(filesAtOnce / MOST_PER_WORKER));
    const workers = Math.min(needed, filesAtOnce);
    return new Piscina({
      filename: WORKER,
      minThreads: 1,
      maxThreads: workers,
      idleTimeout: WORKER_IDLE_MS,
      workerData: {
        filesAtOnce: Math.floor(filesAtOnce / workers),
        secondsPerFile,
        root,
      } satisfies DirectWorkerData,
      recordTiming: false,
    });
  }
}

function resultOf(path: string, columns: PointingColumns, i: number): DirectResult {
  const outcome = outcomeOf(path, columns, i);
  // The direct reader's own work is bounded: when its time is up, the file system has taken it.
  if (outcome?.error?.code === 'timeout') return { unanswered: true };
  if (outcome) return { outcome };
  const version = versionOf(columns, i);
  return { declined: declinedBecause(columns, i), ...(version && { version }) };
}
