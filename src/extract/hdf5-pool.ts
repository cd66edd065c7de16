import type { Outcome } from '../native/outcome.js';
import { type Attempt, Hdf5Process } from './hdf5-process.js';

export interface Hdf5PoolOptions {
  /** Processes at most; each is started when first needed. */
  readonly processes: number;
  /** For one file. A file that takes longer, twice, is recorded as `timeout`. */
  readonly timeoutSeconds: number;
  /** What libhdf5 may allocate. A file that needs more fails by itself. */
  readonly memoryBytes: number;
}

const IDLE_SECONDS = 30;
const ATTEMPTS = 2;

/**
 * libhdf5, the hdf5Pool for every layout the direct reader declines, in child processes that a file may crash or hang:
 * the process is replaced, the file tried once more, and then recorded as `crashed` or `timeout`. An idle process is let go.
 */
export class Hdf5Pool {
  /** Processes that died or were killed while reading. */
  restarts = 0;
  readonly #options: Hdf5PoolOptions;
  readonly #all = new Set<Hdf5Process>();
  readonly #idle = new Set<Hdf5Process>();
  readonly #waiting: ((process: Hdf5Process) => void)[] = [];

  constructor(options: Hdf5PoolOptions) {
    this.#options = options;
  }

  async extract(path: string): Promise<Outcome> {
    let attempt: Attempt = await this.#attempt(path);
    for (let tries = 1; 'died' in attempt && tries < ATTEMPTS; tries++) attempt = await this.#attempt(path);
    if ('outcome' in attempt) return attempt.outcome;
    const { died, how } = attempt;
    return died === 'not_started'
      ? { path, error: { code: 'io_error', message: how } }
      : { path, error: { code: died, message: `${how}; it is left alone until the file changes` } };
  }

  close(): void {
    for (const process of this.#all) process.stop();
  }

  async #attempt(path: string): Promise<Attempt> {
    const process = await this.#take();
    const attempt = await process.read(path, this.#options.timeoutSeconds);
    if ('died' in attempt) this.restarts++;
    this.#release(process);
    return attempt;
  }

  #take(): Promise<Hdf5Process> {
    for (const process of this.#idle) {
      this.#idle.delete(process);
      process.unpark();
      return Promise.resolve(process);
    }
    if (this.#all.size < this.#options.processes) return Promise.resolve(this.#start());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the process, or a new one in its place if it died, to the next who waits. */
  #release(process: Hdf5Process): void {
    const next = this.#waiting.shift();
    if (next) next(process.alive ? process : this.#start());
    else if (process.alive) {
      this.#idle.add(process);
      process.park(IDLE_SECONDS);
    }
  }

  #start(): Hdf5Process {
    const process = new Hdf5Process(this.#options.memoryBytes, () => {
      this.#all.delete(process);
      this.#idle.delete(process);
    });
    this.#all.add(process);
    return process;
  }
}
