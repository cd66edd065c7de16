import type { PoolClient } from 'pg';
import { SAME_OBSERVATION_DAYS, supersedes } from '../precedence.js';
import { LEDGER_COLUMNS } from '../queries.js';
import type { FileRows, HistoryRow, LedgerRow, Merged } from '../rows.js';
import { dropOrphans, fitsLedger, quotable, upsertHistory } from './record.js';

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
  const merged = { added: 0, newer: 0, kept: 0 };
  for (const [host, ofHost] of byHost(files, ownHost)) {
    const there = await ledgerRows(client, host, ofHost);
    const winners = ofHost.filter((file) => {
      const earlier = there.get(file.path);
      return !earlier || supersedes(file, earlier);
    });
    await writeLedger(
      client,
      host,
      winners.filter(({ path }) => fitsLedger(path)),
    );
    await writeHistory(client, winners.filter(hasPosition));
    await dropOrphans(
      client,
      winners.flatMap(({ path, timestamp }) => {
        const before = there.get(path)?.timestamp;
        return typeof before !== 'number' || before === timestamp ? [] : [before];
      }),
    );
    const newer = winners.filter(({ path }) => there.has(path)).length;
    merged.newer += newer;
    merged.added += winners.length - newer;
    merged.kept += ofHost.length - winners.length;
  }
  return merged;
}

function byHost(files: readonly FileRows[], ownHost: string): Map<string, FileRows[]> {
  const hosts = new Map<string, FileRows[]>();
  for (const file of files) {
    const host = file.host ?? ownHost;
    const ofHost = hosts.get(host);
    if (ofHost) ofHost.push(file);
    else hosts.set(host, [file]);
  }
  return hosts;
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
    [host, files.map(({ path }) => path)],
  );
  return new Map(rows.map((row) => [row.path, row]));
}

async function writeLedger(client: PoolClient, host: string, files: readonly FileRows[]): Promise<void> {
  if (files.length === 0) return;
  await client.query(
    `INSERT INTO pointing_files (host, path, size, mtime_us, ctime_us, state, kind, error_code, error_message, attempts,
       timestamp, ra_icrs_deg, dec_icrs_deg, ha_deg, recorded_at)
     SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::int[], $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::float8[])
     ON CONFLICT (host, path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, ctime_us = excluded.ctime_us,
       state = excluded.state, kind = excluded.kind, error_code = excluded.error_code,
       error_message = excluded.error_message, attempts = excluded.attempts, timestamp = excluded.timestamp,
       ra_icrs_deg = excluded.ra_icrs_deg, dec_icrs_deg = excluded.dec_icrs_deg, ha_deg = excluded.ha_deg,
       recorded_at = excluded.recorded_at`,
    [
      host,
      files.map(({ path }) => path),
      files.map(({ sizeBytes }) => sizeBytes),
      files.map(({ mtimeUs }) => mtimeUs),
      files.map(({ ctimeUs }) => ctimeUs),
      files.map(({ state }) => state),
      files.map(({ kind }) => kind),
      files.map(({ errorCode }) => errorCode),
      files.map(({ errorMessage }) => errorMessage && quotable(errorMessage)),
      files.map(({ attempts }) => attempts),
      files.map(({ timestamp }) => timestamp),
      files.map(({ raIcrsDeg }) => raIcrsDeg),
      files.map(({ decIcrsDeg }) => decIcrsDeg),
      files.map(({ haDeg }) => haDeg),
      files.map(({ recordedAt }) => recordedAt),
    ],
  );
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
    `SELECT t.timestamp FROM unnest($1::float8[]) AS t (timestamp)
     WHERE EXISTS (SELECT 1 FROM pointing_files AS f
       WHERE f.timestamp BETWEEN t.timestamp - ${SAME_OBSERVATION_DAYS} AND t.timestamp + ${SAME_OBSERVATION_DAYS})`,
    [rows.map(({ timestamp }) => timestamp)],
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
    [0, 1, 2].map((column) => rows.map((row) => row[column])),
  );
  return rowCount ?? 0;
}
