import { isDeepStrictEqual } from 'node:util';
import { query, type Row } from '../helpers/database.js';
import { queryAt } from '../helpers/postgres.js';

export interface LedgerRow {
  readonly path: string;
  readonly state: string;
  readonly error_code: string | null;
  readonly timestamp: number | null;
}

/** Rows of either kind of database, as another program reads them. */
export async function rowsOf<T extends object>(productsDb: string, sql: string): Promise<T[]> {
  return productsDb.startsWith('postgresql:') ? queryAt<T>(productsDb, sql) : query<T>(productsDb, sql);
}

export async function ledgerOf(productsDb: string): Promise<Map<string, LedgerRow>> {
  const sql = 'SELECT path, state, error_code, timestamp FROM pointing_files';
  return new Map((await rowsOf<LedgerRow>(productsDb, sql)).map((row) => [row.path, row]));
}

export async function historyOf(productsDb: string): Promise<Map<number, Row>> {
  const sql = 'SELECT timestamp, ra_deg, dec_deg FROM pointing_history';
  return new Map((await rowsOf<Row>(productsDb, sql)).map((row) => [row.timestamp, row]));
}

/**
 * Whether the ledger knows this file with its observation's row: only then does the row outlive the file. Another name's row can
 * leave. False where nobody can tell.
 */
export async function hasRow(productsDb: string, path: string, { timestamp }: Row): Promise<boolean> {
  try {
    const sql = `SELECT f.timestamp FROM pointing_files AS f JOIN pointing_history AS h ON h.timestamp = f.timestamp
      WHERE f.path = '${path}' AND f.timestamp = ${timestamp}`;
    return (await rowsOf(productsDb, sql)).length > 0;
  } catch {
    return false;
  }
}

/** Throws unless SQLite finds the file sound; PostgreSQL looks after its own. */
export async function requireSound(productsDb: string): Promise<void> {
  if (productsDb.startsWith('postgresql:')) return;
  const found = query(productsDb, 'PRAGMA integrity_check');
  if (!isDeepStrictEqual(found, [{ integrity_check: 'ok' }])) throw new Error(JSON.stringify(found));
}
