import { StoreError } from '../../errors.js';
import { IS_REPAIRABLE, NEWEST_PLAUSIBLE } from '../plausible.js';
import type { HistoryRow } from '../rows.js';
import { Connections } from './connection.js';
import { LOCK_SECONDS, requireWritable } from './store.js';

/** What a look at a shared database shows. Nothing in it is changed. */
export interface PostgresInspection {
  readonly serverVersion: string;
  readonly user: string;
  /** Why this user could not write now; undefined where it could. */
  readonly cannotWrite: string | undefined;
  readonly sizeBytes: number;
  /** 0 if there is no history yet. */
  readonly historyRows: number;
  readonly newest: HistoryRow | undefined;
  /** Rows with the Python monitor's wrong times and a position. */
  readonly faultyRows: number;
  /** Files in the ledger by host. */
  readonly ledgerRows: Readonly<Record<string, number>>;
}

const CONNECTIONS = 1;

/** Reads only, and makes no tables. Throws a StoreError where the database cannot be read. */
export async function inspectPostgres(location: string): Promise<PostgresInspection> {
  const connections = new Connections(location, CONNECTIONS);
  try {
    await connections.requireUsable();
    const { tables, ...seen } = await connections.use(async (client) => {
      const one = async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows[0] as Row;
      const server = await one<{ serverVersion: string; user: string; sizeBytes: number; tables: boolean }>(
        `SELECT current_setting('server_version') AS "serverVersion", current_user AS user,
           pg_database_size(current_database()) AS "sizeBytes",
           to_regclass('pointing_history') IS NOT NULL AND to_regclass('pointing_files') IS NOT NULL AS tables`,
      );
      if (!server.tables) return { ...server, ...NO_TABLES };
      const rows = await one<{ historyRows: number; faultyRows: number }>(
        `SELECT count(*) AS "historyRows", count(*) FILTER (WHERE ${IS_REPAIRABLE}) AS "faultyRows"
         FROM pointing_history`,
      );
      const { rows: hosts } = await client.query<{ host: string; files: number }>(
        'SELECT host, count(*) AS files FROM pointing_files GROUP BY host ORDER BY host',
      );
      const { rows: newest } = await client.query<HistoryRow>(NEWEST_PLAUSIBLE);
      return {
        ...server,
        ...rows,
        newest: newest[0],
        ledgerRows: Object.fromEntries(hosts.map(({ host, files }) => [host, files])),
      };
    });
    return { ...seen, cannotWrite: tables ? await whyNotWritable(connections, location) : undefined };
  } finally {
    await connections.close();
  }
}

const NO_TABLES = { historyRows: 0, newest: undefined, faultyRows: 0, ledgerRows: {} };

async function whyNotWritable(connections: Connections, location: string): Promise<string | undefined> {
  try {
    await connections.transaction(LOCK_SECONDS, (client) => requireWritable(client, location));
    return undefined;
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}
