import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beingRead } from '#src/ingest/read-batch.js';
import { openExistingReader } from '#src/store/open.js';
import type { FileResult } from '#src/store/rows.js';
import { mjdUtc } from '#src/units.js';
import { byDsa110 } from '../helpers/observations.js';
import { backends, type TestDatabase } from './backends.js';
import { all, failed, ledgerOf, problem, stored, version } from './results.js';

const historyRows = (database: TestDatabase) =>
  database.query<{ timestamp: number }>(
    'SELECT timestamp, ra_deg, dec_deg FROM pointing_history ORDER BY timestamp',
  );
const times = async (database: TestDatabase) =>
  (await historyRows(database)).map(({ timestamp }) => timestamp);

for (const { name, create } of backends()) {
  test(`${name}: a file with a pointing has a history row and a ledger row`, async (t) => {
    const database = await create(t);
    await (await database.store()).record([stored('/in/a', 60952.6)]);
    assert.deepEqual(await historyRows(database), [{ timestamp: 60952.6, ra_deg: 123.95, dec_deg: 54.57 }]);
    const [row] = await database.query<Record<string, unknown>>(
      `SELECT path, state, kind, error_code, error_message, attempts, timestamp, ra_icrs_deg, dec_icrs_deg, ha_deg
       FROM pointing_files`,
    );
    assert.deepEqual(row, {
      path: '/in/a',
      state: 'stored',
      kind: 'hadec',
      error_code: null,
      error_message: null,
      attempts: 1,
      timestamp: 60952.6,
      ra_icrs_deg: 123.45,
      dec_icrs_deg: 54.65,
      ha_deg: 0,
    });
  });

  test(`${name}: numbers come back to the last bit`, async (t) => {
    const store = await (await create(t)).store();
    const mjds = [60952.1, 60952 + 1 / 3, 60952.63518518519, 60952.635185185194, 47892.000000000007];
    await store.record(mjds.map((mjd, i) => stored(`/in/${i}`, mjd, 1 / (i + 3))));
    const rows = await all(store.history(mjdUtc(0), mjdUtc(1e5)));
    assert.deepEqual(
      rows.map(({ timestamp, dec_deg }) => [timestamp, dec_deg]),
      mjds.map((mjd, i) => [mjd, 1 / (i + 3)]).sort((a, b) => (a[0] as number) - (b[0] as number)),
    );
    const ledger = await ledgerOf(store);
    assert.deepEqual(
      ledger.map(({ path, sizeBytes, mtimeUs, ctimeUs, timestamp }) => ({
        path,
        sizeBytes,
        mtimeUs,
        ctimeUs,
        timestamp,
      })),
      mjds.map((timestamp, i) => ({ path: `/in/${i}`, ...version, timestamp })),
    );
  });

  test(`${name}: recording tells what the ledger already had of the same version`, async (t) => {
    const store = await (await create(t)).store();
    const first = [stored('/in/a', 60952.6), failed('/in/b'), failed('/in/c', 'waiting')];
    assert.deepEqual(await store.record(first), []);
    const [a, b] = first;
    const now = stored('/in/c', 60952.8);
    const changed = {
      ...a,
      outcome: { ...a?.outcome, version: { ...version, ctimeUs: version.ctimeUs + 1 } },
    };
    const unopened = { ...b, outcome: { ...b?.outcome, version: undefined } };
    const again = [a, b, now, changed, now, unopened, unopened] as FileResult[];
    assert.deepEqual(await store.record(again), [a, b, now]);
  });

  test(`${name}: rows of other programs stay as they are`, async (t) => {
    const database = await create(t);
    const real = name === 'SQLite' ? 'REAL' : 'double precision';
    await database.query(
      `CREATE TABLE IF NOT EXISTS pointing_history (timestamp ${real} PRIMARY KEY, ra_deg ${real}, dec_deg ${real})`,
    );
    await database.query('INSERT INTO pointing_history VALUES (60000.5, 1, 2), (60000.6, NULL, NULL)');
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6)]);
    await store.record([stored('/in/a', 60952.7)]);
    assert.deepEqual(await times(database), [60000.5, 60000.6, 60952.7]);
  });

  test(`${name}: a changed file's new row takes the place of its old one`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6), stored('/in/b', 60953)]);
    await store.record([stored('/in/a', 60952.7, 16.24)]);
    assert.deepEqual(await historyRows(database), [
      { timestamp: 60952.7, ra_deg: 123.95, dec_deg: 16.24 },
      { timestamp: 60953, ra_deg: 123.95, dec_deg: 54.57 },
    ]);
    assert.equal((await ledgerOf(store)).length, 2);
  });

  test(`${name}: several results of one file in one call count in their order`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([
      stored('/in/a', 60952.6),
      failed('/in/a'),
      stored('/in/a', 60952.7),
      stored('/in/b', 60952.6, 1),
    ]);
    assert.deepEqual(await historyRows(database), [
      { timestamp: 60952.6, ra_deg: 123.95, dec_deg: 1 },
      { timestamp: 60952.7, ra_deg: 123.95, dec_deg: 54.57 },
    ]);
    const [a] = await ledgerOf(store);
    assert.equal(a?.state, 'stored');
  });

  test(`${name}: the same observation at two paths is one history row, which outlives a change of one`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6), stored('/copy/a', 60952.6)]);
    assert.deepEqual(await times(database), [60952.6]);
    await store.record([stored('/copy/a', 60999)]);
    assert.deepEqual(await times(database), [60952.6, 60999]);
  });

  test(`${name}: a failure keeps the position that an earlier version of the file gave`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6)]);
    await store.record([failed('/in/a')]);
    assert.deepEqual(await times(database), [60952.6]);
    const rows = (await ledgerOf(store)).filter(({ state }) => state === 'failed');
    assert.deepEqual(
      rows.map(({ path, state, errorCode, errorMessage, attempts, timestamp }) => [
        path,
        state,
        errorCode,
        errorMessage,
        attempts,
        timestamp,
      ]),
      [['/in/a', 'failed', 'not_hdf5', 'it is text', 3, 60952.6]],
    );
  });

  test(`${name}: classify tells the known from the unread and the changed`, async (t) => {
    const store = await (await create(t)).store();
    await store.record([stored('/in/a', 60952.6), failed('/in/b'), failed('/in/c', 'waiting')]);
    const file = (path: string, change = {}) => ({ path, ...version, ...change });
    const classify = await store.classify([
      file('/in/a'),
      file('/in/b'),
      file('/in/c'),
      file('/in/d'),
      file('/in/a', { sizeBytes: 101 }),
      file('/in/a', { mtimeUs: version.mtimeUs + 1 }),
      file('/in/b', { ctimeUs: version.ctimeUs + 1 }),
    ]);
    assert.deepEqual(
      classify.map(({ state, errorCode }) => [state, errorCode]),
      [
        ['stored', null],
        ['failed', 'not_hdf5'],
        ['waiting', 'not_hdf5'],
        ['unread', null],
        ['unread', null],
        ['unread', null],
        ['unread', 'not_hdf5'],
      ],
    );
    assert.deepEqual(await store.classify([]), []);
  });

  test(`${name}: a file at which libhdf5 was interrupted is told from one that is to be tried as if it were new`, async (t) => {
    const store = await (await create(t)).store();
    const trial = beingRead('/in/a', version, 1);
    const interrupted = async () =>
      (await store.classify([{ path: '/in/a', ...version }])).map((file) => file.interrupted ?? false);
    await store.record([trial]);
    assert.deepEqual(await interrupted(), [true]);
    await store.record([{ ...trial, state: 'failed' }]);
    assert.deepEqual(await interrupted(), [false]);
    assert.equal(await store.forget({ code: 'timeout' }), 1);
    assert.deepEqual(await interrupted(), [false]);
    await store.record([trial]);
    assert.deepEqual(await interrupted(), [true]);
  });

  test(`${name}: forgetting a failure makes the file wait; others are left`, async (t) => {
    const store = await (await create(t)).store();
    await store.record([stored('/in/a', 60952.6), failed('/in/x/b'), failed('/in/y/b'), failed('/in/xy')]);
    assert.equal(await store.forget({ under: '/in/x' }), 1);
    assert.equal(await store.forget({ code: 'truncated' }), 0);
    const known = await store.classify(
      ['/in/a', '/in/x/b', '/in/y/b', '/in/xy'].map((path) => ({ path, ...version })),
    );
    assert.deepEqual(
      known.map(({ state }) => state),
      ['stored', 'waiting', 'failed', 'failed'],
    );
    assert.equal(await store.forget({ under: '/in/x' }), 0);
  });

  test(`${name}: strange names are names`, async (t) => {
    const store = await (await create(t)).store();
    const paths = [
      '/in/a b',
      "/in/a'b",
      '/in/a"b',
      '/in/a\\b',
      '/in/a,b',
      '/in/{a}',
      '/in/ä',
      '/in/\u{1F52D}',
      '/in/%',
      '/in/NULL',
    ];
    await store.record(paths.map((path, i) => stored(path, 60000 + i)));
    const ledger = await ledgerOf(store);
    assert.deepEqual(ledger.map(({ path }) => path).sort(), [...paths].sort());
    const classify = await store.classify(paths.map((path) => ({ path, ...version })));
    assert.ok(classify.every(({ state }) => state === 'stored'));
  });

  test(`${name}: a path as long as a path can be loses no row and stops nothing`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    // No two pieces alike: an index packs what repeats.
    const long = Array.from({ length: 4000 }, (_, i) => ((i * i * 7919 + i * 31) % 36).toString(36)).join('');
    const paths = [`/in/${long}`, '/in/a', `/in/${long}x`];
    await store.record([
      stored(paths[0] as string, 60952.6),
      stored('/in/a', 60952.7),
      failed(paths[2] as string),
    ]);
    assert.deepEqual(await times(database), [60952.6, 60952.7]);
    const known = await store.classify(paths.map((path) => ({ path, ...version })));
    assert.deepEqual(
      known.map(({ state }) => state),
      ['stored', 'stored', 'failed'],
    );
  });

  test(`${name}: words with a NUL in them are words`, async (t) => {
    const store = await (await create(t)).store();
    const outcome = { path: '/in/a', version, error: { code: 'bad_type', message: 'a \0 in it' } } as const;
    await store.record([{ outcome, state: 'failed', attempts: 1 }]);
    const [row] = await ledgerOf(store);
    assert.match(row?.errorMessage ?? '', /^a .* in it$/s);
  });

  test(`${name}: history gives a range with both ends, oldest first, over many pages`, async (t) => {
    const store = await (await create(t)).store();
    await store.record(
      Array.from({ length: 12_000 }, (_, i) => stored(`/in/${i}`, 48_000 + ((i * 7919) % 12_000))),
    );
    const found = (await all(store.history(mjdUtc(48_100), mjdUtc(59_900)))).map(
      ({ timestamp }) => timestamp as number,
    );
    assert.deepEqual(
      found,
      Array.from({ length: 11_801 }, (_, i) => 48_100 + i),
    );
    assert.equal((await store.newest())?.timestamp, 59_999);
    assert.equal((await ledgerOf(store)).length, 12_000);
    assert.equal((await all(store.observations(mjdUtc(0), mjdUtc(1e5)))).length, 12_000);
  });

  test(`${name}: observations are history rows with their files, the first by name, and without empty rows`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/b', 60952.6), stored('/in/a', 60952.6), stored('/in/c', 60952.7)]);
    await database.query(
      'INSERT INTO pointing_history VALUES (60952.8, 10, 20), (60952.9, NULL, 20), (60953.5, 1, 2)',
    );
    const known = {
      kind: 'hadec',
      ra_deg: 123.95,
      dec_deg: 54.57,
      raIcrsDeg: 123.45,
      decIcrsDeg: 54.65,
      haDeg: 0,
      durationSeconds: byDsa110.durationSeconds,
      minFrequencyHz: byDsa110.minFrequencyHz,
      maxFrequencyHz: byDsa110.maxFrequencyHz,
      quality: 'even',
      recordedAt: null,
      instrumentId: 1,
    };
    const unknown = Object.fromEntries(
      Object.keys({ path: null, ...known }).flatMap((key) =>
        /^(ra|dec)_deg$/.test(key) ? [] : [[key, null]],
      ),
    );
    const found = await all(store.observations(mjdUtc(60952.6), mjdUtc(60953)));
    const secondsAgo = found.map(({ recordedAt }) => recordedAt && Date.now() / 1000 - recordedAt);
    assert.equal(secondsAgo.pop(), null);
    assert.ok(
      secondsAgo.every((each) => each !== null && Math.abs(each) < 600),
      secondsAgo.join(),
    );
    assert.deepEqual(
      found.map((each) => ({ ...each, recordedAt: null })),
      [
        { timestamp: 60952.6, ...known, path: '/in/a' },
        { timestamp: 60952.7, ...known, path: '/in/c' },
        { timestamp: 60952.8, ra_deg: 10, dec_deg: 20, ...unknown },
      ],
    );
  });

  test(`${name}: transits are added once each`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    const transits = [60952.1, 60953.1].map((mjd) => ({ name: '3C286', mjdUtc: mjdUtc(mjd) }));
    assert.equal(await store.addTransits(transits.slice(0, 1)), 1);
    assert.equal(await store.addTransits(transits), 1);
    // A newer table of the Earth's rotation moves a transit by milliseconds.
    const again = transits.map(({ name, mjdUtc: mjd }) => ({ name, mjdUtc: mjdUtc(mjd + 1e-7) }));
    assert.equal(await store.addTransits(again), 0);
    assert.deepEqual(await database.query('SELECT * FROM cal_transits ORDER BY transit_mjd'), [
      { src_name: '3C286', transit_mjd: 60952.1 },
      { src_name: '3C286', transit_mjd: 60953.1 },
    ]);
  });

  test(`${name}: the reader of a command requires a products database, and creates none`, async (t) => {
    const database = await create(t);
    const open = () => openExistingReader(database.location);
    if (name === 'SQLite') await assert.rejects(open, /does not exist/);
    await database.query('CREATE TABLE others (a integer)');
    const reader = await open();
    t.after(() => reader.close());
    assert.match(await problem('unusable', () => reader.newest()), /not a products database/);
    await (await database.store()).record([stored('/in/a', 60952.6)]);
    assert.equal((await reader.newest())?.timestamp, 60952.6);
  });

  test(`${name}: two stores that open a new database at once both succeed`, async (t) => {
    const database = await create(t);
    const stores = await Promise.all(Array.from({ length: 4 }, () => database.store()));
    await Promise.all(stores.map((store, i) => store.record([stored(`/in/${i}`, 60000 + i)])));
    assert.deepEqual(await times(database), [60000, 60001, 60002, 60003]);
  });
}
