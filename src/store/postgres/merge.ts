import type { PoolClient } from 'pg';
import { grouped } from '../../maps.js';
import { keyOf, sightingsOfFiles } from '../instruments.js';
import { LEDGER_COLUMNS, WHOLE } from '../ledger.js';
import { isOfFile, supersedes } from '../precedence.js';
import type { FileRows, HistoryRow, LedgerRow, Merged } from '../rows.js';
import { extendInstruments, instrumentIds } from './instruments.js';
import { ledgerPath, upsertLedger } from './ledger.js';
import { leaveTimes, upsertHistory } from './record.js';

/**
 * What is there must not change between the look and the writing, so other writers wait; readers do not. A ledger that grows
 * so fast has no statistics yet, and plans made without seem worth compiling, which takes ten times as long as they run.
 */
const ALONE = `SET LOCAL jit = off; LOCK TABLE pointing_files, pointing_history IN SHARE ROW EXCLUSIVE MODE`;

type Positioned = FileRows & { readonly timestamp: number; readonly raDeg: number; readonly decDeg: number };

/** Writes files' rows where they supersede those that are there. The caller holds the transaction. */
export async function mergeFilesInto(
  client: PoolClient,
  ownHost: string,
  files: readonly FileRows[],
): Promise<Merged> {
  await client.query(ALONE);
  const seen = sightingsOfFiles(files);
  const ids = await instrumentIds(client, seen);
  const merged = { added: 0, newer: 0, kept: 0 };
  for (const [host, ofHost] of grouped(files, (file) => file.host ?? ownHost)) {
    const there = await ledgerRows(client, host, ofHost);
    const winners = ofHost.filter((file) => {
      const earlier = there.get(ledgerPath(file.path));
      return !earlier || supersedes(file, earlier);
    });
    const rows = winners.map((file) => ({
      ...file,
      instrumentId: (file.instrument && ids.get(keyOf(file.instrument))) ?? null,
    }));
    await upsertLedger(client, host, rows, WHOLE);
    await writeHistory(client, winners.filter(hasPosition));
    await leaveTimes(
      client,
      winners.flatMap(({ path, timestamp }) => {
        const before = there.get(ledgerPath(path))?.timestamp;
        return typeof before !== 'number' || before === timestamp ? [] : [before];
      }),
    );
    const newer = winners.filter(({ path }) => there.has(ledgerPath(path))).length;
    merged.newer += newer;
    merged.added += winners.length - newer;
    merged.kept += ofHost.length - winners.length;
  }
  await extendInstruments(client, seen, ids);
  return merged;
}

async function ledgerRows(
  client: PoolClient,
  host: string,
  files: readonly FileRows[],
): Promise<Map<string, LedgerRow>> {
  // LIMIT has each path looked up by the key: a scan of the whole ledger for each page takes as long as the ledger is.
  const { rows } = await client.query<LedgerRow>(
    `SELECT f.* FROM unnest($2::text[]) AS t (path),
       LATERAL (SELECT ${LEDGER_COLUMNS} FROM pointing_files WHERE host = $1 AND path = t.path LIMIT 1) AS f`,
    [host, files.map(({ path }) => ledgerPath(path))],
  );
  return new Map(rows.map((row) => [row.path, row]));
}

const hasPosition = (file: FileRows): file is Positioned =>
  file.timestamp !== null && file.raDeg !== null && file.decDeg !== null;

/** The position of the file recorded last stands, of those that are there and these. */
async function writeHistory(client: PoolClient, files: readonly Positioned[]): Promise<void> {
  const { rows } = await client.query<{ i: number }>(
    `SELECT i::int - 1 AS i FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS t (mjd, recorded_at, i),
       LATERAL (SELECT FROM pointing_files AS f
         WHERE f.timestamp = t.mjd AND f.state = 'stored' AND f.recorded_at > t.recorded_at LIMIT 1) AS later`,
    [files.map(({ timestamp }) => timestamp), files.map(({ recordedAt }) => recordedAt)],
  );
  const outdone = new Set(rows.map(({ i }) => files[i]));
  const isLatest = (file: Positioned) => file.state === 'stored' && !outdone.has(file);
  await upsertHistory(client, onePerTime(files.filter(isLatest)));
  await addHistory(client, onePerTime(files.filter((file) => !isLatest(file))));
}

const onePerTime = (files: readonly Positioned[]) => [
  ...new Map(
    files.map(({ timestamp, raDeg, decDeg }) => [timestamp, [timestamp, raDeg, decDeg] as const]),
  ).values(),
];

/** Adds history rows that have no file, of observations that are not there. The caller holds the transaction. */
export async function mergeHistoryInto(client: PoolClient, rows: readonly HistoryRow[]): Promise<number> {
  await client.query(ALONE);
  const { rows: known } = await client.query<{ timestamp: number }>(
    `SELECT t.timestamp FROM unnest($1::float8[], $2::float8[], $3::float8[]) AS t (timestamp, ra_deg, dec_deg)
     WHERE ${isOfFile('t.')}`,
    columnsOf(rows.map(({ timestamp, ra_deg, dec_deg }) => [timestamp, ra_deg, dec_deg])),
  );
  const has = new Set(known.map(({ timestamp }) => timestamp));
  return addHistory(
    client,
    rows.flatMap(({ timestamp, ra_deg, dec_deg }) =>
      has.has(timestamp) ? [] : [[timestamp, ra_deg, dec_deg]],
    ),
  );
}

/** Adds rows of timestamp, right ascension and declination where no position is there, and gives how many it added. */
async function addHistory(
  client: PoolClient,
  rows: readonly (readonly [number, number, number])[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const { rowCount } = await client.query(
    `INSERT INTO pointing_history AS h (timestamp, ra_deg, dec_deg)
     SELECT * FROM unnest($1::float8[], $2::float8[], $3::float8[]) ORDER BY 1
     ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg
       WHERE h.ra_deg IS NULL OR h.dec_deg IS NULL`,
    columnsOf(rows),
  );
  return rowCount ?? 0;
}

const columnsOf = (rows: readonly (readonly [number, number, number])[]) =>
  [0, 1, 2].map((column) => rows.map((row) => row[column]));
