import type { FileResult } from '../rows.js';
import type { SqliteFile } from './file.js';

/** A file that could not be opened has no version; -1 makes any later look at it a change. */
const UNOPENED = { sizeBytes: -1, mtimeUs: -1, ctimeUs: -1 };

const STORED = `
  INSERT INTO pointing_files (path, size, mtime_us, ctime_us, state, kind, attempts, timestamp, ra_icrs_deg, dec_icrs_deg,
    ha_deg, recorded_at)
  VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, 'stored', @kind, @attempts, @midTimeMjdUtc, @raIcrsDeg, @decIcrsDeg, @haDeg,
    @recordedAt)
  ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, ctime_us = excluded.ctime_us,
    state = excluded.state, kind = excluded.kind, error_code = NULL, error_message = NULL, attempts = excluded.attempts,
    timestamp = excluded.timestamp, ra_icrs_deg = excluded.ra_icrs_deg, dec_icrs_deg = excluded.dec_icrs_deg,
    ha_deg = excluded.ha_deg, recorded_at = excluded.recorded_at`;
const FAILED = `
  INSERT INTO pointing_files (path, size, mtime_us, ctime_us, state, error_code, error_message, attempts, recorded_at)
  VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, @state, @code, @message, @attempts, @recordedAt)
  ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, ctime_us = excluded.ctime_us,
    state = excluded.state, error_code = excluded.error_code, error_message = excluded.error_message,
    attempts = excluded.attempts, recorded_at = excluded.recorded_at`;
const HISTORY = `
  INSERT INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (?, ?, ?)
  ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg`;
const DROP_ORPHAN = `
  DELETE FROM pointing_history WHERE timestamp = @timestamp
    AND NOT EXISTS (SELECT 1 FROM pointing_files WHERE pointing_files.timestamp = @timestamp)`;

/** Writes one file's rows. The caller holds the transaction. */
export function recordOne(
  file: SqliteFile,
  { outcome, state, attempts }: FileResult,
  recordedAt: number,
): void {
  const { path, pointing, error, version = UNOPENED } = outcome;
  if (!pointing) {
    file.prepared(FAILED).run({ path, ...version, state, ...error, attempts, recordedAt });
    return;
  }
  const earlier = file.prepared('SELECT timestamp FROM pointing_files WHERE path = ?').get(path) as
    | { timestamp: number | null }
    | undefined;
  file.prepared(STORED).run({ path, ...version, ...pointing, attempts, recordedAt });
  file.prepared(HISTORY).run(pointing.midTimeMjdUtc, pointing.raDeg, pointing.decDeg);
  leaveTime(file, earlier?.timestamp ?? null, pointing.midTimeMjdUtc);
}

/** What becomes of the history row at a time that a file no longer has. The caller holds the transaction. */
export function leaveTime(file: SqliteFile, earlier: number | null, now: number | null): void {
  if (earlier !== null && earlier !== now) file.prepared(DROP_ORPHAN).run({ timestamp: earlier });
}
