import Database from 'better-sqlite3';
import type { MjdUtc } from '../../units.js';
import { SAME_OBSERVATION_DAYS } from '../precedence.js';
import type { HistoryRow } from '../rows.js';
import { backUp } from './backup.js';
import { IS_DUPLICATE } from './duplicates.js';
import { storeErrorOf } from './error.js';

export interface TimestampRange {
  readonly start: MjdUtc;
  /** Not included. */
  readonly end: MjdUtc;
}

/** How rows that lie in a range are to be replaced. */
export interface Replacement {
  readonly range: TimestampRange;
  /** The rows that belong in the place of these, in the same order. */
  readonly rightRows: (wrong: readonly HistoryRow[]) => readonly HistoryRow[];
}

export interface Replaced {
  readonly replaced: number;
  /** Those whose observations have their right rows already, among them rows that were replaced before (duplicates.ts). */
  readonly dropped: number;
}

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Backs up the whole database; then, in one transaction, replaces rows of pointing_history or
 * drops them if the observation has another row. Rows in the range without a position stay, as do other tables, the schema
 * and the journal mode. Throws a StoreError, and has then changed nothing.
 */
export async function replaceRows(
  path: string,
  backupPath: string,
  replacement: Replacement,
): Promise<Replaced> {
  let sqlite: Database.Database | undefined;
  try {
    await backUp(path, backupPath);
    sqlite = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    return replaceIn(sqlite, replacement);
  } catch (error) {
    throw storeErrorOf(error, path);
  } finally {
    sqlite?.close();
  }
}

function replaceIn(sqlite: Database.Database, { range, rightRows }: Replacement): Replaced {
  const select = sqlite.prepare<[number, number], HistoryRow>(`
    SELECT timestamp, ra_deg, dec_deg FROM pointing_history
    WHERE timestamp >= ? AND timestamp < ? AND ra_deg IS NOT NULL AND dec_deg IS NOT NULL ORDER BY timestamp`);
  const there = sqlite.prepare<[number, number]>(
    'SELECT 1 FROM pointing_history WHERE timestamp BETWEEN ? AND ? AND ra_deg IS NOT NULL AND dec_deg IS NOT NULL',
  );
  const remove = sqlite.prepare<[number]>('DELETE FROM pointing_history WHERE timestamp = ?');
  // OR REPLACE: what may stand at this very time is a row without a position.
  const add = sqlite.prepare<[number, number, number]>(
    'INSERT OR REPLACE INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (?, ?, ?)',
  );
  return sqlite
    .transaction(() => {
      const wrong = select.all(range.start, range.end);
      let replaced = 0;
      for (const [i, right] of rightRows(wrong).entries()) {
        remove.run((wrong[i] as HistoryRow).timestamp);
        const { timestamp } = right;
        if (there.get(timestamp - SAME_OBSERVATION_DAYS, timestamp + SAME_OBSERVATION_DAYS)) continue;
        add.run(right.timestamp, right.ra_deg, right.dec_deg);
        replaced++;
      }
      const duplicates = hasLedger(sqlite)
        ? sqlite.prepare(`DELETE FROM pointing_history AS h WHERE ${IS_DUPLICATE}`).run().changes
        : 0;
      return { replaced, dropped: wrong.length - replaced + duplicates };
    })
    .immediate();
}

const hasLedger = (sqlite: Database.Database) =>
  sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'pointing_files'").get() !==
  undefined;
