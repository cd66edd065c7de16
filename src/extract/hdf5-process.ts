import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { timerMs } from '../monotonic.js';
import type { Outcome } from '../native/outcome.js';
import type { Confinement } from '../native/process.js';
import type { Hdf5Request } from './hdf5-child.js';
import { type Hdf5Reply, MAX_REPLY_CHARACTERS, replyIn } from './hdf5-reply.js';

/** What one try at a file gave: an outcome, or the end of the process or of its time, by the file's fault unless it never started or was killed. */
export type Attempt =
  | { readonly outcome: Outcome }
  | { readonly died: 'crashed' | 'timeout' | 'killed' | 'not_started'; readonly how: string };

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

const MISBEHAVED = 'it sent what no reader sends';
/** Nothing in a file makes a process end by this signal: the kernel sends it where memory is short. */
const KILLED = 'SIGKILL';
const IN_WORDS = {
  crashed: 'reading it crashed the libhdf5 process',
  timeout: 'libhdf5 did not finish in time',
  killed: 'the libhdf5 process was killed, as when memory is short',
};

/** Newer versions of Node.js end a line at these too, which JSON leaves as they are. */
const lineOf = (request: Hdf5Request) =>
  JSON.stringify(request).replaceAll(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);

type Death = { readonly died: 'crashed' | 'timeout' | 'killed'; readonly how: string };
const deathBy = (how: string): Death => ({ died: how === KILLED ? 'killed' : 'crashed', how });
/** Tells the answer that is waited for from other replies. */
type IsAnswer<Answer extends Hdf5Reply> = (reply: Hdf5Reply) => reply is Answer;
type Ready = Extract<Hdf5Reply, { ready: unknown }>;
type Read = Extract<Hdf5Reply, { outcome: unknown }>;

const isReady: IsAnswer<Ready> = (reply) => 'ready' in reply;
const isReadOf =
  (path: string): IsAnswer<Read> =>
  (reply): reply is Read =>
    'outcome' in reply && reply.outcome.path === path;

/**
 * Connected by pipes and not by Node.js' own channel, which ends the parent on a message that it cannot parse. If the system grants no
 * process, it throws, or gives one that reports it later; if it grants no descriptor, one without pipes.
 */
const startChild = (program: string, memoryBytes: number): ChildProcess =>
  spawn(process.execPath, [`--max-old-space-size=${V8_HEAP_MB}`, program, String(memoryBytes)], {
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/**
 * One libhdf5 process, which reads one file at a time. Once `alive` is false it stays so. It can still be there: the kernel keeps a
 * process that waits for a dead file system, also when it was killed.
 */
export class Hdf5Process {
  /** What confines it, once it has started. */
  confinement: Confinement | undefined;
  readonly #process: ChildProcess | undefined;
  /** Resolves when the system has let the process go. */
  readonly gone: Promise<void>;
  #letGo: () => void = () => {};
  /** How it ended. */
  #end: string | undefined;
  /** Of a line whose end has not come. */
  #received = '';
  #idleTimer: NodeJS.Timeout | undefined;
  #onReply: ((reply: Hdf5Reply) => void) | undefined;
  #onDeath: ((how: string) => void) | undefined;

  constructor(memoryBytes: number, program = CHILD) {
    this.gone = new Promise((resolve) => {
      this.#letGo = resolve;
    });
    try {
      this.#process = startChild(program, memoryBytes);
    } catch (error) {
      this.#ended((error as Error).message);
      return;
    }
    this.#process.once('exit', (code, signal) => {
      this.#ended(signal ?? `exit ${code}`);
      this.#letGo();
    });
    const { stdin, stdout } = this.#process;
    stdout?.setEncoding('utf8').on('data', (text: string) => this.#receive(text));
    const stop = (error: Error) => this.stop(error.message);
    this.#process.on('error', stop);
    stdout?.on('error', stop);
    // A request that cannot be sent: how the process ends says why, and it has its time.
    stdin?.on('error', () => {});
    // Only a read under way, by its timer, keeps the parent from ending.
    for (const each of [this.#process, stdin as Socket | null, stdout as Socket | null]) each?.unref();
  }

  get alive(): boolean {
    return this.#end === undefined;
  }

  async read(request: Hdf5Request): Promise<Attempt> {
    if (!this.confinement) {
      const started = await this.#exchange(START_SECONDS, isReady);
      if ('died' in started)
        return { died: 'not_started', how: `the libhdf5 process did not start (${started.how})` };
      this.confinement = started.ready;
    }
    const allowedSeconds = request.timeoutSeconds + GRACE_SECONDS;
    const answer = await this.#exchange(allowedSeconds, isReadOf(request.path), request);
    if ('died' in answer) {
      return { died: answer.died, how: `${IN_WORDS[answer.died]} (${answer.how})` };
    }
    const { outcome } = answer;
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

  stop(how = 'stopped'): void {
    this.#process?.kill('SIGKILL');
    this.#ended(how);
  }

  #receive(text: string): void {
    this.#received += text;
    for (let end = this.#received.indexOf('\n'); end >= 0; end = this.#received.indexOf('\n')) {
      const reply = replyIn(this.#received.slice(0, end));
      this.#received = this.#received.slice(end + 1);
      if (!this.alive) return;
      if (reply && this.#onReply) this.#onReply(reply);
      else this.stop(MISBEHAVED);
    }
    if (this.#received.length > MAX_REPLY_CHARACTERS) this.stop(MISBEHAVED);
  }

  /**
   * Sends a request, if any, and waits for its answer, or for the first message. A process that is too slow, or sends anything else,
   * is killed.
   */
  #exchange<Answer extends Hdf5Reply>(
    timeoutSeconds: number,
    isAnswer: IsAnswer<Answer>,
    request?: Hdf5Request,
  ): Promise<Answer | Death> {
    return new Promise((resolve) => {
      if (this.#end !== undefined) return resolve(deathBy(this.#end));
      const giveUp = (seconds: number) => () => {
        this.#onDeath = undefined;
        this.stop();
        resolve({ died: 'timeout', how: `no answer for ${Math.round(seconds)} s` });
      };
      let timer = setTimeout(giveUp(timeoutSeconds), timerMs(timeoutSeconds));
      let mayTakeLonger = request !== undefined;
      this.#onReply = (reply) => {
        if ('extraSeconds' in reply && mayTakeLonger) {
          mayTakeLonger = false;
          clearTimeout(timer);
          const seconds = timeoutSeconds + reply.extraSeconds;
          timer = setTimeout(giveUp(seconds), timerMs(seconds));
        } else if (isAnswer(reply)) {
          clearTimeout(timer);
          this.#onReply = this.#onDeath = undefined;
          resolve(reply);
        } else this.stop('failed' in reply && !request ? reply.failed : MISBEHAVED);
      };
      this.#onDeath = (how) => {
        clearTimeout(timer);
        resolve(deathBy(how));
      };
      if (request) this.#process?.stdin?.write(`${lineOf(request)}\n`);
    });
  }

  #ended(how: string): void {
    if (!this.alive) return;
    this.#end = how;
    clearTimeout(this.#idleTimer);
    // What could not be started does not exit.
    if (this.#process?.pid === undefined) this.#letGo();
    this.#onDeath?.(how);
  }
}
