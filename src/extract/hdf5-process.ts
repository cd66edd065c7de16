import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { timerMs } from '../monotonic.js';
import { outcomeOf } from '../native/columns.js';
import type { Outcome } from '../native/outcome.js';
import type { Confinement } from '../native/process.js';
import type { Hdf5Reply, Hdf5Request } from './hdf5-child.js';

/** What one try at a file gave: an outcome, or the end of the process or of its time, by the file's fault unless it never started. */
export type Attempt =
  | { readonly outcome: Outcome }
  | { readonly died: 'crashed' | 'timeout' | 'not_started'; readonly how: string };

/** What the child needs of the environment, and no more: the rest may hold the database's password. */
const PASSED_ON = ['LD_LIBRARY_PATH'];
// The variable would override what the reader sets: HDF5's locks fail on read-only and network file systems.
const childEnvironment = () => ({
  ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
  HDF5_USE_FILE_LOCKING: 'FALSE',
  // Node.js hands this one on by itself, and the child cannot write what it asks for.
  NODE_V8_COVERAGE: undefined,
});

const CHILD = fileURLToPath(new URL('./hdf5-child.js', import.meta.url));
const V8_HEAP_MB = 64;
const START_SECONDS = 30;
/** For a reader that notices its time limit by itself, before its process is killed. */
const GRACE_SECONDS = 1;

/** One libhdf5 process, which reads one file at a time. Once `alive` is false it stays so, and `onEnd` has been called. */
export class Hdf5Process {
  alive = true;
  /** What confines it, once it has started. */
  confinement: Confinement | undefined;
  readonly #process: ChildProcess;
  readonly #onEnd: () => void;
  #ready = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #onMessage: ((reply: Hdf5Reply) => void) | undefined;
  #onDeath: ((how: string) => void) | undefined;

  constructor(memoryBytes: number, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#process = fork(CHILD, [String(memoryBytes)], {
      env: childEnvironment(),
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${V8_HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process.on('message', (reply: Hdf5Reply) => this.#onMessage?.(reply));
    this.#process.once('exit', (code, signal) => this.#ended(signal ?? `exit ${code}`));
    this.#process.once('error', (error) => this.#ended(error.message));
    // Only a read under way, by its timer, keeps the parent from ending.
    this.#process.unref();
    this.#process.channel?.unref();
  }

  async read(path: string, timeoutSeconds: number): Promise<Attempt> {
    if (!this.#ready) {
      const started = await this.#exchange(START_SECONDS);
      if ('died' in started)
        return { died: 'not_started', how: `the libhdf5 process did not start (${started.how})` };
      if ('ready' in started) this.confinement = started.ready;
      this.#ready = true;
    }
    const request: Hdf5Request = { path, timeoutSeconds };
    const answer = await this.#exchange(timeoutSeconds + GRACE_SECONDS, request);
    if ('died' in answer) {
      return answer.died === 'timeout'
        ? { died: 'timeout', how: `libhdf5 did not finish in time (${answer.how})` }
        : { died: 'crashed', how: `reading it crashed the libhdf5 process (${answer.how})` };
    }
    const outcome = 'columns' in answer ? outcomeOf(path, answer.columns, 0) : undefined;
    if (!outcome) return { died: 'crashed', how: 'the libhdf5 process did not answer' };
    // The reader noticed its limit by itself, and lives; the file is in the same case as one whose process was killed.
    return outcome.error?.code === 'timeout' ? { died: 'timeout', how: outcome.error.message } : { outcome };
  }

  /** Exits by itself after this long without work. */
  park(seconds: number): void {
    this.#idleTimer = setTimeout(() => this.stop(), seconds * 1000).unref();
  }

  unpark(): void {
    clearTimeout(this.#idleTimer);
  }

  stop(): void {
    this.#process.kill('SIGKILL');
    this.#ended('stopped');
  }

  /** Sends a request, if any, and waits for its answer. A process that is too slow is killed. */
  #exchange(
    timeoutSeconds: number,
    request?: Hdf5Request,
  ): Promise<Hdf5Reply | { readonly died: 'crashed' | 'timeout'; readonly how: string }> {
    return new Promise((resolve) => {
      if (!this.alive) return resolve({ died: 'crashed', how: 'it had already exited' });
      const giveUp = (seconds: number) => () => {
        this.#onDeath = undefined;
        this.stop();
        resolve({ died: 'timeout', how: `no answer for ${Math.round(seconds)} s` });
      };
      let timer = setTimeout(giveUp(timeoutSeconds), timerMs(timeoutSeconds));
      this.#onMessage = (reply) => {
        clearTimeout(timer);
        if ('extraSeconds' in reply) {
          const seconds = timeoutSeconds + reply.extraSeconds;
          timer = setTimeout(giveUp(seconds), timerMs(seconds));
          return;
        }
        this.#onMessage = this.#onDeath = undefined;
        resolve(reply);
      };
      this.#onDeath = (how) => {
        clearTimeout(timer);
        resolve({ died: 'crashed', how });
      };
      if (request) this.#process.send(request, (error) => error && this.#ended(error.message));
    });
  }

  #ended(how: string): void {
    if (!this.alive) return;
    this.alive = false;
    clearTimeout(this.#idleTimer);
    this.#onEnd();
    this.#onDeath?.(how);
  }
}
