import Database from 'better-sqlite3';
import { IS_REPAIRABLE } from '../plausible.js';
import { SAME_OBSERVATION_DAYS, sameDirection } from '../precedence.js';
import type { HistoryRow } from '../rows.js';
import { backUp } from './backup.js';
import { IS_DUPLICATE } from './duplicates.js';
import { storeErrorOf } from './error.js';
import { BUSY_TIMEOUT_MS } from './file.js';
import { hasTables } from './migrate.js';

/** The rows that belong in the place of these, in the same order. */
type RightRows = (wrong: readonly HistoryRow[]) => readonly HistoryRow[];

export interface Replaced {
  readonly replaced: number;
  /** Those whose observations have their right rows already, among them rows that were replaced before (duplicates.ts). */
  readonly dropped: number;
}

/**
 * Backs up the whole database; then, in one transaction, replaces the rows of pointing_history with the Python monitor's wrong
 * times, or drops them if the observation has another row. Those without a position stay, as do other tables, the schema and the
 * journal mode. Throws a StoreError, and has then changed nothing.
 */
export async function replaceRows(path: string, backupPath: string, rightRows: RightRows): Promise<Replaced> {
  let sqlite: Database.Database | undefined;
  try {
    await backUp(path, backupPath);
    sqlite = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS.long });
    return replaceIn(sqlite, rightRows);
  } catch (error) {
    throw storeErrorOf(error, path);
  } finally {
    sqlite?.close();
  }
}

function replaceIn(sqlite: Database.Database, rightRows: RightRows): Replaced {
  const select = sqlite.prepare<[], HistoryRow>(
    `SELECT timestamp, ra_deg, dec_deg FROM pointing_history WHERE ${IS_REPAIRABLE} ORDER BY timestamp`,
  );
  const there = sqlite.prepare<HistoryRow>(
    `SELECT 1 FROM pointing_history AS h WHERE timestamp BETWEEN @timestamp - ${SAME_OBSERVATION_DAYS}
       AND @timestamp + ${SAME_OBSERVATION_DAYS} AND ${sameDirection('h.', '@')}`,
  );
  const remove = sqlite.prepare<[number]>('DELETE FROM pointing_history WHERE timestamp = ?');
  // OR REPLACE: what may stand at this very time is a row without a position.
  const add = sqlite.prepare<[number, number, number]>(
    'INSERT OR REPLACE INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (?, ?, ?)',
  );
  return sqlite
    .transaction(() => {
      const wrong = select.all();
      let replaced = 0;
      for (const [i, right] of rightRows(wrong).entries()) {
        remove.run((wrong[i] as HistoryRow).timestamp);
        if (there.get(right)) continue;
        add.run(right.timestamp, right.ra_deg, right.dec_deg);
        replaced++;
      }
      const duplicates = hasTables(sqlite, ['pointing_files'])
        ? sqlite.prepare(`DELETE FROM pointing_history AS h WHERE ${IS_DUPLICATE}`).run().changes
        : 0;
      return { replaced, dropped: wrong.length - replaced + duplicates };
    })
    .immediate();
}
