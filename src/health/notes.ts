/** What people and timers note for the monitor, in files beside its status file. */
import { rm } from 'node:fs/promises';
import { SECONDS_PER_DAY } from '../units.js';
import { readRegularFile, writeJsonFile } from './json-file.js';

/** Until then nobody is alerted. Health stays what it is. */
export interface Maintenance {
  /** Unix seconds. */
  readonly until: number;
  readonly until_iso: string;
  readonly reason: string;
}

/** The newest verified backup of a database. */
export interface LastBackup {
  readonly database: string;
  readonly path: string;
  /** When it was begun: it has all that was stored before. Unix seconds. */
  readonly time: number;
  readonly time_iso: string;
}

export interface Notes {
  readonly maintenance: Maintenance | undefined;
  readonly lastBackup: LastBackup | undefined;
}

export const NO_NOTES: Notes = { maintenance: undefined, lastBackup: undefined };

/** The monitor and the alerts read what root, whose umask can be anything, has noted. */
const NOTE_MODE = 0o644;

const maintenancePath = (statusFile: string) => `${statusFile}.maintenance`;
const lastBackupPath = (statusFile: string) => `${statusFile}.last-backup`;

/** Never throws: what is missing or cannot be read silences nothing, and counts as no backup. */
export async function readNotes(statusFile: string): Promise<Notes> {
  return {
    maintenance: await readMaintenance(statusFile),
    lastBackup: await readNote<LastBackup>(lastBackupPath(statusFile), 'time'),
  };
}

/** The longest maintenance. */
export const MAX_MAINTENANCE_SECONDS = 7 * SECONDS_PER_DAY;
/** By which a clock that is set back makes a time that was noted lie too far ahead, and no more. */
const MAX_STEP_BACK_SECONDS = 3600;

/** Undefined when it has ended, or was noted by a clock that ran ahead, which would silence alerts for as long. */
export const current = (
  maintenance: Maintenance | null | undefined,
  nowUnix = Date.now() / 1000,
): Maintenance | undefined => {
  const left = maintenance ? maintenance.until - nowUnix : 0;
  const isCurrent = left > 0 && left <= MAX_MAINTENANCE_SECONDS + MAX_STEP_BACK_SECONDS;
  return maintenance && isCurrent ? maintenance : undefined;
};

export const readMaintenance = async (statusFile: string): Promise<Maintenance | undefined> =>
  current(await readNote<Maintenance>(maintenancePath(statusFile), 'until'));

export const noteMaintenance = (statusFile: string, maintenance: Maintenance): Promise<void> =>
  writeJsonFile(maintenancePath(statusFile), maintenance, NOTE_MODE);

export const endMaintenance = (statusFile: string): Promise<void> =>
  rm(maintenancePath(statusFile), { force: true });

export const noteBackup = (statusFile: string, backup: LastBackup): Promise<void> =>
  writeJsonFile(lastBackupPath(statusFile), backup, NOTE_MODE);

async function readNote<T extends object>(path: string, number: keyof T): Promise<T | undefined> {
  try {
    const note = JSON.parse(await readRegularFile(path)) as T | null;
    return typeof note?.[number] === 'number' ? note : undefined;
  } catch {
    return undefined;
  }
}
