import { existsSync, realpathSync } from 'node:fs';
import Database from 'better-sqlite3';
import { StoreError } from '../../errors.js';
import {
  type FileRows,
  noProductsDatabase,
  requireKnownColumns,
  type Snapshot,
  type UnattributedRow,
} from '../snapshot.js';
import type { TransitRow } from '../store.js';
import { hasTable, logOf, openDatabase, storeErrorOf } from './file.js';
import { LEDGER_COLUMNS } from './statements.js';

const PAGE_ROWS = 5000;
const BUSY_TIMEOUT_MS = 10_000;

const FILES = `SELECT NULL AS host, ${LEDGER_COLUMNS}, raDeg, decDeg FROM pointing_files
  LEFT JOIN (SELECT timestamp AS mjd, ra_deg AS raDeg, dec_deg AS decDeg FROM pointing_history) ON mjd = timestamp
  WHERE path > ? ORDER BY path LIMIT ${PAGE_ROWS}`;
const BARE = `FROM pointing_history AS h
  WHERE NOT EXISTS (SELECT 1 FROM pointing_files WHERE pointing_files.timestamp = h.timestamp)`;

/**
 * An SQLite file at the moment it was opened, by one read transaction. With a write-ahead log nobody waits for it; without,
 * writers of the file do until it is closed.
 */
export class SqliteSnapshot implements Snapshot {
  readonly #path: string;
  readonly #sqlite: Database.Database;
  readonly #hadLog: boolean;

  constructor(path: string) {
    // SQLite keeps the log beside the file that a link leads to.
    this.#path = existsSync(path) ? realpathSync(path) : path;
    this.#hadLog = existsSync(logOf(this.#path));
    try {
      this.#sqlite = begin(this.#path);
    } catch (error) {
      this.#removeLog();
      throw error;
    }
  }

  async hosts(): Promise<[]> {
    return [];
  }

  async count(): Promise<number> {
    return this.#read(
      () =>
        this.#sqlite
          .prepare<[], number>(`SELECT (SELECT count(*) FROM pointing_files) + (SELECT count(*) ${BARE})`)
          .pluck()
          .get() as number,
    );
  }

  files(): AsyncGenerator<FileRows[]> {
    return this.#pages<FileRows>(FILES, '', ({ path }) => path);
  }

  unattributedHistory(): AsyncGenerator<UnattributedRow[]> {
    return this.#pages<UnattributedRow>(
      `SELECT timestamp, ra_deg, dec_deg ${BARE} AND timestamp > ? AND typeof(timestamp) = 'real'
       ORDER BY timestamp LIMIT ${PAGE_ROWS}`,
      Number.NEGATIVE_INFINITY,
      ({ timestamp }) => timestamp,
    );
  }

  async *transits(): AsyncGenerator<TransitRow[]> {
    if (!this.#read(() => hasTable(this.#sqlite, 'cal_transits'))) return;
    yield this.#read(() =>
      this.#sqlite
        .prepare<[], TransitRow>(
          `SELECT src_name AS name, transit_mjd AS mjdUtc FROM cal_transits
           WHERE src_name IS NOT NULL AND typeof(transit_mjd) IN ('real', 'integer')`,
        )
        .all(),
    );
  }

  async close(): Promise<void> {
    this.#sqlite.close();
    this.#removeLog();
  }

  async *#pages<Row>(
    sql: string,
    first: string | number,
    keyOf: (row: Row) => string | number,
  ): AsyncGenerator<Row[]> {
    const page = this.#read(() => this.#sqlite.prepare<[string | number], Row>(sql));
    for (let after = first; ; ) {
      const rows = this.#read(() => page.all(after));
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE_ROWS) return;
      after = keyOf(rows.at(-1) as Row);
    }
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeErrorOf(error, this.#path);
    }
  }

  #removeLog(): void {
    if (!this.#hadLog) removeEmptyLog(this.#path);
  }
}

/** The file with its read transaction begun. */
function begin(path: string): Database.Database {
  const sqlite = open(path);
  try {
    sqlite.exec('BEGIN');
    // The transaction begins with its first read.
    sqlite.prepare('SELECT 1 FROM pointing_history LIMIT 1').get();
    const columns = sqlite.prepare('SELECT * FROM pointing_files LIMIT 0').columns();
    requireKnownColumns(
      columns.map(({ name }) => name),
      path,
    );
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw storeErrorOf(error, path);
  }
}

function open(path: string): Database.Database {
  try {
    return openDatabase(path, { readOnly: true, busyTimeoutMs: BUSY_TIMEOUT_MS }).sqlite;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { kind, cause } = error;
    if (cause instanceof Error && /^no such table/.test(cause.message)) throw noProductsDatabase(path, cause);
    if (kind !== 'read_only') throw error;
    throw new StoreError(
      kind,
      `the database ${path} cannot be read where its directory cannot be written, for its write-ahead log: copy it elsewhere`,
      { cause },
    );
  }
}

/**
 * A reader of a database with a write-ahead log has to make the log, and may not remove it. SQLite does so itself when the
 * last that could write closes it, and knows whether somebody else has it open by then.
 */
function removeEmptyLog(path: string): void {
  if (!existsSync(logOf(path))) return;
  try {
    const sqlite = new Database(path, { fileMustExist: true, timeout: 0 });
    try {
      sqlite.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
    } finally {
      sqlite.close();
    }
  } catch (error) {
    // An empty log does no harm where it must stay.
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}
