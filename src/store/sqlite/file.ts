import { accessSync, constants, existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../../errors.js';
import { SCHEMA, TEMPORARY_LEDGER } from './schema.js';

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** How long a statement waits for another program's lock. The thread is blocked meanwhile. */
  readonly busyTimeoutMs: number;
  /** Told when the open file was found to be deleted or replaced, with the path; the store goes on with the new one. */
  readonly onReplaced?: (path: string) => void;
}

/** An open SQLite file, and which file that was, so that one put in its place is noticed. */
export interface OpenDatabase {
  readonly sqlite: Database.Database;
  readonly identity: string;
  /** State of the write-ahead log after our last transaction; undefined before the first. */
  log?: string;
}

export function openDatabase(path: string, { readOnly = false, busyTimeoutMs }: OpenOptions): OpenDatabase {
  let sqlite: Database.Database | undefined;
  try {
    sqlite = new Database(path, { readonly: readOnly, fileMustExist: readOnly, timeout: busyTimeoutMs });
    if (!readOnly) {
      sqlite.pragma('journal_mode = WAL');
      // With WAL, NORMAL keeps the database whole through a power cut; what it may lose is read from the files again.
      sqlite.pragma('synchronous = NORMAL');
      sqlite.exec(SCHEMA);
    } else if (!hasTable(sqlite, 'pointing_files')) {
      sqlite.exec(TEMPORARY_LEDGER);
    }
    sqlite.prepare('SELECT timestamp, ra_deg, dec_deg FROM pointing_history LIMIT 1').get();
    return { sqlite, identity: fileIdentity(path) };
  } catch (error) {
    sqlite?.close();
    throw storeErrorOf(error, path);
  }
}

export function hasTable(sqlite: Database.Database, name: string): boolean {
  return (
    sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined
  );
}

/** Device and inode: which file lies at this path now. Empty where there is none. */
export function fileIdentity(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  return file ? `${file.dev}:${file.ino}` : '';
}

export const logOf = (path: string) => `${path}-wal`;

/** Which state the write-ahead log is in; it changes with every transaction, whoever makes it. */
export function logState(path: string): string {
  const log = statSync(logOf(path), { throwIfNoEntry: false, bigint: true });
  return log ? `${log.dev}:${log.ino}:${log.size}:${log.mtimeNs}` : '';
}

/**
 * Closes a database whose file has been deleted or replaced. SQLite leaves its log in place then, and the next to open
 * the path would play that log into the new file. It is removed unless somebody has written to it since we did.
 */
export function closeReplaced({ sqlite, log }: OpenDatabase, path: string): void {
  sqlite.close();
  if (!log || logState(path) !== log) return;
  rmSync(logOf(path), { force: true });
  rmSync(`${path}-shm`, { force: true });
}

/** SQLite's error as an operator's trouble. Anything else is a fault of the program and is passed on. */
export function storeErrorOf(error: unknown, path: string): unknown {
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
    return new StoreError('missing', missingDirectory(path));
  }
  if (!(error instanceof Database.SqliteError)) return error;
  const trouble = (kind: StoreError['kind'], what: string) =>
    new StoreError(kind, `the database ${path} ${what}`, { cause: error });
  switch (error.code.split('_').slice(0, 2).join('_')) {
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return trouble('locked', 'is locked by another program: find it with "fuser" and let it finish');
    case 'SQLITE_READONLY':
      return trouble(
        'read_only',
        `cannot be written (${error.message}): check its owner, mode and file system`,
      );
    case 'SQLITE_FULL':
      return trouble('full', 'cannot grow, its disk is full: free some space');
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return trouble('corrupt', `is damaged (${error.message}): put a backup in its place, or move it away`);
    case 'SQLITE_CANTOPEN':
      return cannotOpen(path, error);
    default:
      return trouble('unusable', `gives an error: ${error.message} (${error.code})`);
  }
}

function cannotOpen(path: string, cause: Error): StoreError {
  const directory = dirname(path);
  const trouble = (kind: StoreError['kind'], message: string) => new StoreError(kind, message, { cause });
  if (!existsSync(directory)) return trouble('missing', missingDirectory(path));
  if (!isWritable(directory)) {
    return trouble(
      'read_only',
      `the database ${path} cannot be written, nor can its directory: check owner, mode and file system`,
    );
  }
  if (!existsSync(path)) return trouble('missing', `the database ${path} does not exist`);
  return trouble('unusable', `the database ${path} cannot be opened: check its owner and mode`);
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
