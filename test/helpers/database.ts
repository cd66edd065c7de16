import type { ChildProcess } from 'node:child_process';
import Database from 'better-sqlite3';
import { waitFor } from './wait.js';

export interface Row {
  readonly timestamp: number;
  readonly ra_deg: number;
  readonly dec_deg: number;
}

/** Runs a query on the database as another program would: a handle of its own, opened and closed for it. */
export function query<T>(productsDb: string, sql: string, ...values: unknown[]): T[] {
  const database = new Database(productsDb, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    return database.prepare<unknown[], T>(sql).all(...values);
  } finally {
    database.close();
  }
}

export const historyRows = (productsDb: string) =>
  query<Row>(productsDb, 'SELECT timestamp, ra_deg, dec_deg FROM pointing_history ORDER BY timestamp');

/** How many rows, 0 before there is a database. */
export function count(
  productsDb: string,
  table: 'pointing_history' | 'pointing_files',
  where = 'TRUE',
): number {
  try {
    return query<{ n: number }>(productsDb, `SELECT count(*) AS n FROM ${table} WHERE ${where}`)[0]?.n ?? 0;
  } catch {
    return 0;
  }
}

/** Waits until the ledger has more files than these, or the process that writes them has ended. */
export const growth = (productsDb: string, files: number, writer: ChildProcess) =>
  waitFor(
    `more than ${files} files`,
    () =>
      writer.exitCode !== null || writer.signalCode !== null || count(productsDb, 'pointing_files') > files,
  );
