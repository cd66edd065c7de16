import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { levelOf, type Sink, standardError } from './sinks.js';

const WORTH_A_LOOK = new Set(['WARNING', 'ERROR']);

/** `logs/pointing-monitor.out` has `logs/pointing-monitor.err` beside it. */
const errorLogPath = (path: string) => `${path.replace(/\.out$/, '')}.err`;

/**
 * Two files: one has every line, the other the warnings and errors among them. While one cannot be written its lines go to
 * stderr, and a line there says why: a full disk must not stop the service.
 */
export class LogFiles implements Sink {
  readonly #all: LogFile;
  readonly #errors: LogFile;

  /** Makes the directory, if need be. `path` is that of the file with every line. */
  constructor(path: string, fallback: Sink = standardError()) {
    this.#all = new LogFile(path, fallback);
    // What it cannot take is in the other file.
    this.#errors = new LogFile(errorLogPath(path), undefined);
  }

  write(line: string): void {
    this.#all.write(line);
    if (WORTH_A_LOOK.has(levelOf(line))) this.#errors.write(line);
  }

  /** After a rotation: goes on with the files that lie at the paths now. */
  reopen(): void {
    this.#all.close();
    this.#errors.close();
  }
}

/** Opened at the first line, and again after a failure. */
class LogFile {
  readonly #path: string;
  readonly #fallback: Sink | undefined;
  #descriptor: number | undefined;
  #trouble = false;

  constructor(path: string, fallback: Sink | undefined) {
    this.#path = path;
    this.#fallback = fallback;
  }

  write(line: string): void {
    try {
      this.#descriptor ??= this.#open();
      const bytes = Buffer.from(line);
      // A disk may be full in the middle of a line.
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
      this.#trouble = false;
    } catch (error) {
      this.close();
      if (!this.#trouble) this.#fallback?.write(notice(this.#path, (error as Error).message));
      this.#trouble = true;
      this.#fallback?.write(line);
    }
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined) return;
    try {
      closeSync(descriptor);
    } catch {
      // What a file server could not keep was said when it was written, or is said at the next line.
    }
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true });
    // A pipe without a reader gives an error rather than wait for one.
    const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
    return openSync(this.#path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o644);
  }
}

const notice = (path: string, why: string) =>
  `${JSON.stringify({
    level: 'ERROR',
    time: new Date().toISOString(),
    msg: `cannot write the log ${path} (${why}); its lines go here until it is writable: check disk space, owner and mode`,
  })}\n`;
