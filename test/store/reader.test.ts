import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '#src/errors.js';
import { JSON_PAGE_ROWS } from '#src/store/queries.js';
import type { FileResult } from '#src/store/rows.js';
import { ALWAYS, degrees, mjdUtc } from '#src/units.js';
import { byDsa110 } from '../helpers/observations.js';
import { waitFor } from '../helpers/wait.js';
import { backends } from './backends.js';
import { all, failed, pointing, stored, version } from './results.js';

const { minFrequencyHz, maxFrequencyHz } = byDsa110;
const ALL = [mjdUtc(0), mjdUtc(1e5)] as const;

async function text(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await all(pieces)).toString();
}

for (const { name, create } of backends()) {
  test(`${name}: a reader of a database without tables sees an empty history, and makes none`, async (t) => {
    const database = await create(t);
    const reader = await database.reader();
    assert.equal(typeof (await reader.version()), 'string');
    assert.equal(await reader.newest(), undefined);
    assert.deepEqual(await all(reader.history(...ALL)), []);
    assert.equal(await text(reader.historyJson(...ALL)), '');
    assert.deepEqual(await reader.failures(10), []);
    assert.equal(await reader.timestampAfter(...ALL, 0), undefined);
    await database.query('CREATE TABLE others (a integer)');
    assert.equal(await reader.newest(), undefined);
    await assert.rejects(database.query('SELECT * FROM pointing_files'));
  });

  test(`${name}: a history that was there and is gone is an error, not empty, however often it is asked for`, async (t) => {
    const database = await create(t);
    await (await database.store()).record([stored('/in/a', 60952.6)]);
    const reader = await database.reader();
    assert.ok(await reader.newest());
    await database.query('DROP TABLE pointing_history');
    for (let i = 0; i < 3; i++) await assert.rejects(reader.newest(), StoreError);
    await assert.rejects(all(reader.history(...ALL)), StoreError);
  });

  test(`${name}: of two files of one time, a row is shown with the file that gave it its position`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6, 1), stored('/in/c', 60953.6, 1)]);
    await store.record([stored('/in/b', 60952.6, 2)]);
    const reader = await database.reader();
    const paths = async () => (await all(reader.observations(...ALL))).map(({ path }) => path);
    const [first] = await all(reader.history(...ALL));
    assert.deepEqual(await paths(), ['/in/b', '/in/c']);
    assert.ok(first);
    assert.deepEqual((await reader.withFiles([first]))[0]?.path, '/in/b');
    await store.record([stored('/in/a', 60952.6, 1)]);
    assert.deepEqual(await paths(), ['/in/a', '/in/c']);
    // Which file it is of cannot be told any more.
    await database.query('UPDATE pointing_history SET dec_deg = 3');
    assert.deepEqual(await paths(), ['/in/a', '/in/c']);
  });

  test(`${name}: rows as numbers are of the file that a row is shown with, also where two have one time`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record(Array.from({ length: 9000 }, (_, i) => stored(`/in/${i}`, 50_000 + i, i % 80)));
    const reader = await database.reader();
    const check = async () => {
      await database.query(
        `UPDATE pointing_files SET duration_s = length(path), instrument_id = 1,
           kind = CASE WHEN path LIKE '%7%' THEN 'sidereal' WHEN path LIKE '%3%' THEN 'zenith' ELSE kind END`,
      );
      const pages = await all(reader.historyColumns(...ALL));
      const shown = await all(reader.observations(...ALL));
      assert.deepEqual(
        pages.flatMap((page) => [...page]),
        shown.flatMap(({ timestamp, ra_deg, dec_deg, durationSeconds, instrumentId, kind }) => [
          timestamp,
          ra_deg,
          dec_deg,
          durationSeconds,
          instrumentId,
          (minFrequencyHz + maxFrequencyHz) / 2,
          kind === 'sidereal' ? 1 : 0,
        ]),
      );
    };
    await check();
    // On the second page.
    await store.record([stored('/in/8500 again', 58_500, 30)]);
    await check();
    await store.record([stored('/in/10 again', 50_010, 30), stored('/in/8500', 58_500, 20)]);
    await check();
  });

  test(`${name}: rows by pages and as JSON are the same rows, to the last bit`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record(
      Array.from({ length: 12_345 }, (_, i) => stored(`/in/${i}`, 50_000 + i / 3, -20 + (i % 700) / 7)),
    );
    await database.query('INSERT INTO pointing_history VALUES (50000.1, NULL, 1), (50000.2, 1, NULL)');
    const reader = await database.reader();
    const rows = await all(reader.history(...ALL));
    assert.equal(rows.length, 12_345);
    assert.deepEqual(
      rows,
      [...rows].sort((a, b) => a.timestamp - b.timestamp),
    );
    assert.deepEqual((await all(reader.historyPages(...ALL))).flat(), rows);
    assert.deepEqual(JSON.parse(`[${await text(reader.historyJson(...ALL))}]`), rows);
    const timeOf = (index: number) => mjdUtc(rows[index]?.timestamp as number);
    for (const count of [1, JSON_PAGE_ROWS, JSON_PAGE_ROWS + 1]) {
      const json = await text(reader.historyJson(timeOf(0), timeOf(count - 1)));
      assert.deepEqual(JSON.parse(`[${json}]`), rows.slice(0, count));
    }
    const [start, end] = [rows[100]?.timestamp, rows[200]?.timestamp] as [(typeof ALL)[0], (typeof ALL)[0]];
    assert.deepEqual(await all(reader.history(start, end)), rows.slice(100, 201));
    assert.equal(await reader.timestampAfter(start, end, 100), end);
    assert.equal(await reader.timestampAfter(start, end, 101), undefined);
    assert.deepEqual(await reader.newest(), rows.at(-1));
    assert.deepEqual(await reader.newest({ ...ALWAYS, toMjdUtc: end }), rows[200]);
    assert.equal(await reader.newest({ ...ALWAYS, toMjdUtc: mjdUtc(49_000) }), undefined);
    assert.deepEqual(await reader.newest({ fromMjdUtc: start, toMjdUtc: start }), rows[100]);
    assert.equal(await reader.timeOfFile('/in/100'), rows[100]?.timestamp);
    assert.equal(await reader.timeOfFile('/in'), undefined);
    assert.equal(await reader.timeOfFile('/in/1\0'), undefined);
  });

  test(`${name}: rows with their files: the first by name of several, none for a row without one`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    const times = Array.from({ length: 600 }, (_, i) => 60_000 + i / 3);
    await store.record(
      times.flatMap((mjd, i) => ['b', 'a', 'c'].map((band) => stored(`/in/${band}${i}`, mjd))),
    );
    await database.query('INSERT INTO pointing_history VALUES (60500.5, 1, 2)');
    const reader = await database.reader();
    const rows = await all(reader.history(...ALL));
    const withFiles = await reader.withFiles(rows);
    assert.deepEqual(
      withFiles.map(({ path }) => path),
      [...times.map((_, i) => `/in/a${i}`), null],
    );
    assert.deepEqual(withFiles, (await all(reader.observationPages(...ALL))).flat());
  });

  test(`${name}: since when the telescope stands at its declination`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([54, 16, 54, 54.01, 54].map((decDeg, i) => stored(`/in/${i}`, 60000 + i, decDeg)));
    const reader = await database.reader();
    const newest = await reader.newest();
    assert.ok(newest);
    assert.equal(await reader.atDeclinationSince(newest, degrees(0.1)), 60002);
    assert.equal(await reader.atDeclinationSince(newest, degrees(0.001)), 60004);
    assert.equal(await reader.atDeclinationSince(newest, degrees(90)), 60000);
  });

  test(`${name}: rows of excluded instruments count for nothing, nor those of no file for 0`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    const by = (dishM: number, mjd: number, decDeg: number): FileResult => {
      const result = { ...pointing(mjd, decDeg), instrument: { ...byDsa110.instrument, dishM } };
      return { ...stored(`/in/${mjd}`, mjd), outcome: { path: `/in/${mjd}`, version, pointing: result } };
    };
    await store.record([54, 16, 16, 54].map((decDeg, i) => by(4, 60000 + i, decDeg)));
    await store.record([0, 1, 2, 3, 4].map((i) => by(14, 60000.5 + i, -30)));
    await database.query('INSERT INTO pointing_history VALUES (60002.2, 1, 80)');
    const reader = await database.reader();
    const [a, b] = (await reader.instruments()).map(({ id }) => id) as [number, number];
    const timesBut = async (excluded: number[]) =>
      (await all(reader.historyPages(...ALL, excluded))).flat().map(({ timestamp }) => timestamp);
    assert.deepEqual(await timesBut([0, b]), [60000, 60001, 60002, 60003]);
    assert.deepEqual(await timesBut([a, b]), [60002.2]);
    assert.equal((await timesBut([])).length, 10);

    assert.equal((await reader.newest())?.timestamp, 60004.5);
    assert.equal((await reader.newest(ALWAYS, [0, b]))?.timestamp, 60003);
    assert.equal((await reader.newest({ ...ALWAYS, toMjdUtc: mjdUtc(60002.9) }, [a, b]))?.timestamp, 60002.2);
    assert.equal(await reader.newest(ALWAYS, [0, a, b]), undefined);
    const second = await reader.newest({ ...ALWAYS, toMjdUtc: mjdUtc(60002) }, [0, b]);
    assert.ok(second);
    const tolerance = degrees(0.1);
    assert.equal(await reader.atDeclinationSince(second, tolerance), 60002);
    assert.equal(await reader.atDeclinationSince(second, tolerance, [0, b]), 60001);
    assert.equal(await reader.movedAfter(second, tolerance), 60002.2);
    assert.equal(await reader.movedAfter(second, tolerance, [0]), 60002.5);
    assert.equal(await reader.movedAfter(second, tolerance, [0, b]), 60003);
  });

  test(`${name}: failures, the latest first, and counts of files`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6), failed('/in/b'), failed('/in/c', 'waiting')]);
    await store.record([stored('/in/d', 60952.7), failed('/in/e')]);
    const reader = await database.reader();
    assert.deepEqual(
      (await reader.failures(10)).map(({ path, errorCode, errorMessage, attempts }) => [
        path,
        errorCode,
        errorMessage,
        attempts,
      ]),
      [
        ['/in/e', 'not_hdf5', 'it is text', 3],
        ['/in/b', 'not_hdf5', 'it is text', 3],
      ],
    );
    assert.equal((await reader.failures(1)).length, 1);
    assert.deepEqual(
      (await reader.failures(10, 'waiting')).map(({ path }) => path),
      ['/in/c'],
    );
    const counts = await reader.unsettledByCode();
    assert.deepEqual(
      new Map(counts.map(({ state, errorCode, files }) => [`${state} ${errorCode}`, files])),
      new Map([
        ['failed not_hdf5', 2],
        ['waiting not_hdf5', 1],
      ]),
    );
    assert.deepEqual(await reader.unsettledFiles(), { waiting: 1, failed: 2 });
  });

  test(`${name}: the version changes with every change by any program, and with nothing else`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6)]);
    const reader = await database.reader();
    let version = await reader.version();
    await reader.newest();
    assert.equal(await reader.version(), version);
    const changes = [
      () => store.record([stored('/in/b', 60952.7)]),
      () => store.record([failed('/in/c')]),
      () => database.query('INSERT INTO pointing_history VALUES (60952.8, 10, 20)'),
      () => database.query('DELETE FROM pointing_history WHERE timestamp = 60952.8'),
    ];
    for (const change of changes) {
      await change();
      const before = version;
      version = await waitFor('another version', async () => {
        const now = await reader.version();
        return now !== before && now;
      });
    }
  });
}
