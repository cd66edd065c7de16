import { keyOf, sightings } from '../instruments.js';
import { SAME_OBSERVATION_DAYS, supersedes } from '../precedence.js';
import { LEDGER_COLUMNS } from '../queries.js';
import type { FileRows, HistoryRow, LedgerRow, Merged } from '../rows.js';
import type { SqliteFile } from './file.js';
import { instrumentIds, leaveTime } from './record.js';

/** Writes files' rows where they supersede those that are there. The caller holds the transaction. */
export function mergeFilesInto(file: SqliteFile, files: readonly FileRows[]): Merged {
  const there = file.prepared(`SELECT ${LEDGER_COLUMNS} FROM pointing_files WHERE path = ?`);
  const observations = files.flatMap(({ instrument, timestamp, ...file }) =>
    instrument && timestamp !== null ? [{ ...file, instrument, midTimeMjdUtc: timestamp }] : [],
  );
  const ids = instrumentIds(file, sightings(observations));
  const writeLedger = file.prepared(`
    INSERT OR REPLACE INTO pointing_files (path, size, mtime_us, ctime_us, state, kind, error_code, error_message, attempts,
      timestamp, ra_deg, dec_deg, ra_icrs_deg, dec_icrs_deg, ha_deg, recorded_at, duration_s, min_frequency_hz,
      max_frequency_hz, quality, instrument_id)
    VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, @state, @kind, @errorCode, @errorMessage, @attempts, @timestamp, @raDeg,
      @decDeg, @raIcrsDeg, @decIcrsDeg, @haDeg, @recordedAt, @durationSeconds, @minFrequencyHz, @maxFrequencyHz, @quality,
      @instrumentId)`);
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
    writeLedger.run({ ...row, instrumentId });
    if (row.raDeg !== null && row.decDeg !== null) writeHistory.run(row);
    leaveTime(file, earlier?.timestamp ?? null, row.timestamp);
  }
  return merged;
}

/** Adds history rows that have no file, of observations that are not there. The caller holds the transaction. */
export function mergeHistoryInto(file: SqliteFile, rows: readonly HistoryRow[]): number {
  const add = file.prepared(`
    INSERT INTO pointing_history AS h (timestamp, ra_deg, dec_deg) SELECT @timestamp, @ra_deg, @dec_deg
      WHERE NOT EXISTS (SELECT 1 FROM pointing_files
        WHERE timestamp BETWEEN @timestamp - ${SAME_OBSERVATION_DAYS} AND @timestamp + ${SAME_OBSERVATION_DAYS})
    ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg
      WHERE h.ra_deg IS NULL OR h.dec_deg IS NULL`);
  return rows.reduce((added, row) => added + add.run(row).changes, 0);
}
