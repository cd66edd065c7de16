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
/** Until a process that was killed is gone, unless the kernel keeps it. */
const EXIT_SECONDS = 2;

const STUCK = 'the libhdf5 processes before it were killed and still wait for their file system';

/**
 * libhdf5, the authority for every layout that the direct reader declines, in child processes that a file can crash or hang: such a
 * process is replaced. Idle processes are let go.
 */
export class Hdf5Pool {
  /** Processes that died or were killed while reading. */
  restarts = 0;
  readonly #options: Hdf5PoolOptions;
  readonly #root: string | undefined;
  /** Also those that were killed, for as long as the kernel keeps them: their number is bounded too. */
  readonly #all = new Set<Hdf5Process>();
  readonly #idle = new Set<Hdf5Process>();
  readonly #waiting: ((process: Hdf5Process | undefined) => void)[] = [];
  /** Keeps this process from ending while somebody waits for one that is not gone yet. */
  #stuckTimer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Files outside `root`, through a link, are not read. */
  constructor(options: Hdf5PoolOptions, root?: string) {
    this.#options = options;
    this.#root = root;
  }

  /** One try at a file, once a process is free. After `close`, and where none can be started, it fails as not started. */
  async read(path: string): Promise<Attempt> {
    const process = await this.#take();
    if (!process) return { died: 'not_started', how: this.#closed ? 'the reader is closed' : STUCK };
    const { timeoutSeconds } = this.#options;
    const attempt = await process.read({ path, timeoutSeconds, root: this.#root });
    const died = 'died' in attempt && attempt.died !== 'not_started';
    if (died && !process.alive && !this.#closed) this.restarts++;
    this.#release(process);
    return attempt;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#stuckTimer);
    for (const process of this.#all) process.stop();
    for (const next of this.#waiting.splice(0)) next(undefined);
  }

  #take(): Promise<Hdf5Process | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    for (const process of this.#idle) {
      this.#idle.delete(process);
      if (!process.alive) continue;
      process.unpark();
      return Promise.resolve(process);
    }
    if (this.#all.size < this.#options.processes) return Promise.resolve(this.#start());
    this.#refuseWhereStuck();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the process to the next that waits. In the place of one that died another is started once it is gone. */
  #release(process: Hdf5Process): void {
    if (this.#closed) return;
    if (!process.alive) {
      this.#refuseWhereStuck();
      return;
    }
    const next = this.#waiting.shift();
    if (next) next(process);
    else {
      this.#idle.add(process);
      process.park(IDLE_SECONDS);
    }
  }

  #start(): Hdf5Process {
    const process = new Hdf5Process(this.#options.memoryBytes);
    this.#all.add(process);
    void process.gone.then(() => {
      clearTimeout(this.#stuckTimer);
      this.#all.delete(process);
      this.#idle.delete(process);
      if (!this.#closed && this.#waiting.length > 0) this.#waiting.shift()?.(this.#start());
    });
    return process;
  }

  /** Those that wait do so in vain if the kernel keeps every process. */
  #refuseWhereStuck(): void {
    const isStuck = () =>
      this.#all.size >= this.#options.processes && [...this.#all].every(({ alive }) => !alive);
    if (!isStuck()) return;
    clearTimeout(this.#stuckTimer);
    this.#stuckTimer = setTimeout(() => {
      if (isStuck()) for (const next of this.#waiting.splice(0)) next(undefined);
    }, EXIT_SECONDS * 1000);
  }
}
