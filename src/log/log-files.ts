import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { plainLine } from './plain-line.js';
import { type LogFormat, levelOf, type Sink, standardError } from './sinks.js';

const WORTH_A_LOOK = new Set(['WARNING', 'ERROR']);

/** `logs/pointing-monitor.out` has `logs/pointing-monitor.err` beside it. */
const errorLogPath = (path: string) => `${path.replace(/\.out$/, '')}.err`;

/**
 * Two files: one has every line, the other the warnings and errors among them. While one cannot be written its lines go to
 * stderr after one that says why: a full disk must not stop the service. Pino's own destination has no fallback, and keeps in
 * memory what it cannot write.
 */
export class LogFiles implements Sink {
  readonly #all: LogFile;
  readonly #errors: LogFile;

  readonly #inWords: boolean;

  /** Creates the directory if it is missing. `path` is that of the file with every line. */
  constructor(path: string, { format = 'words', fallback = standardError() }: LogFileOptions = {}) {
    this.#inWords = format === 'words';
    this.#all = new LogFile(path, fallback);
    // What it cannot take is in the other file.
    this.#errors = new LogFile(errorLogPath(path), undefined);
  }

  write(line: string): void {
    const text = this.#inWords ? plainLine(line, 'whole') : line;
    this.#all.write(text, line);
    if (WORTH_A_LOOK.has(levelOf(line))) this.#errors.write(text, line);
  }

  /** After a rotation: goes on with the files that lie at the paths now. */
  reopen(): void {
    this.#all.close();
    this.#errors.close();
  }
}

export interface LogFileOptions {
  readonly format?: LogFormat;
  /** Takes the lines while the file cannot. */
  readonly fallback?: Sink;
}

/** Opened at the first line, and again after a failure. */
class LogFile {
  readonly #path: string;
  readonly #fallback: Sink | undefined;
  #descriptor: number | undefined;
  #failing = false;

  constructor(path: string, fallback: Sink | undefined) {
    this.#path = path;
    this.#fallback = fallback;
  }

  /** `json` is the same line as pino makes it, for the fallback. */
  write(text: string, json: string): void {
    try {
      this.#descriptor ??= this.#open();
      const bytes = Buffer.from(text);
      // A disk may be full in the middle of a line.
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
      this.#failing = false;
    } catch (error) {
      this.close();
      if (!this.#failing) this.#fallback?.write(notice(this.#path, (error as Error).message));
      this.#failing = true;
      this.#fallback?.write(json);
    }
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined) return;
    try {
      closeSync(descriptor);
    } catch {
      // A file server that could not keep the lines reports it again at the next write.
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
    msg: `cannot write the log ${path} (${why}); logging here instead. Check the disk, owner and mode`,
  })}\n`;
