import type pg from 'pg';
import {
  type FileRows,
  noProductsDatabase,
  requireKnownColumns,
  type Snapshot,
  type UnattributedRow,
} from '../snapshot.js';
import type { TransitRow } from '../store.js';
import { connectedClient } from './connection.js';
import { storeErrorOf } from './error.js';
import { LEDGER_COLUMNS } from './schema.js';

const PAGE_ROWS = 5000;

const FILES = `SELECT host, ${LEDGER_COLUMNS}, "raDeg", "decDeg" FROM pointing_files
  LEFT JOIN (SELECT timestamp AS mjd, ra_deg AS "raDeg", dec_deg AS "decDeg" FROM pointing_history) AS h
    ON mjd = timestamp
  WHERE (host, path) > ($1, $2) ORDER BY host, path LIMIT ${PAGE_ROWS}`;
const BARE = `FROM pointing_history AS h
  WHERE NOT EXISTS (SELECT 1 FROM pointing_files AS f WHERE f.timestamp = h.timestamp)`;

/** A PostgreSQL database at the moment it was opened, by one transaction for which nobody waits. */
export class PostgresSnapshot implements Snapshot {
  readonly #location: string;
  readonly #client: pg.Client;

  private constructor(location: string, client: pg.Client) {
    this.#location = location;
    this.#client = client;
  }

  static async open(location: string): Promise<PostgresSnapshot> {
    // The next query reports a connection that breaks.
    const client = await connectedClient(location, (each) => void each.on('error', () => {})).catch(
      (error) => {
        throw storeErrorOf(error, location);
      },
    );
    const snapshot = new PostgresSnapshot(location, client);
    try {
      await snapshot.#begin();
      return snapshot;
    } catch (error) {
      await snapshot.close();
      throw error;
    }
  }

  async #begin(): Promise<void> {
    try {
      await this.#client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off');
    } catch (error) {
      throw storeErrorOf(error, this.#location);
    }
    const [tables] = await this.#rows<{ history: boolean; ledger: boolean }>(
      `SELECT to_regclass('pointing_history') IS NOT NULL AS history, to_regclass('pointing_files') IS NOT NULL AS ledger`,
    );
    if (!tables?.history || !tables.ledger) throw noProductsDatabase(this.#location);
    const columns = await this.#rows<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute
       WHERE attrelid = to_regclass('pointing_files') AND attnum > 0 AND NOT attisdropped`,
    );
    requireKnownColumns(
      columns.map(({ name }) => name),
      this.#location,
    );
  }

  async hosts(): Promise<string[]> {
    const rows = await this.#rows<{ host: string }>('SELECT DISTINCT host FROM pointing_files ORDER BY host');
    return rows.map(({ host }) => host);
  }

  async count(): Promise<number> {
    const [row] = await this.#rows<{ rows: number }>(
      `SELECT (SELECT count(*) FROM pointing_files) + (SELECT count(*) ${BARE}) AS rows`,
    );
    return row?.rows ?? 0;
  }

  files(): AsyncGenerator<FileRows[]> {
    return this.#pages<FileRows>(FILES, ['', ''], ({ host, path }) => [host, path]);
  }

  unattributedHistory(): AsyncGenerator<UnattributedRow[]> {
    return this.#pages<UnattributedRow>(
      // The ledger too from there on, or each page would look through all before it.
      `SELECT timestamp, ra_deg, dec_deg FROM pointing_history AS h
       WHERE timestamp > $1
         AND NOT EXISTS (SELECT 1 FROM pointing_files AS f WHERE f.timestamp = h.timestamp AND f.timestamp > $1)
       ORDER BY timestamp LIMIT ${PAGE_ROWS}`,
      [Number.NEGATIVE_INFINITY],
      ({ timestamp }) => [timestamp],
    );
  }

  async *transits(): AsyncGenerator<TransitRow[]> {
    const [table] = await this.#rows<{ there: boolean }>(
      `SELECT to_regclass('cal_transits') IS NOT NULL AS there`,
    );
    if (table?.there)
      yield await this.#rows<TransitRow>(
        'SELECT src_name AS name, transit_mjd AS "mjdUtc" FROM cal_transits',
      );
  }

  async close(): Promise<void> {
    // The server ends what a broken connection has left.
    await this.#client.end().catch(() => {});
  }

  async *#pages<Row extends object>(
    sql: string,
    first: readonly unknown[],
    keyOf: (row: Row) => readonly unknown[],
  ): AsyncGenerator<Row[]> {
    for (let after = first; ; ) {
      const rows = await this.#rows<Row>(sql, after);
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE_ROWS) return;
      after = keyOf(rows.at(-1) as Row);
    }
  }

  async #rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await this.#client.query<Row>(sql, [...values])).rows;
    } catch (error) {
      throw storeErrorOf(error, this.#location);
    }
  }
}
