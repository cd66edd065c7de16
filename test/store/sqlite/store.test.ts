import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { openSqliteReader } from '#src/store/sqlite/reader.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { mjdUtc } from '#src/units.js';
import { count, historyRows, query } from '../../helpers/database.js';
import { workspace } from '../../helpers/workspace.js';
import { problem, stored } from '../results.js';

function open(test: TestContext) {
  const { productsDb } = workspace(test);
  const store = new SqliteStore(productsDb, { lockWait: 'short' });
  test.after(() => store.close());
  return { store, productsDb };
}

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

test('a lock by another program is an error that passes, and leaves nothing half done', async (t) => {
  const { store, productsDb } = open(t);
  await store.check();
  const other = new Database(productsDb);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const message = await problem('locked', () => store.record([stored('/in/a', 60952.6)]));
  assert.match(message, /locked by another program/);
  other.exec('ROLLBACK');
  await store.record([stored('/in/a', 60952.6)]);
  assert.equal(count(productsDb, 'pointing_files'), 1);
});

test('a file that is no database, and one put in its place', async (t) => {
  const { store, productsDb } = open(t);
  writeFileSync(productsDb, 'this is not a database, whatever its name says '.repeat(100));
  assert.match(await problem('corrupt', () => store.check()), /put a backup in its place/);
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
  const other = new SqliteStore(backup, { lockWait: 'short' });
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
  const store = new SqliteStore(`${productsDb}.d/products.sqlite3`, { lockWait: 'short' });
  assert.match(await problem('missing', () => store.check()), /directory of the database .* does not exist/);
});

test('a reader of a database that has no ledger sees an empty one, and makes none', async (t) => {
  const { productsDb } = workspace(t);
  const sqlite = new Database(productsDb);
  sqlite.exec(`CREATE TABLE pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL);
    INSERT INTO pointing_history VALUES (60952.8, 10, 20)`);
  sqlite.close();
  const reader = openSqliteReader({ location: productsDb, missing: 'error', lockWait: 'short' });
  t.after(() => reader.close());
  assert.equal((await reader.newest())?.timestamp, 60952.8);
  for await (const { path } of reader.observations(mjdUtc(0), mjdUtc(1e5))) assert.equal(path, null);
  assert.deepEqual(query(productsDb, "SELECT name FROM sqlite_schema WHERE name = 'pointing_files'"), []);
});
