import type { PoolClient } from 'pg';
import type { FileVersion, Pointing } from '../../native/outcome.js';
import type { FileResult } from '../rows.js';

/** A file that could not be opened has no version; -1 makes any later look at it a change. */
const UNOPENED: FileVersion = { sizeBytes: -1, mtimeUs: -1, ctimeUs: -1 };
/** A key of an index holds no more bytes. A longer path has its history row, but is read again at each scan. */
const LONGEST_PATH_BYTES = 2600;

type Stored = FileResult & { readonly outcome: { readonly pointing: Pointing } };

/**
 * Writes files' ledger and history rows. The caller holds the transaction. The ledger comes first and all rows by their
 * keys in order, so that two writers wait for each other and never crosswise.
 */
export async function recordAll(
  client: PoolClient,
  host: string,
  results: readonly FileResult[],
  recordedAt: number,
): Promise<void> {
  for (const round of rounds(results)) {
    const stored = round.filter((result): result is Stored => result.outcome.pointing !== undefined);
    const earlier = await earlierTimestamps(client, host, stored);
    await writeStored(
      client,
      host,
      stored.filter(({ outcome }) => fitsLedger(outcome.path)),
      recordedAt,
    );
    await writeFailed(
      client,
      host,
      round.filter((result) => !result.outcome.pointing && fitsLedger(result.outcome.path)),
      recordedAt,
    );
    await writeHistory(client, stored);
    await dropOrphans(client, orphans(stored, earlier));
  }
}

/** A statement writes a row once, so several results of one path go one after the other. */
function rounds(results: readonly FileResult[]): FileResult[][] {
  const left: Map<string, FileResult>[] = [];
  const seen = new Map<string, number>();
  for (const result of results) {
    const { path } = result.outcome;
    const round = seen.get(path) ?? 0;
    seen.set(path, round + 1);
    left[round] ??= new Map();
    left[round].set(path, result);
  }
  return left.map((round) => [...round.values()]);
}

export const fitsLedger = (path: string) => Buffer.byteLength(path) <= LONGEST_PATH_BYTES;

/** PostgreSQL's text has no NUL, and what libhdf5 quotes of a damaged file may. */
export const quotable = (words: string) => words.replaceAll('\0', '\uFFFD');

async function earlierTimestamps(
  client: PoolClient,
  host: string,
  stored: readonly Stored[],
): Promise<Map<string, number>> {
  if (stored.length === 0) return new Map();
  const { rows } = await client.query<{ path: string; timestamp: number }>(
    `SELECT path, timestamp FROM pointing_files
     WHERE host = $1 AND path = ANY ($2::text[]) AND timestamp IS NOT NULL ORDER BY path FOR UPDATE`,
    [host, stored.map(({ outcome }) => outcome.path)],
  );
  return new Map(rows.map(({ path, timestamp }) => [path, timestamp]));
}

async function writeStored(
  client: PoolClient,
  host: string,
  stored: readonly Stored[],
  recordedAt: number,
): Promise<void> {
  if (stored.length === 0) return;
  const pointings = stored.map(({ outcome }) => outcome.pointing);
  await client.query(
    `INSERT INTO pointing_files (host, path, size, mtime_us, ctime_us, attempts, state, kind, timestamp, ra_icrs_deg,
       dec_icrs_deg, ha_deg, recorded_at)
     SELECT $1, path, size, mtime_us, ctime_us, attempts, 'stored', kind, mjd, ra_icrs_deg, dec_icrs_deg, ha_deg, $2
     FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[], $8::text[], $9::float8[], $10::float8[],
       $11::float8[], $12::float8[])
       AS t (path, size, mtime_us, ctime_us, attempts, kind, mjd, ra_icrs_deg, dec_icrs_deg, ha_deg)
     ORDER BY path COLLATE "C"
     ON CONFLICT (host, path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us,
       ctime_us = excluded.ctime_us, state = excluded.state, kind = excluded.kind, error_code = NULL, error_message = NULL,
       attempts = excluded.attempts, timestamp = excluded.timestamp, ra_icrs_deg = excluded.ra_icrs_deg,
       dec_icrs_deg = excluded.dec_icrs_deg, ha_deg = excluded.ha_deg, recorded_at = excluded.recorded_at`,
    [
      host,
      recordedAt,
      ...versionColumns(stored),
      pointings.map(({ kind }) => kind),
      pointings.map(({ midTimeMjdUtc }) => midTimeMjdUtc),
      pointings.map(({ raIcrsDeg }) => raIcrsDeg),
      pointings.map(({ decIcrsDeg }) => decIcrsDeg),
      pointings.map(({ haDeg }) => haDeg),
    ],
  );
}

