import type Database from 'better-sqlite3';
import { SAME_OBSERVATION_DAYS, supersedes } from '../precedence.js';
import type { FileRows } from '../snapshot.js';
import type { HistoryRow, LedgerRow, Merged } from '../store.js';
import { LEDGER_COLUMNS, type Statements } from './statements.js';

/** Writes files' rows where they supersede those that are there. The caller holds the transaction. */
export function mergeFilesInto(
  sqlite: Database.Database,
  { dropOrphan }: Statements,
  files: readonly FileRows[],
): Merged {
  const there = sqlite.prepare<[string], LedgerRow>(
    `SELECT ${LEDGER_COLUMNS} FROM pointing_files WHERE path = ?`,
  );
  const writeLedger = sqlite.prepare<[FileRows]>(`
    INSERT OR REPLACE INTO pointing_files (path, size, mtime_us, ctime_us, state, kind, error_code, error_message, attempts, timestamp,
      ra_icrs_deg, dec_icrs_deg, ha_deg, recorded_at)
    VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, @state, @kind, @errorCode, @errorMessage, @attempts, @timestamp,
      @raIcrsDeg, @decIcrsDeg, @haDeg, @recordedAt)`);
  const writeHistory = sqlite.prepare<[FileRows]>(`
    INSERT INTO pointing_history AS h (timestamp, ra_deg, dec_deg) VALUES (@timestamp, @raDeg, @decDeg)
    ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg
      WHERE h.ra_deg IS NULL OR h.dec_deg IS NULL
        OR @state = 'stored' AND NOT EXISTS (SELECT 1 FROM pointing_files AS f
          WHERE f.timestamp = @timestamp AND f.state = 'stored' AND f.recorded_at > @recordedAt)`);
  const merged = { added: 0, newer: 0, kept: 0 };
  for (const file of files) {
    const earlier = there.get(file.path);
    if (earlier && !supersedes(file, earlier)) {
      merged.kept++;
      continue;
    }
    merged[earlier ? 'newer' : 'added']++;
    writeLedger.run(file);
    if (file.raDeg !== null && file.decDeg !== null) writeHistory.run(file);
    if (earlier && earlier.timestamp !== null && earlier.timestamp !== file.timestamp)
      dropOrphan.run({ timestamp: earlier.timestamp });
  }
  return merged;
}

/** Adds history rows that have no file, of observations that are not there. The caller holds the transaction. */
export function mergeHistoryInto(sqlite: Database.Database, rows: readonly HistoryRow[]): number {
  const add = sqlite.prepare<[HistoryRow]>(`
    INSERT INTO pointing_history AS h (timestamp, ra_deg, dec_deg) SELECT @timestamp, @ra_deg, @dec_deg
      WHERE NOT EXISTS (SELECT 1 FROM pointing_files
        WHERE timestamp BETWEEN @timestamp - ${SAME_OBSERVATION_DAYS} AND @timestamp + ${SAME_OBSERVATION_DAYS})
    ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg
      WHERE h.ra_deg IS NULL OR h.dec_deg IS NULL`);
  return rows.reduce((added, row) => added + add.run(row).changes, 0);
}
