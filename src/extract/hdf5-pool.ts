import { type Attempt, Hdf5Process } from './hdf5-process.js';

export interface Hdf5PoolOptions {
  /** Processes at most; each is started when first needed. */
  readonly processes: number;
  /** For one file, however small; a large one gets more. */
  readonly timeoutSeconds: number;
  /** What libhdf5 may allocate. A file that needs more fails by itself. */
  readonly memoryBytes: number;
}

const IDLE_SECONDS = 30;

/**
 * libhdf5, the authority for every layout that the direct reader declines, in child processes that a file can crash or hang: such a
 * process is replaced. Idle processes are let go.
 */
export class Hdf5Pool {
  /** Processes that died or were killed while reading. */
  restarts = 0;
  readonly #options: Hdf5PoolOptions;
  readonly #root: string | undefined;
  readonly #all = new Set<Hdf5Process>();
  readonly #idle = new Set<Hdf5Process>();
  readonly #waiting: ((process: Hdf5Process | undefined) => void)[] = [];
  #closed = false;

  /** Files outside `root`, through a link, are not read. */
  constructor(options: Hdf5PoolOptions, root?: string) {
    this.#options = options;
    this.#root = root;
  }

  get processes(): number {
    return this.#options.processes;
  }

  /** One try at a file, once a process is free. After `close` every try fails as not started. */
  async read(path: string): Promise<Attempt> {
    const process = await this.#take();
    if (!process) return { died: 'not_started', how: 'the reader is closed' };
    const { timeoutSeconds } = this.#options;
    const attempt = await process.read({ path, timeoutSeconds, root: this.#root });
    if ('died' in attempt && !process.alive && !this.#closed) this.restarts++;
    this.#release(process);
    return attempt;
  }

  close(): void {
    this.#closed = true;
    for (const process of this.#all) process.stop();
    for (const next of this.#waiting.splice(0)) next(undefined);
  }

  #take(): Promise<Hdf5Process | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    for (const process of this.#idle) {
      this.#idle.delete(process);
      process.unpark();
      return Promise.resolve(process);
    }
    if (this.#all.size < this.#options.processes) return Promise.resolve(this.#start());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the process, or a new one in its place if it died, to the next that waits. */
  #release(process: Hdf5Process): void {
    if (this.#closed) return;
    const next = this.#waiting.shift();
    if (next) next(process.alive ? process : this.#start());
    else if (process.alive) {
      this.#idle.add(process);
      process.park(IDLE_SECONDS);
    }
  }

  #start(): Hdf5Process {
    const process = new Hdf5Process(this.#options.memoryBytes, (ended) => {
      this.#all.delete(ended);
      this.#idle.delete(ended);
    });
    if (process.alive) this.#all.add(process);
    return process;
  }
}
