import {
  ADD_INSTRUMENT,
  boundsOf,
  EXTEND_INSTRUMENT,
  FIND_INSTRUMENT,
  identityOf,
  keyOf,
  type Sighting,
  sightings,
} from '../instruments.js';
import { repeats } from '../precedence.js';
import { dropOrphan, restoreSurvivor } from '../queries.js';
import type { FileResult, LedgerEntry } from '../rows.js';
import type { SqliteFile } from './file.js';

/** A file that could not be opened has no version; -1 makes any later look at it a change. */
const UNOPENED = { sizeBytes: -1, mtimeUs: -1, ctimeUs: -1 };

const COLUMNS = [
  'size',
  'mtime_us',
  'ctime_us',
  'state',
  'kind',
  'attempts',
  'timestamp',
  'ra_deg',
  'dec_deg',
  'ra_icrs_deg',
  'dec_icrs_deg',
  'ha_deg',
  'duration_s',
  'min_frequency_hz',
  'max_frequency_hz',
  'quality',
  'instrument_id',
  'recorded_at',
] as const;

const STORED = `
  INSERT INTO pointing_files (path, ${COLUMNS})
  VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, 'stored', @kind, @attempts, @midTimeMjdUtc, @raDeg, @decDeg, @raIcrsDeg,
    @decIcrsDeg, @haDeg, @durationSeconds, @minFrequencyHz, @maxFrequencyHz, @words, @instrumentId, @recordedAt)
  ON CONFLICT (path) DO UPDATE SET error_code = NULL, error_message = NULL,
    ${COLUMNS.map((column) => `${column} = excluded.${column}`)}`;
const FAILED = `
  INSERT INTO pointing_files (path, size, mtime_us, ctime_us, state, error_code, error_message, attempts, recorded_at)
  VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, @state, @code, @message, @attempts, @recordedAt)
  ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, ctime_us = excluded.ctime_us,
    state = excluded.state, error_code = excluded.error_code, error_message = excluded.error_message,
    attempts = excluded.attempts, recorded_at = excluded.recorded_at`;
const HISTORY = `
  INSERT INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (?, ?, ?)
  ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg`;

const THERE = `
  SELECT size AS sizeBytes, mtime_us AS mtimeUs, ctime_us AS ctimeUs, state, timestamp FROM pointing_files WHERE path = ?`;

/** Writes files' rows, in the order given. Returns those the ledger already had. The caller holds the transaction. */
export function recordAll(
  file: SqliteFile,
  results: readonly FileResult[],
  recordedAt: number,
): FileResult[] {
  const repeated: FileResult[] = [];
  const pointings = results.flatMap(({ outcome }) => outcome.pointing ?? []);
  const ids = instrumentIds(file, sightings(pointings));
  for (const result of results) {
    const { outcome, state, attempts } = result;
    const { path, pointing, error, version = UNOPENED } = outcome;
    const there = file.prepared(THERE).get(path) as LedgerEntry | undefined;
    if (repeats(result, there)) repeated.push(result);
    if (!pointing) {
      file.prepared(FAILED).run({ path, ...version, state, ...error, attempts, recordedAt });
      continue;
    }
    const words = pointing.quality.join(' ');
    const instrumentId = ids.get(keyOf(pointing.instrument));
    file.prepared(STORED).run({ path, ...version, ...pointing, words, instrumentId, attempts, recordedAt });
    file.prepared(HISTORY).run(pointing.midTimeMjdUtc, pointing.raDeg, pointing.decDeg);
    leaveTime(file, there?.timestamp ?? null, pointing.midTimeMjdUtc);
  }
  return repeated;
}

const LEFT = 'h.timestamp = $1';

/** What becomes of the history row at a time that a file no longer has. The caller holds the transaction. */
export function leaveTime(file: SqliteFile, earlier: number | null, now: number | null): void {
  if (earlier === null || earlier === now) return;
  file.run(dropOrphan(LEFT), [earlier]);
  file.run(restoreSurvivor(LEFT), [earlier]);
}

/** Ids of instruments by `keyOf`, which are added where they are not there. The caller holds the transaction. */
export function instrumentIds(file: SqliteFile, seen: ReadonlyMap<string, Sighting>): Map<string, number> {
  const ids = new Map<string, number>();
  for (const [key, sighting] of seen) {
    const identity = identityOf(sighting.instrument);
    const bounds = boundsOf(sighting);
    file.run(ADD_INSTRUMENT, [...identity, ...bounds]);
    const [row] = file.rows<{ id: number }>(FIND_INSTRUMENT, identity);
    const { id } = row as { id: number };
    file.run(EXTEND_INSTRUMENT, [id, ...bounds]);
    ids.set(key, id);
  }
  return ids;
}
