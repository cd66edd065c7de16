import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import type { Outcome, Pointing } from '#src/extract/outcome.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import type { FileResult } from '#src/store/store.js';
import { StoreTrouble, type TroubleKind } from '#src/store/trouble.js';
import { degrees, mjdUtc } from '#src/units.js';
import { count, historyRows, query } from '../helpers/database.js';
import { workspace } from '../helpers/workspace.js';

const version = { sizeBytes: 100, mtimeUs: 1_759_590_000_000_001, ctimeUs: 1_759_590_000_000_002 };

function pointing(mjd: number, decDeg = 54.57): Pointing {
  return {
    kind: 'hadec',
    midTimeMjdUtc: mjdUtc(mjd),
    raDeg: degrees(123.95),
    decDeg: degrees(decDeg),
    raIcrsDeg: degrees(123.45),
    decIcrsDeg: degrees(54.65),
    haDeg: degrees(0),
    lstDeg: degrees(123.95),
    nTimes: 24,
  };
}

const stored = (path: string, mjd: number, decDeg?: number): FileResult => ({
  outcome: { path, version, pointing: pointing(mjd, decDeg) },
  state: 'stored',
  attempts: 1,
});
const failed = (path: string, state: 'waiting' | 'failed' = 'failed'): FileResult => ({
  outcome: { path, version, error: { code: 'not_hdf5', message: 'it is text' } } satisfies Outcome,
  state,
  attempts: 3,
});

function open(test: TestContext) {
  const { productsDb } = workspace(test);
  const store = new SqliteStore(productsDb, { busyTimeoutMs: 50 });
  test.after(() => store.close());
  return { store, productsDb };
}

async function trouble(kind: TroubleKind, work: () => Promise<unknown>): Promise<string> {
  let message = '';
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof StoreTrouble, String(error));
    assert.equal(error.kind, kind);
    message = error.message;
    return true;
  });
  return message;
}

test('a file with a pointing has a history row and a ledger row', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6)]);
  assert.deepEqual(historyRows(productsDb), [{ timestamp: 60952.6, ra_deg: 123.95, dec_deg: 54.57 }]);
  const [row] = query<Record<string, unknown>>(productsDb, 'SELECT * FROM pointing_files');
  assert.deepEqual(
    { ...row, recorded_at: 0 },
    {
      path: '/in/a',
      size: 100,
      mtime_us: version.mtimeUs,
      ctime_us: version.ctimeUs,
      state: 'stored',
      kind: 'hadec',
      error_code: null,
      error_message: null,
      attempts: 1,
      timestamp: 60952.6,
      ra_icrs_deg: 123.45,
      dec_icrs_deg: 54.65,
      ha_deg: 0,
      recorded_at: 0,
    },
  );
});

test('the history table is exactly the one that other programs create', async (t) => {
  const { store, productsDb } = open(t);
  const theirs = new Database(productsDb);
  theirs.exec(
    'CREATE TABLE IF NOT EXISTS pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL)',
  );
  theirs.pragma('user_version = 7');
  theirs.prepare('INSERT INTO pointing_history VALUES (60000.5, 1, 2)').run();
  theirs.close();
  await store.record([stored('/in/a', 60952.6)]);
  assert.equal(historyRows(productsDb).length, 2);
  assert.deepEqual(
    query<{ name: string; type: string; pk: number }>(
      productsDb,
      "SELECT name, type, pk FROM pragma_table_info('pointing_history')",
    ),
    [
      { name: 'timestamp', type: 'REAL', pk: 1 },
      { name: 'ra_deg', type: 'REAL', pk: 0 },
      { name: 'dec_deg', type: 'REAL', pk: 0 },
    ],
  );
  assert.deepEqual(query(productsDb, 'PRAGMA user_version'), [{ user_version: 7 }]);
});

test("a changed file's new row takes the place of its old one", async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6)]);
  await store.record([stored('/in/a', 60952.7, 16.24)]);
  assert.deepEqual(historyRows(productsDb), [{ timestamp: 60952.7, ra_deg: 123.95, dec_deg: 16.24 }]);
  assert.equal(count(productsDb, 'pointing_files'), 1);
});

