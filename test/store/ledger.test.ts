/** The ledger and the history compared as rows: what another program changed is read again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latestMjdUtc } from '#src/store/plausible.js';
import { backends, type TestDatabase } from './backends.js';
import { failed, pointing, stored, version } from './results.js';

const history = async (database: TestDatabase) =>
  (
    await database.query<{ timestamp: number; dec_deg: number }>(
      'SELECT timestamp, dec_deg FROM pointing_history ORDER BY timestamp',
    )
  ).map(({ timestamp, dec_deg }) => [timestamp, dec_deg]);

for (const { name, create } of backends()) {
  async function prepared(t: Parameters<typeof create>[0]) {
    const database = await create(t);
    const store = await database.store();
    const states = async (...paths: string[]) =>
      (await store.classify(paths.map((path) => ({ path, ...version })))).map(({ state }) => state);
    return { database, store, states };
  }

  test(`${name}: a file whose history row another program deleted is unread`, async (t) => {
    const { database, store, states } = await prepared(t);
    await store.record([stored('/in/a', 60952.6), stored('/in/b', 60953.6)]);
    assert.deepEqual(await states('/in/a', '/in/b'), ['stored', 'stored']);
    assert.deepEqual(await store.unmatchedFiles(), { files: 0, first: [] });
    await database.query('DELETE FROM pointing_history WHERE timestamp = 60952.6');
    assert.deepEqual(await states('/in/a', '/in/b'), ['unread', 'stored']);
    assert.deepEqual(await store.unmatchedFiles(), { files: 1, first: ['/in/a'] });
    await store.record([stored('/in/a', 60952.6)]);
    assert.deepEqual(await states('/in/a', '/in/b'), ['stored', 'stored']);
  });

  test(`${name}: a file whose history row another program changed is unread`, async (t) => {
    const { database, store, states } = await prepared(t);
    await store.record([stored('/in/a', 60952.6), stored('/in/b', 60953.6), stored('/in/c', 60954.6)]);
    await database.query('UPDATE pointing_history SET dec_deg = 1 WHERE timestamp = 60952.6');
    await database.query('UPDATE pointing_history SET ra_deg = NULL WHERE timestamp = 60953.6');
    assert.deepEqual(await states('/in/a', '/in/b', '/in/c'), ['unread', 'unread', 'stored']);
  });

  test(`${name}: of two files of one time with different positions both are stored, and neither is read forever`, async (t) => {
    const { database, store, states } = await prepared(t);
    await store.record([stored('/in/a', 60952.6, 1)]);
    await store.record([stored('/in/b', 60952.6, 2)]);
    assert.deepEqual(await history(database), [[60952.6, 2]]);
    assert.deepEqual(await states('/in/a', '/in/b'), ['stored', 'stored']);
    await database.query('UPDATE pointing_history SET dec_deg = 3');
    assert.deepEqual(await states('/in/a', '/in/b'), ['unread', 'unread']);
  });

  test(`${name}: a file that leaves its time gives the row back to the file that stays`, async (t) => {
    const { database, store, states } = await prepared(t);
    await store.record([stored('/in/a', 60952.6, 1)]);
    await store.record([stored('/in/b', 60952.6, 2)]);
    await store.record([stored('/in/b', 60953.6, 2)]);
    assert.deepEqual(await history(database), [
      [60952.6, 1],
      [60953.6, 2],
    ]);
    assert.deepEqual(await states('/in/a', '/in/b'), ['stored', 'stored']);
  });

  test(`${name}: a failed file keeps its position, and gives it back`, async (t) => {
    const { database, store } = await prepared(t);
    await store.record([stored('/in/a', 60952.6, 1)]);
    await store.record([failed('/in/a')]);
    await store.record([stored('/in/b', 60952.6, 2)]);
    await store.record([stored('/in/b', 60953.6, 2)]);
    assert.deepEqual(await history(database), [
      [60952.6, 1],
      [60953.6, 2],
    ]);
  });

  test(`${name}: instruments are kept once each, with their first and last observation to the hour`, async (t) => {
    const { store } = await prepared(t);
    const by = (path: string, mjd: number, name: string, dishM: number | null) => {
      const { site } = pointing(mjd).instrument;
      const result = stored(path, mjd);
      return {
        ...result,
        outcome: { path, version, pointing: { ...pointing(mjd), instrument: { name, site, dishM } } },
      };
    };
    await store.record([by('/in/a', 60952.6, 'HERA', null), by('/in/b', 60950.6, 'HERA', null)]);
    await store.record([by('/in/c', 60953.6, 'HERA', null), by('/in/d', 60953.6, 'HERA', 14)]);
    await store.record([by('/in/e', 60953.61, 'HERA', null), by('/in/f', 60954, 'with a \0', 1)]);
    const found = await store.instruments();
    assert.deepEqual(
      found.map(({ name, dishM, firstMjdUtc, lastMjdUtc }) => [
        name.replace(/\0|\uFFFD/, '?'),
        dishM,
        firstMjdUtc,
        lastMjdUtc,
      ]),
      [
        ['HERA', null, 60950.6, 60953.6],
        ['HERA', 14, 60953.6, 60953.6],
        ['with a ?', 1, 60954, 60954],
      ],
    );
    assert.deepEqual(found[0]?.site, pointing(1).instrument.site);
  });

  test(`${name}: a header time in the future moves an instrument's bounds to the present at most`, async (t) => {
    const { store } = await prepared(t);
    await store.record([stored('/in/a', 60952.6), stored('/in/b', 69952.6)]);
    const [found] = await store.instruments();
    assert.equal(found?.firstMjdUtc, 60952.6);
    assert.ok(found.lastMjdUtc > 60953 && found.lastMjdUtc <= latestMjdUtc(), `${found.lastMjdUtc}`);
  });

  test(`${name}: of files that wait and are gone, one with a row is stored again, and another forgotten`, async (t) => {
    const { database, store, states } = await prepared(t);
    await store.record([stored('/in/a', 60952.6), stored('/in/b', 60953.6)]);
    const waiting = ['/in/a', '/in/b', '/in/c', '/in/d', '/elsewhere/e'];
    await store.record([...waiting.map((path) => failed(path, 'waiting')), failed('/in/f')]);
    assert.deepEqual((await store.waitingBelow('/in', 10)).sort(), ['/in/a', '/in/b', '/in/c', '/in/d']);
    assert.equal((await store.waitingBelow('/in', 2)).length, 2);
    await store.settleGone(['/in/a', '/in/c', '/in/f']);
    assert.deepEqual((await store.waitingBelow('/', 10)).sort(), ['/elsewhere/e', '/in/b', '/in/d']);
    const ledger = await database.query<{ path: string; state: string; error_code: string | null }>(
      "SELECT path, state, error_code FROM pointing_files WHERE path IN ('/in/a', '/in/c', '/in/f') ORDER BY path",
    );
    assert.deepEqual(
      ledger.map(({ path, state, error_code: code }) => [path, state, code]),
      [
        ['/in/a', 'stored', null],
        ['/in/f', 'failed', 'not_hdf5'],
      ],
    );
    assert.equal((await history(database)).length, 2);
    // Whatever comes to its place is read.
    assert.deepEqual(await states('/in/a', '/in/c'), ['unread', 'unread']);
  });
}
