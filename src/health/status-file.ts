import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { Status } from './status.js';

/** Replaces the file in one step, so that a reader sees the old text or the new, even after a power cut. */
export async function writeStatusFile(path: string, status: Status): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    // Left by a process of this number, or a link that somebody planted, which must not be followed.
    await rm(temporary, { force: true });
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(`${JSON.stringify(status, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A status older than this tells nothing of the present. */
export const STALE_SECONDS = 120;

/**
 * A monitor's status with its age, or why there is none. A status older than two minutes is `stale`: it no longer describes
 * the present.
 */
export type StatusReading =
  | { readonly status: Status; readonly ageSeconds: number; readonly stale: boolean; readonly error?: never }
  | { readonly error: string };

/** What the status file says, and how old that is. Never throws: a missing or unreadable file is an answer. */
export async function readStatusFile(path: string, now = Date.now() / 1000): Promise<StatusReading> {
  try {
    return interpretStatus(
      await readRegularFile(path),
      `the status file ${path}`,
      ({ timestamp }) => now - timestamp,
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      error:
        code === 'ENOENT'
          ? `no status file at ${path}: no monitor has run here`
          : `cannot read the status file: ${message}`,
    };
  }
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
    // An older monitor's has no codes or no warnings.
    const status = {
      ...written,
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

/** Reading a pipe, for example, would wait forever. */
async function readRegularFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${path} is not a file`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
