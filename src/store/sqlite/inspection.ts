import Database from 'better-sqlite3';
import { FIRST_MJD, IS_PLAUSIBLE, LAST_MJD } from '../plausible.js';
import type { HistoryRow } from '../rows.js';
import { IS_DUPLICATE } from './duplicates.js';
import { storeErrorOf } from './error.js';
import { requireKnownTables } from './migrate.js';
import type { TimestampRange } from './repair.js';

/** What a look at a products database shows. Nothing in it is changed. */
export interface Inspection {
  /** SQLite's own words where the file is damaged, else `ok`. */
  readonly integrity: string;
  readonly journalMode: string;
  /** Of pointing_history. 0 if there is no such table yet. */
  readonly historyRows: number;
  readonly newest: HistoryRow | undefined;
  /** Rows with a position in the range asked for. */
  readonly rowsInRange: number;
  /** The first few of them. */
  readonly firstInRange: readonly HistoryRow[];
  /** Rows of observations that have a file's row as well; see duplicates.ts. */
  readonly duplicateRows: number;
  /** Of the ledger; undefined if there is none yet. */
  readonly ledgerRows: number | undefined;
}

const BUSY_TIMEOUT_MS = 10_000;
const SHOWN = 3;

/** Reads only. Throws a StoreError if the database cannot be read, or is newer than this program. */
export function inspect(path: string, range: TimestampRange): Inspection {
  let sqlite: Database.Database | undefined;
  try {
    sqlite = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    requireKnownTables(sqlite, path);
    const tables = new Set(
      sqlite.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all(),
    );
    const hasHistory = tables.has('pointing_history');
    return {
      integrity: sqlite.pragma('quick_check(1)', { simple: true }) as string,
      journalMode: sqlite.pragma('journal_mode', { simple: true }) as string,
      ...(hasHistory ? inspectHistory(sqlite, range) : NO_HISTORY),
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

const NO_HISTORY = { historyRows: 0, newest: undefined, rowsInRange: 0, firstInRange: [] };

function inspectHistory(sqlite: Database.Database, { start, end }: TimestampRange) {
  const inRange = 'timestamp >= ? AND timestamp < ? AND ra_deg IS NOT NULL AND dec_deg IS NOT NULL';
  return {
    historyRows: count(sqlite, 'pointing_history'),
    newest: sqlite
      .prepare<[], HistoryRow>(
        `SELECT timestamp, ra_deg, dec_deg FROM pointing_history
         WHERE timestamp BETWEEN ${FIRST_MJD} AND ${LAST_MJD} AND ${IS_PLAUSIBLE} ORDER BY timestamp DESC LIMIT 1`,
      )
      .get(),
    rowsInRange: count(sqlite, 'pointing_history', inRange, start, end),
    firstInRange: sqlite
      .prepare<[number, number], HistoryRow>(
        `SELECT timestamp, ra_deg, dec_deg FROM pointing_history WHERE ${inRange} ORDER BY timestamp LIMIT ${SHOWN}`,
      )
      .all(start, end),
  };
}

function count(
  sqlite: Database.Database,
  table: 'pointing_history' | 'pointing_files',
  where = 'TRUE',
  ...values: number[]
): number {
  return sqlite
    .prepare<number[], number>(`SELECT count(*) FROM ${table} AS h WHERE ${where}`)
    .pluck()
    .get(...values) as number;
}
