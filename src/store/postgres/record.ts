import type { PoolClient } from 'pg';
import { StoreError } from '../../errors.js';
import type { Pointing } from '../../native/outcome.js';
import { sightings } from '../instruments.js';
import { FAILURE, valuesOf, WHOLE } from '../ledger.js';
import { repeats } from '../precedence.js';
import { dropOrphan, restoreSurvivor } from '../queries.js';
import type { FileResult, LedgerEntry } from '../rows.js';
import { extendInstruments, instrumentIds } from './instruments.js';
import { ledgerPath, upsertLedger } from './ledger.js';

type Stored = FileResult & { readonly outcome: { readonly pointing: Pointing } };

/**
 * Writes files' ledger and history rows. Returns those results that the ledger already had. The caller holds the transaction. The lock
 * on the ledger comes first, as in a merge, then the instruments' rows, the ledger's and the history's, each by their keys in order:
 * writers wait for each other and never crosswise.
 */
export async function recordAll(
  client: PoolClient,
  host: string,
  results: readonly FileResult[],
  recordedAt: number,
): Promise<FileResult[]> {
  const repeated: FileResult[] = [];
  const seen = sightings(results.flatMap(({ outcome }) => outcome.pointing ?? []));
  await client.query('LOCK TABLE pointing_files IN ROW EXCLUSIVE MODE');
  const ids = await instrumentIds(client, seen);
  const all = rounds(results);
  for (const round of all) {
    const stored = round.filter((result): result is Stored => result.outcome.pointing !== undefined);
    const failed = round.filter((result) => !result.outcome.pointing);
    const there = await entries(client, host, round);
    repeated.push(...round.filter((result) => repeats(result, there.get(ledgerPath(result.outcome.path)))));
    const values = (result: FileResult) => valuesOf(result, recordedAt, ids);
    const replaced = [
      ...(await upsertLedger(client, host, stored.map(values), WHOLE)),
      ...(await upsertLedger(client, host, failed.map(values), FAILURE)),
    ];
    const unseen = replaced.find((path) => !there.has(path));
    // Its earlier time is not known here, so the history row at that time would stay.
    if (unseen !== undefined) throw new StoreError('locked', `another program has just recorded ${unseen}`);
    const gone = left(stored, there);
    // Before the first row of the history. What a later round leaves shows only then, so several rounds lock it in any case.
    if (all.length > 1 || gone.length > 0) await client.query(ALONE_IN_HISTORY);
    await writeHistory(client, stored);
    await leaveTimes(client, gone);
  }
  await extendInstruments(client, seen, ids);
  return repeated;
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

/** What the ledger has of these files, by their paths there. */
async function entries(
  client: PoolClient,
  host: string,
  results: readonly FileResult[],
): Promise<Map<string, LedgerEntry>> {
  const { rows } = await client.query<LedgerEntry & { path: string }>(
    `SELECT path, size::float8 AS "sizeBytes", mtime_us::float8 AS "mtimeUs", ctime_us::float8 AS "ctimeUs", state, timestamp
     FROM pointing_files WHERE host = $1 AND path = ANY ($2::text[]) ORDER BY path COLLATE "C" FOR UPDATE`,
    [host, results.map(({ outcome }) => ledgerPath(outcome.path))],
  );
  return new Map(rows.map((row) => [row.path, row]));
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

function left(stored: readonly Stored[], there: ReadonlyMap<string, LedgerEntry>): number[] {
  return stored.flatMap(({ outcome: { path, pointing } }) => {
    const before = there.get(ledgerPath(path))?.timestamp ?? null;
    return before === null || before === pointing.midTimeMjdUtc ? [] : [before];
  });
}

const LEFT = 'h.timestamp = ANY ($1::float8[])';

/**
 * Another host's writer that is about to add a row may have its ledger row in a transaction that this one cannot see: it ends first, or
 * begins its history rows after. Two that had a weaker lock already and asked for this one would wait for each other.
 */
const ALONE_IN_HISTORY = 'LOCK TABLE pointing_history IN SHARE ROW EXCLUSIVE MODE';

/** What becomes of the history rows at times that files no longer have. The caller keeps other writers from the history. */
export async function leaveTimes(client: PoolClient, timestamps: readonly number[]): Promise<void> {
  if (timestamps.length === 0) return;
  await client.query(dropOrphan(LEFT), [timestamps]);
  await client.query(restoreSurvivor(LEFT), [timestamps]);
}
