import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type History, mjdUtc, openHistory, StoreError, UsageError } from 'pointing-monitor';
import { cli } from '../helpers/cli.js';
import { goldenFiles } from '../helpers/golden.js';
import { fixture, workspace } from '../helpers/workspace.js';
import { backends } from '../store/backends.js';
import { all } from '../store/results.js';

const SECOND = 1 / 86400;
const ARCSEC = 1 / 3600;
const golden = goldenFiles().filter(({ path }) => path.includes('/dsa110/'));
const [earliest, , between] = golden;
const latest = golden.at(-1);

for (const { name, create } of backends()) {
  test(`${name}: what a backfill has stored, by range, newest and nearest, with ICRS positions and files`, async (t) => {
    const { location } = await create(t);
    const { code, stderr } = await cli(['backfill', fixture('dsa110'), location]);
    assert.equal(code, 0, stderr);
    await using history = await openHistory(location);

    const stored = await all(history.pointings());
    assert.equal(stored.length, golden.length);
    for (const [i, expected] of golden.entries()) {
      const found = stored[i];
      assert.equal(found?.path, expected.path);
      assert.ok(Math.abs(found.midTimeMjdUtc - expected.mjd) < 2e-9);
      assert.ok(Math.abs(found.raDeg - expected.ra_deg) < 1e-6);
      assert.ok(Math.abs(found.decDeg - expected.dec_deg) < 1e-6);
      assert.ok(Math.abs(found.raIcrsDeg - expected.ra_icrs_deg) < 1e-6);
      assert.ok(Math.abs(found.decIcrsDeg - expected.dec_icrs_deg) < 1e-6);
      assert.ok(Math.abs(found.haDeg - expected.ha_deg) < 1e-6);
      assert.ok(found.durationSeconds !== null && found.durationSeconds > 0);
      assert.equal(found.quality?.includes('even'), !found.quality?.includes('mean'));
    }
    assert.deepEqual(await history.newest(), stored.at(-1));

    const [first, second] = stored;
    assert.ok(first && second);
    const inclusive = { fromMjdUtc: first.midTimeMjdUtc, toMjdUtc: second.midTimeMjdUtc };
    assert.deepEqual(await all(history.pointings(inclusive)), [first, second]);

    const time = (mjd: number, seconds = 0) => mjdUtc(mjd + seconds * SECOND);
    assert.ok(earliest && between && latest);
    assert.equal((await history.nearest(time(between.mjd, 140), 155))?.path, between.path);
    assert.equal((await history.nearest(time(between.mjd, -140), 155))?.path, between.path);
    assert.equal(await history.nearest(time(earliest.mjd, -200), 155), undefined);
    assert.equal((await history.nearest(time(earliest.mjd, -200), 201))?.path, earliest.path);
    assert.equal((await history.nearest(time(latest.mjd), 0.001))?.path, latest.path);
  });

  test(`${name}: a row of another program gets its ICRS position, one with the wrong time is left out`, async (t) => {
    const { location, query, store } = await create(t);
    await (await store()).check();
    const [row] = golden;
    assert.ok(row);
    await query(
      `INSERT INTO pointing_history VALUES (51572.5, 1, 2), (${row.mjd}, ${row.ra_deg}, ${row.dec_deg}), (60990, NULL, 1)`,
    );
    await using history = await openHistory(location);
    const [found, ...others] = await all(history.pointings());
    assert.deepEqual(others, []);
    assert.equal(found?.path, null);
    const cosDec = Math.cos((row.dec_icrs_deg * Math.PI) / 180);
    assert.ok(Math.abs(found.raIcrsDeg - row.ra_icrs_deg) * cosDec < 0.1 * ARCSEC);
    assert.ok(Math.abs(found.decIcrsDeg - row.dec_icrs_deg) < 0.1 * ARCSEC);
    assert.deepEqual(await history.newest(), found);
  });

  test(`${name}: right ascensions of another program are from 0 up to 360`, async (t) => {
    const { location, query, store } = await create(t);
    await (await store()).check();
    await query(
      'INSERT INTO pointing_history VALUES (60952.1, -10, 2), (60952.2, 360, 2), (60952.3, 350, 2)',
    );
    await using history = await openHistory(location);
    const found = await all(history.pointings());
    assert.deepEqual(
      found.map(({ raDeg }) => raDeg),
      [350, 0, 350],
    );
  });

  test(`${name}: an empty history has nothing, a closed one refuses`, async (t) => {
    const { location, store } = await create(t);
    await (await store()).check();
    const history = await openHistory(location);
    assert.deepEqual(await all(history.pointings()), []);
    assert.equal(await history.newest(), undefined);
    assert.equal(await history.nearest(mjdUtc(60952), 1e9), undefined);
    await history.close();
    await history.close();
    for (const ask of asks(history)) await assert.rejects(ask, /^UsageError: the history is closed$/);
  });
}

const asks = (history: History) => [
  () => all(history.pointings()),
  () => history.newest(),
  () => history.nearest(mjdUtc(60952), 155),
];

test('what the caller can correct is a UsageError, a failing database a StoreError', async (t) => {
  const { productsDb } = workspace(t);
  await assert.rejects(openHistory(productsDb), UsageError);
  await assert.rejects(openHistory('mysql://host/products'), UsageError);
  await using damaged = await openHistory(fixture('uvh5/zen.2459122.25108.sum.uvh5'));
  for (const ask of asks(damaged)) {
    await assert.rejects(ask, (error) => error instanceof StoreError && error.kind === 'corrupt');
  }
  const backwards = { fromMjdUtc: mjdUtc(60953), toMjdUtc: mjdUtc(60952) };
  await assert.rejects(all(damaged.pointings(backwards)), UsageError);
  await assert.rejects(damaged.nearest(mjdUtc(60952), -1), UsageError);
  for (const extent of [{ radiusDeg: 1, response: 0.5 }, { radiusDeg: Number.NaN }, { response: 2 }])
    await assert.rejects(damaged.observed('3C286', extent), UsageError);
});
