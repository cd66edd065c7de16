import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError, UsageError } from '../errors.js';
import { FAULT_RANGE } from '../store/plausible.js';
import { inspect } from '../store/sqlite/inspection.js';
import { type Replaced, replaceRows } from '../store/sqlite/repair.js';
import { trueRows } from './time-fault.js';

/** What a repair did. Undefined: there was nothing to repair, and nothing was touched. */
export type Repair = (Replaced & { readonly backupPath: string }) | undefined;

/**
 * Gives the rows of the replaced system's time fault their true times and right ascensions, good to 0.03 s, or drops those
 * whose observation has its right row already. Throws a UsageError rather than overwrite a backup, a StoreError where the
 * database cannot be read or written.
 */
export async function repairTimeFault(path: string, backupPath: string): Promise<Repair> {
  const { integrity, rowsInRange, duplicateRows } = inspect(path, FAULT_RANGE);
  if (integrity !== 'ok') {
    throw new StoreError(
      'corrupt',
      `the database ${path} is damaged (${integrity}): put a backup in its place`,
    );
  }
  if (rowsInRange + duplicateRows === 0) return undefined;
  if (existsSync(backupPath))
    throw new UsageError(`the backup ${backupPath} exists already: name another with --backup`);
  if (!existsSync(dirname(backupPath)))
    throw new UsageError(`the directory of the backup, ${dirname(backupPath)} does not exist`);
  const replaced = await replaceRows(path, backupPath, {
    range: FAULT_RANGE,
    rightRows: trueRows,
  });
  return { ...replaced, backupPath };
}
