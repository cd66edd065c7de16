import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { SCHEMA, TEMPORARY_LEDGER } from './schema.js';
import { StoreTrouble } from './trouble.js';

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** How long a statement waits for another program's lock. The thread is blocked meanwhile. */
  readonly busyTimeoutMs: number;
}

/** An open SQLite file, and which file that was, so that one put in its place is noticed. */
export interface OpenDatabase {
  readonly sqlite: Database.Database;
  readonly identity: string;
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
    throw troubleOf(error, path);
  }
}

function hasTable(sqlite: Database.Database, name: string): boolean {
  return (
    sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined
  );
}

/** Device and inode: which file lies at this path now. Empty where there is none. */
export function fileIdentity(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  return file ? `${file.dev}:${file.ino}` : '';
}

/** SQLite's error as an operator's trouble. Anything else is a fault of the program and is passed on. */
export function troubleOf(error: unknown, path: string): unknown {
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
    return new StoreTrouble(
      'missing',
      `the directory of the database ${path} does not exist: create or mount it`,
    );
  }
  if (!(error instanceof Database.SqliteError)) return error;
  const trouble = (kind: StoreTrouble['kind'], what: string) =>
    new StoreTrouble(kind, `the database ${path} ${what}`, { cause: error });
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

function cannotOpen(path: string, cause: Error): StoreTrouble {
  const directory = dirname(path);
  if (!existsSync(directory)) {
    return new StoreTrouble(
      'missing',
      `the directory of the database ${path} does not exist: create or mount it`,
      { cause },
    );
  }
  if (!existsSync(path)) {
    try {
      accessSync(directory, constants.W_OK);
    } catch {
      return new StoreTrouble(
        'read_only',
        `the database ${path} cannot be created: ${directory} is not writable`,
        { cause },
      );
    }
    return new StoreTrouble('missing', `the database ${path} does not exist`, { cause });
  }
  return new StoreTrouble('unusable', `the database ${path} cannot be opened: check its owner and mode`, {
    cause,
  });
}