async function writeFailed(
  client: PoolClient,
  host: string,
  failed: readonly FileResult[],
  recordedAt: number,
): Promise<void> {
  if (failed.length === 0) return;
  await client.query(
    `INSERT INTO pointing_files (host, path, size, mtime_us, ctime_us, attempts, state, error_code, error_message, recorded_at)
     SELECT $1, path, size, mtime_us, ctime_us, attempts, state, error_code, error_message, $2
     FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[], $8::text[], $9::text[], $10::text[])
       AS t (path, size, mtime_us, ctime_us, attempts, state, error_code, error_message)
     ORDER BY path COLLATE "C"
     ON CONFLICT (host, path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us,
       ctime_us = excluded.ctime_us, state = excluded.state, error_code = excluded.error_code,
       error_message = excluded.error_message, attempts = excluded.attempts, recorded_at = excluded.recorded_at`,
    [
      host,
      recordedAt,
      ...versionColumns(failed),
      failed.map(({ state }) => state),
      failed.map(({ outcome }) => outcome.error?.code),
      failed.map(({ outcome }) => outcome.error && quotable(outcome.error.message)),
    ],
  );
}

function versionColumns(results: readonly FileResult[]): unknown[][] {
  const versions = results.map(({ outcome }) => outcome.version ?? UNOPENED);
  return [
    results.map(({ outcome }) => outcome.path),
    versions.map(({ sizeBytes }) => sizeBytes),
    versions.map(({ mtimeUs }) => mtimeUs),
    versions.map(({ ctimeUs }) => ctimeUs),
    results.map(({ attempts }) => attempts),
  ];
}

async function writeHistory(client: PoolClient, stored: readonly Stored[]): Promise<void> {
  // Of several files of one observation the last one's row stands, as it would one by one.
  const byTime = new Map(stored.map(({ outcome }) => [outcome.pointing.midTimeMjdUtc, outcome.pointing]));
  await upsertHistory(
    client,
    [...byTime.values()].map(({ midTimeMjdUtc, raDeg, decDeg }) => [midTimeMjdUtc, raDeg, decDeg]),
  );
}

/** Writes rows of timestamp, right ascension and declination, each timestamp once. An equal row that is there is not touched. */
export async function upsertHistory(
  client: PoolClient,
  rows: readonly (readonly [number, number, number])[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO pointing_history AS h (timestamp, ra_deg, dec_deg)
     SELECT mjd, ra_deg, dec_deg FROM unnest($1::float8[], $2::float8[], $3::float8[]) AS t (mjd, ra_deg, dec_deg)
     ORDER BY mjd
     ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg
       WHERE (h.ra_deg, h.dec_deg) IS DISTINCT FROM (excluded.ra_deg, excluded.dec_deg)`,
    [0, 1, 2].map((column) => rows.map((row) => row[column])),
  );
}

function orphans(stored: readonly Stored[], earlier: ReadonlyMap<string, number>): number[] {
  return stored.flatMap(({ outcome: { path, pointing } }) => {
    const before = earlier.get(path);
    return before === undefined || before === pointing.midTimeMjdUtc ? [] : [before];
  });
}

/** Deletes these history rows where no file has them any more. */
export async function dropOrphans(client: PoolClient, timestamps: readonly number[]): Promise<void> {
  if (timestamps.length === 0) return;
  // Another host's writer that is about to add the same row has its ledger row in a transaction this one cannot see: the
  // lock lets it end first, or begin its history row after.
  await client.query('LOCK TABLE pointing_history IN SHARE ROW EXCLUSIVE MODE');
  await client.query(
    `DELETE FROM pointing_history AS h WHERE timestamp = ANY ($1::float8[])
       AND NOT EXISTS (SELECT 1 FROM pointing_files AS f WHERE f.timestamp = h.timestamp)`,
    [timestamps],
  );
}
