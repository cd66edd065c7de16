import type { ErrorCode } from '../../errors.js';
import type { ListedFile } from '../../native/outcome.js';
import { type Dialect, ledgerState } from '../queries.js';
import { HistoryReader } from '../reader.js';
import { type ClassifiedFile, INCOMPLETE, type LedgerState, STORED, withoutRow } from '../rows.js';
import type { SqlDatabase, SqlReaderOptions } from '../sql-session.js';
import { type Sources, tableNames } from '../tables.js';
import { Changes } from './changes.js';
import { Connections } from './connection.js';
import { ledgerPath } from './ledger.js';

export const dialect: Dialect = {
  hostless: false,
  existingColumns: `SELECT t.name AS "table", a.attname AS "column"
    FROM unnest(ARRAY[${tableNames.map((name) => `'${name}'`)}]) AS t (name), pg_attribute AS a
    WHERE a.attrelid = to_regclass(t.name) AND a.attnum > 0 AND NOT a.attisdropped`,
  jsonObjects: `CAST($4 AS text) || string_agg(json_build_object('timestamp', timestamp, 'ra_deg', ra_deg, 'dec_deg', dec_deg)::text, ','
    ORDER BY timestamp)`,
  now: 'extract(epoch FROM clock_timestamp())::float8',
};

/** Reads from a PostgreSQL database by the shared SQL. `ready` runs before every query. */
export class PostgresDatabase implements SqlDatabase {
  readonly dialect = dialect;
  readonly #connections: Connections;
  readonly #host: string;
  readonly #changes: Changes;
  readonly #ready: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(
    location: string,
    connections: Connections,
    host: string,
    ready: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
  ) {
    this.#connections = connections;
    this.#host = host;
    this.#changes = new Changes(location);
    this.#ready = ready;
  }

  rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#ready(() =>
      this.#connections.use(async (client) => (await client.query<Row>(sql, [...values])).rows),
    );
  }

  async numbers(sql: string, values: readonly unknown[]): Promise<Float64Array> {
    return this.#ready(() =>
      this.#connections.use(async (client) => {
        const { rows } = await client.query<number[]>({ text: sql, values: [...values], rowMode: 'array' });
        return flattened(rows);
      }),
    );
  }

  version(): Promise<string> {
    return this.#changes.version();
  }

  async classify(files: readonly ListedFile[], sources: Sources): Promise<ClassifiedFile[]> {
    // Nearly every file is known, unchanged and stored, and is not brought over.
    const rows = await this.rows<{
      i: number;
      state: LedgerState | 'incomplete';
      errorCode: ErrorCode | null;
      attempts: number | null;
    }>(
      `SELECT * FROM (
         SELECT i::int - 1 AS i, f.error_code AS "errorCode", f.attempts,
           CASE WHEN (f.size, f.mtime_us, f.ctime_us) = (t.size, t.mtime_us, t.ctime_us) THEN ${ledgerState(sources)}
             ELSE 'unread' END AS state
         FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY AS t (path, size, mtime_us, ctime_us, i)
           LEFT JOIN ${sources.pointing_files} AS f ON f.host = $1 AND f.path = t.path
           LEFT JOIN ${sources.pointing_history} AS h ON h.timestamp = f.timestamp) AS each
       WHERE state <> 'stored'`,
      [
        this.#host,
        files.map(({ path }) => ledgerPath(path)),
        files.map(({ sizeBytes }) => sizeBytes),
        files.map(({ mtimeUs }) => mtimeUs),
        files.map(({ ctimeUs }) => ctimeUs),
      ],
    );
    const classified = files.map(() => STORED);
    for (const { i, state, errorCode, attempts } of rows) {
      if (state === 'incomplete') classified[i] = INCOMPLETE;
      else if (state !== 'stored') classified[i] = withoutRow(state, errorCode, attempts ?? 0);
    }
    return classified;
  }

  async close(): Promise<void> {
    await this.#changes.close();
    await this.#connections.close();
  }
}

/** Rows of equally many numbers, one after the other. */
function flattened(rows: readonly (readonly number[])[]): Float64Array {
  const columns = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * columns);
  let at = 0;
  for (const row of rows) for (let i = 0; i < columns; i++) all[at++] = row[i] as number;
  return all;
}

/** Requests that ask the database at the same time; others wait. */
const CONNECTIONS = 4;

/** Reads one PostgreSQL database: the history and the files of all hosts. Creates nothing in it. */
export function openPostgresReader(options: SqlReaderOptions & { readonly host: string }): HistoryReader {
  const { location, host } = options;
  return new HistoryReader(
    new PostgresDatabase(location, new Connections(location, CONNECTIONS), host),
    options,
  );
}
