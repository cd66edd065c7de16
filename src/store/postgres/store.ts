import type { PoolClient } from 'pg';
import { StoreError } from '../../errors.js';
import type { ListedFile } from '../../native/outcome.js';
import type { MjdUtc } from '../../units.js';
import { conditions } from '../filter.js';
import { publicName } from '../location.js';
import type { FileRows } from '../snapshot.js';
import type {
  ClassifiedFile,
  FileResult,
  HistoryRow,
  LedgerFilter,
  LedgerRow,
  Merged,
  Observation,
  Store,
  TransitRow,
} from '../store.js';
import { Connections } from './connection.js';
import { mergeFilesInto, mergeHistoryInto } from './merge.js';
import { recordAll } from './record.js';
import { LEDGER_COLUMNS } from './schema.js';
import { makeTables } from './tables.js';

export interface PostgresOptions {
  /** Under whose name the ledger keeps this store's files. */
  readonly host: string;
  readonly readOnly?: boolean;
}

/** One reads or probes while the other writes. A site with many hosts has as many of each. */
const CONNECTIONS = 2;
/** Nobody's thread stands still meanwhile, so it is longer than with SQLite. */
const LOCK_SECONDS = 5;
/** A page is a round trip to another machine. */
const PAGE_ROWS = 10_000;

/**
 * The store in a PostgreSQL database that many hosts share: one history, and a ledger that keeps each host's files apart.
 * `classify`, `ledger` and `forget` are of this store's host. Connections and tables are made when first needed, and again
 * after the server was away.
 */
export class PostgresStore implements Store {
  readonly #location: string;
  readonly #host: string;
  readonly #readOnly: boolean;
  readonly #connections: Connections;
  #tablesMade: Promise<void> | undefined;

  constructor(location: string, { host, readOnly = false }: PostgresOptions) {
    this.#location = location;
    this.#host = host;
    this.#readOnly = readOnly;
    this.#connections = new Connections(location, CONNECTIONS);
  }

  async record(results: readonly FileResult[]): Promise<void> {
    const recordedAt = Date.now() / 1000;
    await this.#write((client) => recordAll(client, this.#host, results, recordedAt));
  }

