import type Database from 'better-sqlite3';
import type { ErrorCode } from '../../errors.js';
import type { FileResult, FileState, HistoryRow, Observation } from '../store.js';

/** Rows that are brought over at a time, so that a reader of a whole history holds no more. */
export const PAGE_ROWS = 2000;

export const LEDGER_COLUMNS = `path, size AS sizeBytes, mtime_us AS mtimeUs, ctime_us AS ctimeUs, state, kind, error_code AS errorCode,
  error_message AS errorMessage, attempts, timestamp, ra_icrs_deg AS raIcrsDeg, dec_icrs_deg AS decIcrsDeg,
  ha_deg AS haDeg, recorded_at AS recordedAt`;

/** Rows with start <= timestamp <= end, of those the ones after a timestamp. */
export interface Page {
  readonly start: number;
  readonly end: number;
  readonly after: number;
}

export interface Statements {
  readonly state: Database.Statement<[string, number, number, number], FileState>;
  readonly errorCode: Database.Statement<[string], ErrorCode | null>;
  readonly timestampOf: Database.Statement<[string], number | null>;
  readonly stored: Database.Statement;
  readonly failed: Database.Statement;
  readonly addHistory: Database.Statement<[number, number, number]>;
  readonly dropOrphan: Database.Statement<{ timestamp: number }>;
  readonly history: Database.Statement<[Page], HistoryRow>;
  readonly observations: Database.Statement<[Page], Observation>;
  readonly newest: Database.Statement<[], HistoryRow>;
}

/** Every statement that is used again and again, prepared once for each opening of the file. */
export function prepareStatements(sqlite: Database.Database): Statements {
  return {
    // Nearly every file is known and unchanged, so the row itself is not brought over.
    state: sqlite
      .prepare<[string, number, number, number], FileState>(
        'SELECT state FROM pointing_files WHERE path = ? AND size = ? AND mtime_us = ? AND ctime_us = ?',
      )
      .pluck(),
    errorCode: sqlite
      .prepare<[string], ErrorCode | null>('SELECT error_code FROM pointing_files WHERE path = ?')
      .pluck(),
    timestampOf: sqlite
      .prepare<[string], number | null>('SELECT timestamp FROM pointing_files WHERE path = ?')
      .pluck(),
    stored: sqlite.prepare(`
      INSERT INTO pointing_files (path, size, mtime_us, ctime_us, state, kind, attempts, timestamp, ra_icrs_deg, dec_icrs_deg,
        ha_deg, recorded_at)
      VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, 'stored', @kind, @attempts, @midTimeMjdUtc, @raIcrsDeg, @decIcrsDeg, @haDeg,
        @recordedAt)
      ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, ctime_us = excluded.ctime_us, state = excluded.state,
        kind = excluded.kind, error_code = NULL, error_message = NULL, attempts = excluded.attempts,
        timestamp = excluded.timestamp, ra_icrs_deg = excluded.ra_icrs_deg, dec_icrs_deg = excluded.dec_icrs_deg,
        ha_deg = excluded.ha_deg, recorded_at = excluded.recorded_at`),
    failed: sqlite.prepare(`
      INSERT INTO pointing_files (path, size, mtime_us, ctime_us, state, error_code, error_message, attempts, recorded_at)
      VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, @state, @code, @message, @attempts, @recordedAt)
      ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, ctime_us = excluded.ctime_us, state = excluded.state,
        error_code = excluded.error_code, error_message = excluded.error_message, attempts = excluded.attempts,
        recorded_at = excluded.recorded_at`),
    addHistory: sqlite.prepare(`
      INSERT INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (?, ?, ?)
      ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg`),
    dropOrphan: sqlite.prepare(`
      DELETE FROM pointing_history WHERE timestamp = @timestamp
        AND NOT EXISTS (SELECT 1 FROM pointing_files WHERE pointing_files.timestamp = @timestamp)`),
    history: sqlite.prepare(`
      SELECT timestamp, ra_deg, dec_deg FROM pointing_history
      WHERE timestamp >= @start AND timestamp <= @end AND timestamp > @after ORDER BY timestamp LIMIT ${PAGE_ROWS}`),
    observations: sqlite.prepare(`
      SELECT h.timestamp, h.ra_deg, h.dec_deg, f.path, f.ra_icrs_deg AS raIcrsDeg, f.dec_icrs_deg AS decIcrsDeg,
        f.ha_deg AS haDeg
      FROM pointing_history AS h LEFT JOIN pointing_files AS f
        ON f.path = (SELECT min(path) FROM pointing_files WHERE pointing_files.timestamp = h.timestamp)
      WHERE h.timestamp >= @start AND h.timestamp <= @end AND h.timestamp > @after
        AND h.ra_deg IS NOT NULL AND h.dec_deg IS NOT NULL
      ORDER BY h.timestamp LIMIT ${PAGE_ROWS}`),
    newest: sqlite.prepare(
      'SELECT timestamp, ra_deg, dec_deg FROM pointing_history WHERE ra_deg IS NOT NULL AND dec_deg IS NOT NULL ORDER BY timestamp DESC LIMIT 1',
    ),
  };
}

/** A file that could not be opened has no version; -1 makes any later look at it a change. */
const UNOPENED = { sizeBytes: -1, mtimeUs: -1, ctimeUs: -1 };

/** Writes one file's rows. The caller holds the transaction. */
export function recordOne(
  statements: Statements,
  { outcome, state, attempts }: FileResult,
  recordedAt: number,
): void {
  const { path, pointing, error, version = UNOPENED } = outcome;
  if (!pointing) {
    statements.failed.run({ path, ...version, state, ...error, attempts, recordedAt });
    return;
  }
  const earlier = statements.timestampOf.get(path);
  statements.stored.run({ path, ...version, ...pointing, attempts, recordedAt });
  statements.addHistory.run(pointing.midTimeMjdUtc, pointing.raDeg, pointing.decDeg);
  if (typeof earlier === 'number' && earlier !== pointing.midTimeMjdUtc) {
    statements.dropOrphan.run({ timestamp: earlier });
  }
}
