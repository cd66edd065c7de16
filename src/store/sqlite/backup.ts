import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError, UsageError } from '../../errors.js';
import { storeErrorOf } from './error.js';
import { SqliteFile } from './file.js';
import { fileIdentity, giveLike } from './log.js';

/** Rows by table, of all programs. */
export type TableRows = Readonly<Record<string, number>>;

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/**
 * Copies an SQLite database at one moment to a new file, whatever is written to it meanwhile. The copy is one file without a log,
 * with the database's mode, and its group where this user may give it; it gets its name when it is complete, checked and on disk. Returns the rows that it has.
 * Throws a UsageError for a name that cannot be used, a StoreError where the database cannot be read or the copy not be made;
 * `to` is then as it was.
 */
export async function backUp(path: string, to: string, { overwrite = false } = {}): Promise<TableRows> {
  requireFree(path, to, overwrite);
  const part = `${to}.part`;
  createEmpty(part);
  try {
    const rows = await copy(path, part);
    verify(path, part, rows);
    giveLike(part, path);
    requireFree(path, to, overwrite);
    renameSync(part, to);
    syncDirectory(dirname(to));
    return rows;
  } finally {
    rmSync(part, { force: true });
  }
}

function requireFree(path: string, to: string, overwrite: boolean): void {
  const found = lstatSync(to, { throwIfNoEntry: false });
  if (!found) return;
  if (!overwrite) throw new UsageError(`the backup ${to} exists already: give it another name`);
  if (fileIdentity(to) === fileIdentity(path)) throw new UsageError(`${to} is the database itself`);
  if (!found.isFile()) throw new UsageError(`${to} is not a file`);
}

/** Not the caller's mistake. */
const OF_DISK = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ESTALE'];

/** Follows no link, and takes no file that is there. */
function createEmpty(part: string): void {
  try {
    closeSync(openSync(part, 'wx', 0o600));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (OF_DISK.includes(code))
      throw new StoreError('unusable', `cannot make the backup: ${message}`, { cause: error });
    const why =
      code === 'ENOENT'
        ? `the directory ${dirname(part)} does not exist`
        : code === 'EEXIST'
          ? `${part} exists already: another backup is being made, or one was interrupted; remove it`
          : message;
    throw new UsageError(`cannot make the backup: ${why}`);
  }
}

/** In one transaction with the counts, so that they are those of the copy. */
async function copy(path: string, part: string): Promise<TableRows> {
  const source = new SqliteFile(path, { access: 'snapshot', lockWait: 'long' });
  try {
    const rows = source.use(tableRows);
    await source.use((sqlite) =>
      sqlite.backup(part).catch((error: unknown) => {
        const isSource = error instanceof Database.SqliteError && DAMAGED.test(error.code);
        throw storeErrorOf(error, isSource ? path : part);
      }),
    );
    return rows;
  } finally {
    source.close();
  }
}

function verify(path: string, part: string, expected: TableRows): void {
  let sqlite: Database.Database | undefined;
  try {
    sqlite = new Database(part, { fileMustExist: true });
    sqlite.pragma('journal_mode = DELETE');
    const integrity = sqlite.pragma('integrity_check(1)', { simple: true }) as string;
    if (integrity !== 'ok') throw damaged(path, integrity);
    const found = tableRows(sqlite);
    const different = Object.keys(expected).find((table) => found[table] !== expected[table]);
    if (different !== undefined)
      throw damaged(path, `${different} has ${found[different]} rows instead of ${expected[different]}`);
  } catch (error) {
    throw storeErrorOf(error, part);
  } finally {
    sqlite?.close();
  }
}

const damaged = (path: string, why: string) =>
  new StoreError(
    'corrupt',
    `the copy of the database ${basename(path)} is damaged (${why}) and was not kept: run "pointing-monitor doctor"`,
  );

function tableRows(sqlite: Database.Database): TableRows {
  const tables = sqlite
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'")
    .pluck()
    .all();
  const count = (table: string) =>
    sqlite
      .prepare(`SELECT count(*) FROM "${table.replaceAll('"', '""')}"`)
      .pluck()
      .get() as number;
  return Object.fromEntries(tables.map((table) => [table, count(table)]));
}

/** The name survives a power cut. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
