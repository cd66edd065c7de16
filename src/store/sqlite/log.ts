import { realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where a database that may not exist yet lies, without symbolic links. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}

/** Device and inode: which file lies at this path now. Empty where there is none. */
export function fileIdentity(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  return file ? `${file.dev}:${file.ino}` : '';
}

export const logOf = (realPath: string) => `${realPath}-wal`;

/** The state of the write-ahead log, which changes with every transaction, whoever makes it. */
export function logState(realPath: string): string {
  const log = statSync(logOf(realPath), { throwIfNoEntry: false, bigint: true });
  return log ? `${log.dev}:${log.ino}:${log.size}:${log.mtimeNs}` : '';
}

/**
 * Removes the log of a database that was deleted or replaced. SQLite leaves it in place, and the next program to open the path
 * would play it into the new file. It stays where somebody has written to it since we did.
 */
export function removeLog(realPath: string, log: string): void {
  if (logState(realPath) !== log) return;
  rmSync(logOf(realPath), { force: true });
  rmSync(`${realPath}-shm`, { force: true });
}
