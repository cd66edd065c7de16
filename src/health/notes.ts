/** What people and timers note for the monitor, in files beside its status file. */
import { rm } from 'node:fs/promises';
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

const maintenancePath = (statusFile: string) => `${statusFile}.maintenance`;
const lastBackupPath = (statusFile: string) => `${statusFile}.last-backup`;

/** Never throws: what is missing or cannot be read silences nothing, and counts as no backup. */
export async function readNotes(statusFile: string): Promise<Notes> {
  return {
    maintenance: await readMaintenance(statusFile),
    lastBackup: await readNote<LastBackup>(lastBackupPath(statusFile), 'time'),
  };
}

/** Undefined when it has ended. */
export const current = (
  maintenance: Maintenance | null | undefined,
  nowUnix = Date.now() / 1000,
): Maintenance | undefined => (maintenance && maintenance.until > nowUnix ? maintenance : undefined);

export const readMaintenance = async (statusFile: string): Promise<Maintenance | undefined> =>
  current(await readNote<Maintenance>(maintenancePath(statusFile), 'until'));

export const noteMaintenance = (statusFile: string, maintenance: Maintenance): Promise<void> =>
  writeJsonFile(maintenancePath(statusFile), maintenance);

export const endMaintenance = (statusFile: string): Promise<void> =>
  rm(maintenancePath(statusFile), { force: true });

export const noteBackup = (statusFile: string, backup: LastBackup): Promise<void> =>
  writeJsonFile(lastBackupPath(statusFile), backup);

async function readNote<T extends object>(path: string, number: keyof T): Promise<T | undefined> {
  try {
    const note = JSON.parse(await readRegularFile(path)) as T | null;
    return typeof note?.[number] === 'number' ? note : undefined;
  } catch {
    return undefined;
  }
}
