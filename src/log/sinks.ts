import { fstatSync, writeSync } from 'node:fs';
import { plainLine } from './plain-line.js';

/** Takes log lines as pino makes them: one JSON object with its newline. */
export interface Sink {
  write(line: string): void;
}

const STDERR = 2;
/** Of sd-daemon(3), by which the journal sorts. */
const PRIORITIES: Record<string, number> = { DEBUG: 7, INFO: 6, WARNING: 4, ERROR: 3 };

/** For a person on a terminal a plain line; for the journal, which keeps the time itself, one with its priority; else JSON. */
export function standardError(env: NodeJS.ProcessEnv = process.env): Sink {
  if (process.stderr.isTTY) return { write: (line) => put(plainLine(line, { withTime: true })) };
  if (isJournal(env)) {
    return {
      write: (line) => put(`<${PRIORITIES[levelOf(line)] ?? 6}>${plainLine(line, { withTime: false })}`),
    };
  }
  return { write: put };
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
      // A pipe with a slow reader; a reader that never comes must not block us forever.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || pauses++ >= MAX_PAUSES) return;
      Atomics.wait(pause, 0, 0, PAUSE_MS);
    }
  }
}
