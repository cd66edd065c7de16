import { fstatSync, writeSync } from 'node:fs';
import { plainLine, type TimeShown } from './plain-line.js';

/** Takes log lines as pino makes them: one JSON object with its newline. */
export interface Sink {
  write(line: string): void;
}

const STDERR = 2;
/** Of sd-daemon(3), by which the journal sorts. */
const PRIORITIES: Record<string, number> = { DEBUG: 7, INFO: 6, WARNING: 4, ERROR: 3 };

export type LogFormat = 'words' | 'json';

export interface StderrOptions {
  /** Without it: words on a terminal and in the journal, JSON where a program collects the lines. */
  readonly format?: LogFormat | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/** Standard error; in the journal, which keeps the time itself, each line has its priority. */
export function standardError({ format, env = process.env }: StderrOptions = {}): Sink {
  const journal = isJournal(env);
  const words = format === undefined ? process.stderr.isTTY || journal : format === 'words';
  const time: TimeShown = journal ? 'none' : process.stderr.isTTY ? 'of day' : 'whole';
  return {
    write: (line) => {
      const priority = journal ? `<${PRIORITIES[levelOf(line)] ?? 6}>` : '';
      put(`${priority}${words ? plainLine(line, time) : line}`);
    },
  };
}

/** The level's name in a line of pino's. */
export const levelOf = (line: string): string => /^\{"level":"(\w+)"/.exec(line)?.[1] ?? 'INFO';

/** systemd names the stream that it has connected: device and inode. */
function isJournal({ JOURNAL_STREAM }: NodeJS.ProcessEnv): boolean {
  if (!JOURNAL_STREAM) return false;
  try {
    const { dev, ino } = fstatSync(STDERR);
    return JOURNAL_STREAM === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
const PAUSE_MS = 5;
const MAX_PAUSES = 100;

/** At once, so that the line which explains a crash is out before it. There is nobody to tell when stderr itself fails. */
function put(text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0, pauses = 0; done < bytes.length; ) {
    try {
      done += writeSync(STDERR, bytes, done);
    } catch (error) {
      // A pipe whose reader is slow; one whose reader never comes must not hold us up forever.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || pauses++ >= MAX_PAUSES) return;
      Atomics.wait(pause, 0, 0, PAUSE_MS);
    }
  }
}