  async classify(files: readonly ListedFile[]): Promise<ClassifiedFile[]> {
    // Nearly every file is known, unchanged and stored, and is not brought over.
    const rows = await this.#rows<{ i: number } & ClassifiedFile>(
      `SELECT i::int - 1 AS i, error_code AS "errorCode",
         CASE WHEN (f.size, f.mtime_us, f.ctime_us) = (t.size, t.mtime_us, t.ctime_us) THEN state ELSE 'unread' END AS state
       FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY AS t (path, size, mtime_us, ctime_us, i)
         LEFT JOIN pointing_files AS f ON f.host = $1 AND f.path = t.path
       WHERE ((f.size, f.mtime_us, f.ctime_us) = (t.size, t.mtime_us, t.ctime_us) AND state = 'stored') IS NOT TRUE`,
      [
        this.#host,
        files.map(({ path }) => path),
        files.map(({ sizeBytes }) => sizeBytes),
        files.map(({ mtimeUs }) => mtimeUs),
        files.map(({ ctimeUs }) => ctimeUs),
      ],
    );
    const classified = files.map((): ClassifiedFile => ({ state: 'stored', errorCode: null }));
    for (const { i, state, errorCode } of rows) classified[i] = { state, errorCode };
    return classified;
  }

  async *ledger(filter: LedgerFilter): AsyncGenerator<LedgerRow> {
    const { where, values } = conditions(filter, (n) => `$${n + 2}`);
    for (let after = ''; ; ) {
      const rows = await this.#rows<LedgerRow>(
        `SELECT ${LEDGER_COLUMNS} FROM pointing_files WHERE host = $1 AND path > $2 AND ${where}
         ORDER BY path LIMIT ${PAGE_ROWS}`,
        [this.#host, after, ...values],
      );
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      after = (rows.at(-1) as LedgerRow).path;
    }
  }

  async forget(filter: LedgerFilter): Promise<number> {
    const { where, values } = conditions(filter, (n) => `$${n + 1}`);
    return this.#write(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE pointing_files SET mtime_us = -1, attempts = 0 WHERE host = $1 AND state <> 'stored' AND ${where}`,
        [this.#host, ...values],
      );
      return rowCount ?? 0;
    });
  }

  history(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow> {
    return this.#pages(
      `SELECT timestamp, ra_deg, dec_deg FROM pointing_history
       WHERE timestamp >= $1 AND timestamp <= $2 AND timestamp > $3 ORDER BY timestamp LIMIT ${PAGE_ROWS}`,
      start,
      end,
    );
  }

  observations(start: MjdUtc, end: MjdUtc): AsyncGenerator<Observation> {
    return this.#pages(
      `SELECT h.timestamp, h.ra_deg, h.dec_deg, f.path, f.ra_icrs_deg AS "raIcrsDeg", f.dec_icrs_deg AS "decIcrsDeg",
         f.ha_deg AS "haDeg"
       FROM (SELECT * FROM pointing_history
           WHERE timestamp >= $1 AND timestamp <= $2 AND timestamp > $3 AND ra_deg IS NOT NULL AND dec_deg IS NOT NULL
           ORDER BY timestamp LIMIT ${PAGE_ROWS}) AS h
         LEFT JOIN LATERAL (SELECT * FROM pointing_files WHERE timestamp = h.timestamp ORDER BY path, host LIMIT 1) AS f ON TRUE
       ORDER BY h.timestamp`,
      start,
      end,
    );
  }

  async newest(): Promise<HistoryRow | undefined> {
    const [newest] = await this.#rows<HistoryRow>(
      `SELECT timestamp, ra_deg, dec_deg FROM pointing_history WHERE ra_deg IS NOT NULL AND dec_deg IS NOT NULL
       ORDER BY timestamp DESC LIMIT 1`,
    );
    return newest;
  }

  async addTransits(transits: readonly TransitRow[]): Promise<number> {
    return this.#write(async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO cal_transits (src_name, transit_mjd) SELECT * FROM unnest($1::text[], $2::float8[]) ORDER BY 1, 2
         ON CONFLICT DO NOTHING`,
        [transits.map(({ name }) => name), transits.map(({ mjdUtc }) => mjdUtc)],
      );
      return rowCount ?? 0;
    });
  }

  mergeFiles(files: readonly FileRows[]): Promise<Merged> {
    return this.#write((client) => mergeFilesInto(client, this.#host, files));
  }

  mergeHistory(rows: readonly HistoryRow[]): Promise<number> {
    return this.#write((client) => mergeHistoryInto(client, rows));
  }

  async putStatus(json: string): Promise<void> {
    await this.#write(async (client) => {
      await client.query(
        `INSERT INTO pointing_monitors (host, status, written_at) VALUES ($1, $2, extract(epoch FROM clock_timestamp()))
         ON CONFLICT (host) DO UPDATE SET status = excluded.status, written_at = excluded.written_at`,
        [this.#host, json],
      );
    });
  }

  async check(): Promise<void> {
    await this.#write(async (client) => {
      const { rows } = await client.query<{ read_only: string }>(
        "SELECT current_setting('transaction_read_only') AS read_only",
      );
      if (rows[0]?.read_only === 'on') throw this.#cannotWrite('it is a standby, or set to read-only');
      await client.query('LOCK TABLE pointing_files, pointing_history IN ROW EXCLUSIVE MODE');
    });
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  async *#pages<Row extends HistoryRow>(sql: string, start: MjdUtc, end: MjdUtc): AsyncGenerator<Row> {
    for (let after = -Number.MAX_VALUE; ; ) {
      const rows = await this.#rows<Row>(sql, [start, end, after]);
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      after = (rows.at(-1) as Row).timestamp;
    }
  }

  async #rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#ready(() =>
      this.#connections.use(async (client) => (await client.query<Row>(sql, [...values])).rows),
    );
  }

  async #write<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    if (this.#readOnly) throw this.#cannotWrite('it was opened for reading only');
    return this.#ready(() => this.#connections.transaction(LOCK_SECONDS, work));
  }

  #cannotWrite(why: string): StoreError {
    return new StoreError('read_only', `the database ${publicName(this.#location)} takes no rows: ${why}`);
  }

  /** Runs `work` once the tables are there. A reader makes none: where they are missing, its work says so. */
  async #ready<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#readOnly) {
      this.#tablesMade ??= makeTables(this.#connections);
      try {
        await this.#tablesMade;
      } catch (error) {
        this.#tablesMade = undefined;
        throw error;
      }
    }
    try {
      return await work();
    } catch (error) {
      // Tables that somebody dropped, or a server put in this one's place, are looked at anew next time.
      if (error instanceof StoreError && error.kind !== 'locked') this.#tablesMade = undefined;
      throw error;
    }
  }
}
