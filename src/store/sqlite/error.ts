import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../../errors.js';
import { INSTALL_AGAIN, shownFile } from '../../native/addon.js';
import { noDatabaseAt } from '../location.js';

/** SQLite's error as one that an operator can act on. Internal errors are passed on. */
export function storeErrorOf(error: unknown, path: string): unknown {
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
    return new StoreError('missing', missingDirectory(path));
  }
  const problem = (kind: StoreError['kind'], what: string) =>
    new StoreError(kind, `the database ${path} ${what}`, { cause: error });
  if (doesNotLoad(error)) return problem('unusable', `cannot be opened: ${otherNode(error)}`);
  if (isSystemError(error)) {
    return problem('unusable', `is out of reach (${error.message}): check its directory, links and mount`);
  }
  if (!(error instanceof Database.SqliteError)) return error;
  switch (error.code.split('_').slice(0, 2).join('_')) {
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return problem(
        'locked',
        `is locked by another program: find it with "fuser -v ${path}" and let it finish`,
      );
    case 'SQLITE_READONLY':
      return problem(
        'read_only',
        `is not writable (${error.message}): check its owner, mode and file system`,
      );
    case 'SQLITE_FULL':
      return problem('full', 'cannot grow because its disk is full: free some space');
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return problem(
        'corrupt',
        `is damaged (${error.message}): stop the monitor, then follow database_corrupt in ${shownFile('docs/runbook.md')}`,
      );
    case 'SQLITE_CONSTRAINT':
    case 'SQLITE_MISMATCH':
    case 'SQLITE_TOOBIG':
      return problem('refused', `refuses a row: ${error.message}`);
    case 'SQLITE_CANTOPEN':
      return cannotOpen(path, error);
    default:
      return problem('unusable', `returned an error: ${error.message} (${error.code})`);
  }
}

/** The compiled part of better-sqlite3, which fits one version of Node.js. */
export const doesNotLoad = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'ERR_DLOPEN_FAILED';

/** In words, with what to do. */
export const otherNode = ({ message }: Error): string =>
  `better-sqlite3 does not load in Node ${process.versions.node} (${message.split('\n')[0]}): ${INSTALL_AGAIN}`;

/** Of the operating system, as from a `stat` that fails. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'errno' in error;

function cannotOpen(path: string, cause: Error): StoreError {
  const directory = dirname(path);
  const problem = (kind: StoreError['kind'], message: string) => new StoreError(kind, message, { cause });
  if (!existsSync(directory)) return missingDatabase(path, cause);
  if (!isWritable(directory)) {
    return problem(
      'read_only',
      `the database ${path} or its directory is not writable: check owner, mode and file system`,
    );
  }
  if (!existsSync(path)) return missingDatabase(path, cause);
  return problem('unusable', `the database ${path} cannot be opened: check its owner and mode`);
}

/** What is missing: the file, or already its directory. */
export function missingDatabase(path: string, cause?: Error): StoreError {
  const message = existsSync(dirname(path)) ? noDatabaseAt(path) : missingDirectory(path);
  return new StoreError('missing', message, { cause });
}

const missingDirectory = (path: string) =>
  `the directory of the database ${path} does not exist: create or mount it`;

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
