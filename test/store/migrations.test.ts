import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectPostgres } from '#src/store/postgres/inspection.js';
import { HISTORY_TABLE, LEDGER_TABLE } from '#src/store/postgres/schema.js';
import { inspect } from '#src/store/sqlite/inspection.js';
import { SCHEMA_OF_1 } from '#src/store/sqlite/schema.js';
import { mjdUtc } from '#src/units.js';
import { VERSION } from '#src/version.js';
import { backends, type TestDatabase } from './backends.js';
import { all, ledgerOf, problem, stored, version } from './results.js';

const EVER = [mjdUtc(0), mjdUtc(1e5)] as const;
const file = (path: string) => ({ path, ...version });

for (const { name, create } of backends()) {
  /** A database as 0.1 left it: two files, and a failure. */
  async function of01(database: TestDatabase): Promise<void> {
    const sql = name === 'SQLite' ? SCHEMA_OF_1 : `${HISTORY_TABLE};${LEDGER_TABLE}`;
    for (const statement of sql.split(';').filter((each) => each.trim())) await database.query(statement);
    const host = name === 'SQLite' ? ['', ''] : ['host, ', "'here', "];
    const { sizeBytes, mtimeUs, ctimeUs } = version;
    const row = (path: string, rest: string) =>
      `(${host[1]}'${path}', ${sizeBytes}, ${mtimeUs}, ${ctimeUs}, ${rest}, 1000.5)`;
    await database.query(
      `INSERT INTO pointing_files (${host[0]}path, size, mtime_us, ctime_us, state, kind, error_code, error_message, attempts,
         timestamp, ra_icrs_deg, dec_icrs_deg, ha_deg, recorded_at)
       VALUES ${row('/in/a', "'stored', 'hadec', NULL, NULL, 1, 60952.6, 123.45, 54.65, 0")},
         ${row('/in/b', "'stored', 'hadec', NULL, NULL, 1, 60953.6, 123.45, 54.65, 0")},
         ${row('/in/c', "'failed', NULL, 'not_hdf5', 'it is text', 1, NULL, NULL, NULL, NULL")}`,
    );
    await database.query('INSERT INTO pointing_history VALUES (60952.6, 123.95, 54.57), (60953.6, 1, 2)');
  }

  test(`${name}: a database of 0.1 is read as it is, and not changed by it`, async (t) => {
    const database = await create(t);
    await of01(database);
    const reader = await database.reader();
    assert.equal((await all(reader.history(...EVER))).length, 2);
    const [first] = await all(reader.observations(...EVER));
    assert.deepEqual([first?.path, first?.quality, first?.instrumentId], ['/in/a', null, null]);
    assert.deepEqual(await reader.instruments(), []);
    assert.equal((await ledgerOf(reader)).length, 3);
    assert.equal((await reader.failures(10)).length, 1);
    await assert.rejects(database.query('SELECT quality FROM pointing_files'));
  });

  test(`${name}: doctor looks at a database of 0.1, and changes nothing`, async (t) => {
    const database = await create(t);
    await of01(database);
    const seen = name === 'SQLite' ? inspect(database.location) : await inspectPostgres(database.location);
    assert.equal(seen.historyRows, 2);
    if ('cannotWrite' in seen) assert.equal(seen.cannotWrite, undefined);
    await assert.rejects(database.query('SELECT quality FROM pointing_files'));
    await assert.rejects(database.query('SELECT * FROM pointing_migrations'));
  });

  test(`${name}: the first writer brings it forward; files that are there are read again, and nothing else changes`, async (t) => {
    const database = await create(t);
    await of01(database);
    if (name === 'SQLite') await database.query('PRAGMA user_version = 7');
    const reader = await database.reader();
    await all(reader.observations(...EVER));
    const store = await database.store();
    const classified = () => store.classify(['/in/a', '/in/b', '/in/c'].map(file));
    assert.deepEqual(await classified(), [
      { state: 'stored', errorCode: null, incomplete: true },
      { state: 'stored', errorCode: null, incomplete: true },
      { state: 'failed', errorCode: 'not_hdf5' },
    ]);
    await store.record([stored('/in/a', 60952.6)]);
    assert.deepEqual((await classified())[0], { state: 'stored', errorCode: null });
    assert.deepEqual(
      await database.query('SELECT number, program FROM pointing_migrations ORDER BY number'),
      [1, 2].map((number) => ({ number, program: VERSION })),
    );
    if (name === 'SQLite')
      assert.deepEqual(await database.query('SELECT user_version FROM pragma_user_version'), [
        { user_version: 7 },
      ]);
    // The reader that was open sees the new columns.
    const [first] = await all(reader.observations(...EVER));
    assert.equal(first?.quality, 'even');
  });

  test(`${name}: a writer that is too old reports it, at its start and while it runs; a reader reads on`, async (t) => {
    const database = await create(t);
    const running = await database.store();
    await running.record([stored('/in/a', 60952.6)]);
    await database.query("INSERT INTO pointing_migrations VALUES (99, '9.9.9', 0)");
    const message = /newer than this program: pointing-monitor 9\.9\.9 writes to it/;
    assert.match(await problem('unusable', () => running.check()), message);
    const other = await database.store();
    assert.match(await problem('unusable', () => other.record([stored('/in/b', 60952.7)])), message);
    const reader = await database.reader();
    assert.equal((await reader.newest())?.timestamp, 60952.6);
  });

  test(`${name}: a ledger that somebody dropped is made again whole`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6)]);
    await database.query('DROP TABLE pointing_files');
    const again = await database.store();
    await again.record([stored('/in/a', 60952.6)]);
    assert.equal((await ledgerOf(again))[0]?.quality, 'even');
  });
}
