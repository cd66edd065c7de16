import { keyOf, sightingsOfFiles } from '../instruments.js';
import { LEDGER_COLUMNS } from '../ledger.js';
import { isOfFile, supersedes } from '../precedence.js';
import type { FileRows, HistoryRow, LedgerRow, Merged } from '../rows.js';
import type { SqliteFile } from './file.js';
import { instrumentIds, leaveTime, STORED } from './record.js';

/** Writes files' rows where they supersede those that are there. The caller holds the transaction. */
export function mergeFilesInto(file: SqliteFile, files: readonly FileRows[]): Merged {
  const there = file.prepared(`SELECT ${LEDGER_COLUMNS} FROM pointing_files WHERE path = ?`);
  const ids = instrumentIds(file, sightingsOfFiles(files));
  const writeHistory = file.prepared(`
    INSERT INTO pointing_history AS h (timestamp, ra_deg, dec_deg) VALUES (@timestamp, @raDeg, @decDeg)
    ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg
      WHERE h.ra_deg IS NULL OR h.dec_deg IS NULL
        OR @state = 'stored' AND NOT EXISTS (SELECT 1 FROM pointing_files AS f
          WHERE f.timestamp = @timestamp AND f.state = 'stored' AND f.recorded_at > @recordedAt)`);
  const merged = { added: 0, newer: 0, kept: 0 };
  for (const row of files) {
    const earlier = there.get(row.path) as LedgerRow | undefined;
    if (earlier && !supersedes(row, earlier)) {
      merged.kept++;
      continue;
    }
    merged[earlier ? 'newer' : 'added']++;
    const instrumentId = row.instrument && ids.get(keyOf(row.instrument));
    file.prepared(STORED).run({ ...row, instrumentId });
    if (row.raDeg !== null && row.decDeg !== null) writeHistory.run(row);
    leaveTime(file, earlier?.timestamp ?? null, row.timestamp);
  }
  return merged;
}

/** Adds history rows that have no file, of observations that are not there. The caller holds the transaction. */
export function mergeHistoryInto(file: SqliteFile, rows: readonly HistoryRow[]): number {
  const add = file.prepared(`
    INSERT INTO pointing_history AS h (timestamp, ra_deg, dec_deg) SELECT @timestamp, @ra_deg, @dec_deg
      WHERE NOT ${isOfFile('@')}
    ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg
      WHERE h.ra_deg IS NULL OR h.dec_deg IS NULL`);
  return rows.reduce((added, row) => added + add.run(row).changes, 0);
}
