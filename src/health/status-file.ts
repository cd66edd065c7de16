import { stat } from 'node:fs/promises';
import { within } from '../monotonic.js';
import { readRegularFile } from './json-file.js';
import { current, readMaintenance } from './notes.js';
import type { Status } from './status.js';

/** A status older than this says nothing about the present. */
export const STALE_SECONDS = 120;

/**
 * A monitor's status with its age, or why there is none. A status older than two minutes is `stale`: it no longer describes
 * the present.
 */
export type StatusReading =
  | { readonly status: Status; readonly ageSeconds: number; readonly stale: boolean; readonly error?: never }
  | { readonly error: string };

/**
 * What the status file says, and how old that is; with the maintenance that is noted beside it, which a stopped monitor cannot
 * know. Never throws: a missing or unreadable file is an answer.
 */
export async function readStatusFile(path: string, now = Date.now() / 1000): Promise<StatusReading> {
  try {
    const reading = interpretStatus(
      await readRegularFile(path),
      `the status file ${path}`,
      ({ timestamp }) => now - timestamp,
    );
    if (reading.error !== undefined) return reading;
    const maintenance = (await readMaintenance(path)) ?? null;
    return { ...reading, status: { ...reading.status, maintenance } };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { error: whyUnreadable(path, code, message) };
  }
}

function whyUnreadable(path: string, code: string | undefined, message: string): string {
  switch (code) {
    case 'ENOENT':
      return `no status file at ${path}: no monitor has run here, or it writes elsewhere: check PIPELINE_STATE_DIR`;
    case 'EACCES':
      return `this user cannot read the status file ${path}: on an installed host it needs the group contimg`;
    default:
      return `cannot read the status file: ${message}`;
  }
}

const ANSWER_SECONDS = 10;
const VERSION_SECONDS = 2;

/** Gives undefined unless the answer comes in time. A file system that hangs keeps one thread, however often it is asked. */
function inTime<Answer>(ask: (path: string) => Promise<Answer>, seconds: number) {
  const underWay = new Map<string, Promise<Answer>>();
  return (path: string): Promise<Answer | undefined> => {
    const answer = underWay.get(path) ?? ask(path).finally(() => underWay.delete(path));
    underWay.set(path, answer);
    return within(seconds, answer);
  };
}

const readInTime = inTime(readStatusFile, ANSWER_SECONDS);

/** The same, for callers that cannot wait for a file system that hangs: that is an error after 10 s. */
export async function readStatusFileInTime(path: string): Promise<StatusReading> {
  const error = `the status file ${path} is not responding: check its file system`;
  return (await readInTime(path)) ?? { error };
}

const modifiedInTime = inTime(
  (path) =>
    stat(path).then(
      ({ mtimeMs }) => String(mtimeMs),
      () => '',
    ),
  VERSION_SECONDS,
);

/** Another text after the file was written; empty if there is none or its file system hangs. */
export async function statusFileVersion(path: string): Promise<string> {
  return (await modifiedInTime(path)) ?? '';
}

/** A status as it was written, with its age in seconds. `what` names it where it is no status. */
export function interpretStatus(
  json: string,
  what: string,
  ageOf: (status: Status) => number,
): StatusReading {
  try {
    const written = JSON.parse(json) as Status;
    if (typeof written?.timestamp !== 'number') throw new Error('it has no timestamp');
    if (!Array.isArray(written.issues)) throw new Error('it has no issues');
    for (const key of ['running', 'healthy'] as const)
      if (typeof written[key] !== 'boolean') throw new Error(`it has no ${key}`);
    // An older monitor's has no codes, no warnings or no maintenance.
    const status = {
      ...written,
      maintenance: current(written.maintenance) ?? null,
      issue_codes: written.issue_codes ?? [],
      warnings: written.warnings ?? [],
      warning_codes: written.warning_codes ?? [],
    };
    const ageSeconds = ageOf(status);
    // Of a time to come as well: a clock was set back, and nobody can tell how old it is.
    return { status, ageSeconds: Math.max(0, ageSeconds), stale: Math.abs(ageSeconds) > STALE_SECONDS };
  } catch (error) {
    return { error: `${what} is not a monitor's status: ${(error as Error).message}` };
  }
}
