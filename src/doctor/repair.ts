import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError, UsageError } from '../errors.js';
import { inspect } from '../store/sqlite/inspection.js';
import { type Replaced, replaceRows } from '../store/sqlite/repair.js';
import { trueRows } from './time-fault.js';

/** What a repair did. Undefined: there was nothing to repair, and nothing was touched. */
export type Repair = (Replaced & { readonly backupPath: string }) | undefined;

/**
 * Gives the rows of the Python monitor's time fault their true times and right ascensions, good to 0.03 s, or drops those
 * whose observation has its right row already. Throws a UsageError rather than overwrite a backup or act as root where others
 * can plant links, a StoreError where the database cannot be read or written.
 */
export async function repairTimeFault(path: string, backupPath: string): Promise<Repair> {
  const { integrity, faultyRows, duplicateRows } = inspect(path);
  if (integrity !== 'ok') {
    throw new StoreError('corrupt', `the database ${path} is damaged (${integrity}): restore a backup`);
  }
  if (faultyRows + duplicateRows === 0) return undefined;
  for (const each of [realpathSync(path), backupPath]) requireOwnDirectory(dirname(each));
  const replaced = await replaceRows(path, backupPath, trueRows);
  return { ...replaced, backupPath };
}

/** Root writes only where no other user can put a link in the way. */
function requireOwnDirectory(directory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`the directory ${directory} does not exist`);
  if (process.getuid?.() !== 0) return;
  const { uid, gid, mode } = found;
  const writable = uid !== 0 || (mode & 0o002) !== 0 || (gid !== 0 && (mode & 0o020) !== 0);
  if (writable)
    throw new UsageError(
      `root does not repair a database in ${directory}, where other users can write: run this as the owner of the database, such as "sudo -u contimg pointing-monitor doctor --repair"`,
    );
}
