import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { timerMs } from '../monotonic.js';
import { declinedBecause, outcomeOf, versionOf } from '../native/columns.js';
import type { PointingColumns } from '../native/headers.js';
import type { FileVersion, Outcome } from '../native/outcome.js';
import type { DirectWorkerData } from './direct-worker.js';

export interface DirectPoolOptions {
  /** Worker threads, which turn headers into positions: as many as there are cores to keep busy. */
  readonly workers: number;
  /** Files read at once, shared among the workers: more than cores, since a cold disk is what they wait for. */
  readonly filesAtOnce: number;
  /** A header takes milliseconds; a disk that is overloaded, or a file system that hangs, takes longer than this. */
  readonly secondsPerFile: number;
}

/** What the direct reader makes of a file: an outcome, why it leaves the file to libhdf5, or that the file system does not answer. */
export type DirectResult =
  | { readonly outcome: Outcome }
  | { readonly declined: string; readonly version?: FileVersion }
  | { readonly unanswered: true };

const WORKER = fileURLToPath(new URL('./direct-worker.js', import.meta.url));
const WORKER_IDLE_MS = 60_000;
/** The reader itself answers in time for every file; a pool that has not answered for as long as this many files take hangs. */
const GIVE_UP_AFTER = 20;
/** Each that is given up keeps its threads until its file system answers. */
const MAX_GIVEN_UP = 8;

/**
 * The direct reader on worker threads of this process. The reader bounds itself, but a system call on a dead file system returns when
 * it pleases, and no thread can be ended in it: all threads are given up then, and what they had to read goes to new ones.
 */
export class DirectPool {
  readonly #options: DirectPoolOptions;
  #threads: Threads | undefined;
  readonly #givenUp = new Set<Threads>();

  constructor(options: DirectPoolOptions) {
    this.#options = options;
  }

  /** Sets of threads that still wait for a file system. */
  get givenUp(): number {
    return this.#givenUp.size;
  }

  /** Whether nothing can be read for now, since as many threads wait for file systems as can be afforded. */
  get isExhausted(): boolean {
    return this.#givenUp.size >= MAX_GIVEN_UP;
  }

  /** One result a path, in their order. Undefined where the file system of one of them did not answer in time. */
  async read(paths: readonly string[]): Promise<DirectResult[] | undefined> {
    if (this.isExhausted) return undefined;
    this.#threads ??= new Threads(this.#options, (hung) => {
      this.#givenUp.add(hung);
      if (this.#threads === hung) this.#threads = undefined;
      void hung.ended.then(() => this.#givenUp.delete(hung));
    });
    const columns = await this.#threads.run([...paths]);
    return columns && paths.map((path, i) => resultOf(path, columns, i));
  }

  /** Those that were given up end with the process. */
  async close(): Promise<void> {
    await this.#threads?.destroy();
    this.#threads = undefined;
  }
}

/** One Piscina, until a task of it takes too long: then it is hung as a whole, and answers all its tasks with undefined. */
class Threads {
  /** Resolves once a pool that had hung has answered after all, and is gone. */
  readonly ended: Promise<void>;
  readonly #piscina: Piscina<string[], PointingColumns>;
  readonly #seconds: number;
  readonly #onHang: (hung: Threads) => void;
  readonly #answerAll = new Set<() => void>();
  #tasks = 0;
  #hung = false;
  #end: () => void = () => {};

  constructor({ workers, filesAtOnce, secondsPerFile }: DirectPoolOptions, onHang: (hung: Threads) => void) {
    this.#seconds = GIVE_UP_AFTER * secondsPerFile;
    this.#onHang = onHang;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#piscina = new Piscina({
      filename: WORKER,
      minThreads: 1,
      maxThreads: workers,
      idleTimeout: WORKER_IDLE_MS,
      workerData: {
        filesAtOnce: Math.ceil(filesAtOnce / workers),
        secondsPerFile,
      } satisfies DirectWorkerData,
      recordTiming: false,
    });
  }

  run(paths: string[]): Promise<PointingColumns | undefined> {
    return new Promise((resolve, reject) => {
      const answer = () => resolve(undefined);
      const timer = setTimeout(() => this.#hang(), timerMs(this.#seconds));
      this.#answerAll.add(answer);
      this.#tasks++;
      this.#piscina
        .run(paths)
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          this.#answerAll.delete(answer);
          this.#tasks--;
          if (this.#hung && this.#tasks === 0) void this.destroy().then(this.#end);
        });
    });
  }

  destroy(): Promise<void> {
    return this.#piscina.destroy();
  }

  #hang(): void {
    if (this.#hung) return;
    this.#hung = true;
    this.#onHang(this);
    for (const answer of this.#answerAll) answer();
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
