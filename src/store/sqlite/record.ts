import {
  ADD_INSTRUMENT,
  boundsOf,
  EXTEND_INSTRUMENT,
  FIND_INSTRUMENT,
  identityOf,
  type Sighting,
  sightings,
} from '../instruments.js';
import { excluded, FAILURE, valuesOf, WHOLE } from '../ledger.js';
import { repeats } from '../precedence.js';
import { dropOrphan, restoreSurvivor } from '../queries.js';
import type { FileResult, LedgerEntry } from '../rows.js';
import type { SqliteFile } from './file.js';

const upsert = (columns: typeof FAILURE) => `
  INSERT INTO pointing_files (${Object.values(columns)}) VALUES (${Object.keys(columns).map((name) => `@${name}`)})
  ON CONFLICT (path) DO UPDATE SET ${excluded(columns)}`;
/** Values of `FAILURE`. */
const FAILED = upsert(FAILURE);
/** Values of `WHOLE`. */
export const STORED = upsert(WHOLE);

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
    const { path, pointing } = result.outcome;
    const there = file.prepared(THERE).get(path) as LedgerEntry | undefined;
    if (repeats(result, there)) repeated.push(result);
    file.prepared(pointing ? STORED : FAILED).run(valuesOf(result, recordedAt, ids));
    if (!pointing) continue;
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