test('the same observation at two paths is one history row, which outlives a change of one of them', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6), stored('/copy/a', 60952.6)]);
  assert.equal(count(productsDb, 'pointing_history'), 1);
  await store.record([stored('/copy/a', 60999)]);
  assert.deepEqual(
    historyRows(productsDb).map(({ timestamp }) => timestamp),
    [60952.6, 60999],
  );
});

test('a failure keeps the position that an earlier version of the file gave', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6)]);
  await store.record([failed('/in/a')]);
  assert.equal(count(productsDb, 'pointing_history'), 1);
  const rows = [];
  for await (const row of store.ledger({ state: 'failed', code: 'not_hdf5' })) rows.push(row);
  assert.deepEqual(
    rows.map(({ path, state, errorCode, errorMessage, attempts, timestamp }) => ({
      path,
      state,
      errorCode,
      errorMessage,
      attempts,
      timestamp,
    })),
    [
      {
        path: '/in/a',
        state: 'failed',
        errorCode: 'not_hdf5',
        errorMessage: 'it is text',
        attempts: 3,
        timestamp: 60952.6,
      },
    ],
  );
});

test('standings tell the known from the unread and the changed', async (t) => {
  const { store } = open(t);
  await store.record([stored('/in/a', 60952.6), failed('/in/b'), failed('/in/c', 'waiting')]);
  const file = (path: string, change = {}) => ({ path, ...version, ...change });
  const standings = await store.standings([
    file('/in/a'),
    file('/in/b'),
    file('/in/c'),
    file('/in/d'),
    file('/in/a', { sizeBytes: 101 }),
    file('/in/a', { mtimeUs: version.mtimeUs + 1 }),
    file('/in/a', { ctimeUs: version.ctimeUs + 1 }),
  ]);
  assert.deepEqual(
    standings.map(({ standing }) => standing),
    ['stored', 'failed', 'waiting', 'unread', 'unread', 'unread', 'unread'],
  );
  assert.equal(standings[1]?.errorCode, 'not_hdf5');
});

test('forgetting a failure makes the file unread; a stored one is left', async (t) => {
  const { store } = open(t);
  await store.record([stored('/in/a', 60952.6), failed('/in/x/b'), failed('/in/y/b'), failed('/in/xy')]);
  assert.equal(await store.forget({ under: '/in/x' }), 1);
  assert.equal(await store.forget({ code: 'truncated' }), 0);
  const known = await store.standings(
    ['/in/a', '/in/x/b', '/in/y/b', '/in/xy'].map((path) => ({ path, ...version })),
  );
  assert.deepEqual(
    known.map(({ standing }) => standing),
    ['stored', 'unread', 'failed', 'failed'],
  );
});

test('history gives a range with both ends, oldest first, over many pages', async (t) => {
  const { store } = open(t);
  await store.record(Array.from({ length: 5000 }, (_, i) => stored(`/in/${i}`, 60000 + ((i * 7919) % 5000))));
  const times = [];
  for await (const { timestamp } of store.history(mjdUtc(60100), mjdUtc(64900)))
    times.push(timestamp as number);
  assert.deepEqual(
    times,
    Array.from({ length: 4801 }, (_, i) => 60100 + i),
  );
  assert.equal((await store.newest())?.timestamp, 64999);
});

test('a lock by another program is a trouble that passes, and leaves nothing half done', async (t) => {
  const { store, productsDb } = open(t);
  await store.check();
  const other = new Database(productsDb);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const message = await trouble('locked', () => store.record([stored('/in/a', 60952.6)]));
  assert.match(message, /locked by another program/);
  other.exec('ROLLBACK');
  await store.record([stored('/in/a', 60952.6)]);
  assert.equal(count(productsDb, 'pointing_files'), 1);
});

test('a file that is no database, and one put in its place', async (t) => {
  const { store, productsDb } = open(t);
  writeFileSync(productsDb, 'this is not a database, whatever its name says '.repeat(100));
  assert.match(await trouble('corrupt', () => store.check()), /put a backup in its place/);
  rmSync(productsDb);
  await store.record([stored('/in/a', 60952.6)]);
  assert.equal(count(productsDb, 'pointing_history'), 1);
});

