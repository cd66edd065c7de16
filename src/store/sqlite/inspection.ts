import Database from 'better-sqlite3';
import { IS_REPAIRABLE, NEWEST_PLAUSIBLE } from '../plausible.js';
import type { HistoryRow } from '../rows.js';
import { IS_DUPLICATE } from './duplicates.js';
import { storeErrorOf } from './error.js';
import { BUSY_TIMEOUT_MS } from './file.js';
import { requireKnownTables } from './migrate.js';

/** What a look at a products database shows. Nothing in it is changed. */
export interface Inspection {
  /** SQLite's own words where the file is damaged, else `ok`. */
  readonly integrity: string;
  readonly journalMode: string;
  /** Of pointing_history. 0 if there is no such table yet. */
  readonly historyRows: number;
  readonly newest: HistoryRow | undefined;
  /** Rows with the Python monitor's wrong times and a position. */
  readonly faultyRows: number;
  /** The first few of them. */
  readonly firstFaulty: readonly HistoryRow[];
  /** Rows of observations that have a file's row as well; see duplicates.ts. */
  readonly duplicateRows: number;
  /** Of the ledger; undefined if there is none yet. */
  readonly ledgerRows: number | undefined;
}

const SHOWN = 3;

/** Reads only. Throws a StoreError if the database cannot be read, or is newer than this program. */
export function inspect(path: string): Inspection {
  let sqlite: Database.Database | undefined;
  try {
    sqlite = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS.long });
    requireKnownTables(sqlite, path);
    const tables = new Set(
      sqlite.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all(),
    );
    const hasHistory = tables.has('pointing_history');
    return {
      integrity: sqlite.pragma('quick_check(1)', { simple: true }) as string,
      journalMode: sqlite.pragma('journal_mode', { simple: true }) as string,
      ...(hasHistory ? inspectHistory(sqlite) : NO_HISTORY),
      ledgerRows: tables.has('pointing_files') ? count(sqlite, 'pointing_files') : undefined,
      duplicateRows:
        hasHistory && tables.has('pointing_files') ? count(sqlite, 'pointing_history', IS_DUPLICATE) : 0,
    };
  } catch (error) {
    throw storeErrorOf(error, path);
  } finally {
    sqlite?.close();
  }
}

const NO_HISTORY = { historyRows: 0, newest: undefined, faultyRows: 0, firstFaulty: [] };

function inspectHistory(sqlite: Database.Database) {
  return {
    historyRows: count(sqlite, 'pointing_history'),
    newest: sqlite.prepare<[], HistoryRow>(NEWEST_PLAUSIBLE).get(),
    faultyRows: count(sqlite, 'pointing_history', IS_REPAIRABLE),
    firstFaulty: sqlite
      .prepare<[], HistoryRow>(
        `SELECT timestamp, ra_deg, dec_deg FROM pointing_history WHERE ${IS_REPAIRABLE} ORDER BY timestamp LIMIT ${SHOWN}`,
      )
      .all(),
  };
}

function count(
  sqlite: Database.Database,
  table: 'pointing_history' | 'pointing_files',
  where = 'TRUE',
): number {
  return sqlite.prepare(`SELECT count(*) FROM ${table} AS h WHERE ${where}`).pluck().get() as number;
}
