import type { PoolClient } from 'pg';
import { forgetGone, restoreGone } from '../gone.js';
import { conditions } from '../ledger-filter.js';
import { sameTransit } from '../queries.js';
import { HistoryReader } from '../reader.js';
import type { FileResult, FileRows, HistoryRow, LedgerFilter, Merged, TransitRow } from '../rows.js';
import type { Store, StoreOptions } from '../writer.js';
import { Connections, requireReadWrite } from './connection.js';
import { PostgresDatabase } from './database.js';
import { HostClaim } from './host-claim.js';
import { isWhole } from './ledger.js';
import { mergeFilesInto, mergeHistoryInto } from './merge.js';
import { recordAll } from './record.js';
import { migrationOf, Tables } from './tables.js';

/** One reads or probes while the other writes. A site with many hosts has as many of each. */
const CONNECTIONS = 2;
/** Nobody's thread stands still meanwhile, so it is longer than with SQLite. */
export const LOCK_SECONDS = 5;

/**
 * The store in a PostgreSQL database that many hosts share: one history, and a ledger that keeps each host's files apart.
 * `classify` and `forget` are of this store's host. Connections and tables are made when first needed, and again after the
 * server was unreachable.
 */
export class PostgresStore extends HistoryReader implements Store {
  readonly #location: string;
  readonly #host: string;
  readonly #connections: Connections;
  readonly #tables: Tables;
  readonly #claim: HostClaim | undefined;

  constructor(location: string, { host, exclusive = false, onReplaced }: StoreOptions) {
    const connections = new Connections(location, CONNECTIONS);
    const tables = new Tables(connections, location, onReplaced);
    super(new PostgresDatabase(location, connections, host, (work) => tables.whenThere(work)), {
      location,
      missing: 'error',
    });
    this.#location = location;
    this.#host = host;
    this.#connections = connections;
    this.#tables = tables;
    if (exclusive) this.#claim = new HostClaim(location, host);
  }

  async record(results: readonly FileResult[]): Promise<readonly FileResult[]> {
    const recordedAt = Date.now() / 1000;
    return this.#write((client) => recordAll(client, this.#host, results, recordedAt));
  }

  async forget(filter: LedgerFilter): Promise<number> {
    const { where, values } = conditions(filter, [this.#host]);
    return this.#write(async (client) => {
      const { rowCount } = await client.query(
        // In a writer's order, so that the two do not wait crosswise.
        `WITH chosen AS (SELECT path FROM pointing_files WHERE host = $1 AND state = 'failed' AND ${where}
           ORDER BY path COLLATE "C" FOR UPDATE)
         UPDATE pointing_files AS f SET state = 'waiting', attempts = 0 FROM chosen
         WHERE f.host = $1 AND f.path = chosen.path`,
        values,
      );
      return rowCount ?? 0;
    });
  }

  async waitingBelow(directory: string, limit: number): Promise<string[]> {
    const { where, values } = conditions({ under: directory }, [this.#host]);
    return this.#write(async (client) => {
      const { rows } = await client.query<{ path: string }>(
        `SELECT path FROM pointing_files WHERE host = $1 AND state = 'waiting' AND ${where} LIMIT ${limit}`,
        values,
      );
      return rows.map(({ path }) => path).filter(isWhole);
    });
  }

  async settleGone(paths: readonly string[]): Promise<void> {
    // In a writer's order, so that the two do not wait crosswise.
    const chosen = `host = $1 AND path IN (SELECT path FROM pointing_files WHERE host = $1 AND path = ANY ($2)
      ORDER BY path COLLATE "C" FOR UPDATE)`;
    await this.#write(async (client) => {
      for (const settle of [restoreGone, forgetGone]) await client.query(settle(chosen), [this.#host, paths]);
    });
  }

  async addTransits(transits: readonly TransitRow[]): Promise<number> {
    return this.#write(async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO cal_transits (src_name, transit_mjd)
         SELECT name, mjd FROM unnest($1::text[], $2::float8[]) AS t (name, mjd)
         WHERE NOT EXISTS (${sameTransit('name', 'mjd')}) ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
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
    await this.#claim?.renew();
    await this.#write(async (client) => {
      await requireWritable(client, this.#location);
      await this.#tables.compare(client);
    });
  }

  override async close(): Promise<void> {
    await this.#claim?.release();
    await super.close();
  }

  async #write<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    await this.#claim?.hold();
    return this.#tables.whenThere(() => this.#connections.transaction(LOCK_SECONDS, work));
  }
}

/** Throws a StoreError unless rows could be written into the tables that are there. The caller holds the transaction. */
export async function requireWritable(client: PoolClient, location: string): Promise<void> {
  await requireReadWrite(client, location);
  await migrationOf(client, location);
  await client.query('LOCK TABLE pointing_files, pointing_history IN ROW EXCLUSIVE MODE');
  // Before version 0.2 there were no instruments.
  const { rows } = await client.query("SELECT 1 WHERE to_regclass('pointing_instruments') IS NOT NULL");
  if (rows.length > 0) await client.query('LOCK TABLE pointing_instruments IN ROW EXCLUSIVE MODE');
}