test('a database deleted or replaced underneath is taken up as it is now', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6)]);
  rmSync(productsDb);
  await store.record([stored('/in/b', 60953.6)]);
  assert.deepEqual(
    historyRows(productsDb).map(({ timestamp }) => timestamp),
    [60953.6],
  );
  const backup = `${productsDb}.backup`;
  const other = new SqliteStore(backup, { busyTimeoutMs: 50 });
  await other.record([stored('/in/c', 60954.6)]);
  await other.close();
  renameSync(backup, productsDb);
  await store.record([stored('/in/d', 60955.6)]);
  assert.deepEqual(
    historyRows(productsDb).map(({ timestamp }) => timestamp),
    [60954.6, 60955.6],
  );
});

test('a missing directory is named', async (t) => {
  const { productsDb } = workspace(t);
  const store = new SqliteStore(`${productsDb}.d/products.sqlite3`, { busyTimeoutMs: 50 });
  assert.match(await trouble('missing', () => store.check()), /directory of the database .* does not exist/);
});

test('a read-only store neither creates nor writes', async (t) => {
  const { productsDb } = workspace(t);
  const store = new SqliteStore(productsDb, { busyTimeoutMs: 50, readOnly: true });
  await trouble('missing', () => store.newest());
  const writer = new SqliteStore(productsDb, { busyTimeoutMs: 50 });
  await writer.record([stored('/in/a', 60952.6)]);
  assert.equal((await store.newest())?.timestamp, 60952.6);
  await trouble('read_only', () => store.record([stored('/in/b', 60953.6)]));
  await writer.close();
  await store.close();
});

test('observations are history rows with their files, the first by name, and without empty rows', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/b', 60952.6), stored('/in/a', 60952.6), stored('/in/c', 60952.7)]);
  const sqlite = new Database(productsDb);
  sqlite.exec('INSERT INTO pointing_history VALUES (60952.8, 10, 20), (60952.9, NULL, 20), (60953.5, 1, 2)');
  sqlite.close();
  const rows = [];
  for await (const row of store.observations(mjdUtc(60952.6), mjdUtc(60953))) rows.push(row);
  const known = { ra_deg: 123.95, dec_deg: 54.57, raIcrsDeg: 123.45, decIcrsDeg: 54.65, haDeg: 0 };
  assert.deepEqual(rows, [
    { timestamp: 60952.6, ...known, path: '/in/a' },
    { timestamp: 60952.7, ...known, path: '/in/c' },
    {
      timestamp: 60952.8,
      ra_deg: 10,
      dec_deg: 20,
      path: null,
      raIcrsDeg: null,
      decIcrsDeg: null,
      haDeg: null,
    },
  ]);
});

test('a reader of a database that has no ledger sees an empty one, and makes none', async (t) => {
  const { productsDb } = workspace(t);
  const sqlite = new Database(productsDb);
  sqlite.exec(`CREATE TABLE pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL);
    INSERT INTO pointing_history VALUES (60952.8, 10, 20)`);
  sqlite.close();
  const reader = new SqliteStore(productsDb, { busyTimeoutMs: 50, readOnly: true });
  t.after(() => reader.close());
  assert.equal((await reader.newest())?.timestamp, 60952.8);
  for await (const { path } of reader.observations(mjdUtc(0), mjdUtc(1e5))) assert.equal(path, null);
  assert.deepEqual(query(productsDb, "SELECT name FROM sqlite_schema WHERE name = 'pointing_files'"), []);
});

test('transits are added once each', async (t) => {
  const { store, productsDb } = open(t);
  const transits = [60952.1, 60953.1].map((mjd) => ({ name: '3C286', mjdUtc: mjdUtc(mjd) }));
  assert.equal(await store.addTransits(transits.slice(0, 1)), 1);
  assert.equal(await store.addTransits(transits), 1);
  assert.deepEqual(query(productsDb, 'SELECT * FROM cal_transits ORDER BY transit_mjd'), [
    { src_name: '3C286', transit_mjd: 60952.1 },
    { src_name: '3C286', transit_mjd: 60953.1 },
  ]);
});
