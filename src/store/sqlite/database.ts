import type { ListedFile } from '../../native/outcome.js';
import { type Dialect, ledgerState } from '../queries.js';
import { HistoryReader } from '../reader.js';
import { type ClassifiedFile, INCOMPLETE, type LedgerState, STORED, withoutRow } from '../rows.js';
import type { SqlDatabase, SqlReaderOptions } from '../sql-session.js';
import { type Sources, tableNames } from '../tables.js';
import { type LockWait, SqliteFile } from './file.js';

const dialect: Dialect = {
  hostless: true,
  existingColumns: `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
    WHERE t.type IN ('table', 'view') AND t.name IN (${tableNames.map((name) => `'${name}'`)})`,
  // 17 digits give the same double when read. `format` is faster than `json_object`, and bytes need no decoding.
  jsonObjects: `CAST($4 || group_concat(format('{"timestamp":%!.17g,"ra_deg":%!.17g,"dec_deg":%!.17g}', timestamp, ra_deg, dec_deg), ',') AS BLOB)`,
  now: "unixepoch('subsec')",
};

/** Reads from an SQLite file by the shared SQL. */
export class SqliteDatabase implements SqlDatabase {
  readonly dialect = dialect;
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#file.rows<Row>(sql, values);
  }

  async numbers(sql: string, values: readonly unknown[]): Promise<Float64Array> {
    return this.#file.numbers(sql, values);
  }

  async version(): Promise<string> {
    return this.#file.version();
  }

  async classify(files: readonly ListedFile[], sources: Sources): Promise<ClassifiedFile[]> {
    const { pointing_files, pointing_history } = sources;
    return this.#file.use(() => {
      // Nearly every file is known and unchanged, so the row itself is not brought over.
      const state = this.#file.prepared(
        `SELECT ${ledgerState(sources)} AS state FROM ${pointing_files} AS f
           LEFT JOIN ${pointing_history} AS h ON h.timestamp = f.timestamp
         WHERE f.path = ? AND f.size = ? AND f.mtime_us = ? AND f.ctime_us = ?`,
      );
      const trials = this.#file.prepared(
        `SELECT error_code, attempts FROM ${pointing_files} AS f WHERE path = ?`,
      );
      return files.map(({ path, sizeBytes, mtimeUs, ctimeUs }): ClassifiedFile => {
        const known = state.get(path, sizeBytes, mtimeUs, ctimeUs) as
          | { state: LedgerState | 'incomplete' }
          | undefined;
        if (known?.state === 'stored') return STORED;
        if (known?.state === 'incomplete') return INCOMPLETE;
        const row = trials.get(path) as
          | { error_code: ClassifiedFile['errorCode']; attempts: number }
          | undefined;
        return withoutRow(known?.state ?? 'unread', row?.error_code ?? null, row?.attempts ?? 0);
      });
    });
  }

  async close(): Promise<void> {
    this.#file.close();
  }
}

/** Reads one SQLite file through a connection that cannot write, and another file once it is in its place. */
export function openSqliteReader(options: SqlReaderOptions & { readonly lockWait: LockWait }): HistoryReader {
  const { location, lockWait } = options;
  return new HistoryReader(
    new SqliteDatabase(new SqliteFile(location, { access: 'read', lockWait })),
    options,
  );
}
