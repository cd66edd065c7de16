import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { merge, noCounts } from '#src/store/merge.js';
import { openSnapshot, openStore } from '#src/store/open.js';
import { ledgerPath } from '#src/store/postgres/ledger.js';
import type { HistoryReader } from '#src/store/reader.js';
import type { FileResult } from '#src/store/rows.js';
import type { Store } from '#src/store/writer.js';
import { mjdUtc } from '#src/units.js';
import { needs } from '../helpers/needs.js';
import { random } from '../helpers/random.js';
import { type Backend, backends, type TestDatabase } from './backends.js';
import { failed, problem, stored, version } from './results.js';

async function snapshotOf(t: TestContext, { location }: TestDatabase): Promise<HistoryReader> {
  const snapshot = await openSnapshot(location);
  t.after(() => snapshot.close());
  return snapshot;
}

async function using<T>({ location }: TestDatabase, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(location, { lockWait: 'short', host: 'here' });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Merges one database into another and gives the counts. */
async function bring(from: TestDatabase, into: TestDatabase) {
  const snapshot = await openSnapshot(from.location);
  const counts = noCounts();
  try {
    await using(into, (store) => merge(snapshot, store, counts, () => false));
  } finally {
    await snapshot.close();
  }
  return counts;
}

const LEDGER = `path, size, mtime_us, ctime_us, state, kind, error_code, error_message, attempts, timestamp, ra_icrs_deg, dec_icrs_deg,
  ha_deg, recorded_at`;

/** All rows, as another program sees them. */
const contents = async (database: TestDatabase) => ({
  files: await database.query(`SELECT ${LEDGER} FROM pointing_files ORDER BY path`),
  history: await database.query('SELECT timestamp, ra_deg, dec_deg FROM pointing_history ORDER BY timestamp'),
});

const history = async (database: TestDatabase) =>
  (
    await database.query<{ timestamp: number; dec_deg: number }>(
      'SELECT timestamp, dec_deg FROM pointing_history ORDER BY timestamp',
    )
  ).map(({ timestamp, dec_deg }) => [timestamp, dec_deg]);

/** A database with these results recorded at that time. */
async function recorded(t: TestContext, { create }: Backend, recordedAt: number, ...results: FileResult[]) {
  const database = await create(t);
  await using(database, (store) => store.record(results));
  await database.query(`UPDATE pointing_files SET recorded_at = ${recordedAt}`);
  return database;
}

const all = backends();

for (const backend of all) {
  const { name, create } = backend;

  test(`${name}: shards come together: every row as it was, and the observation of two files once`, async (t) => {
    const a = await recorded(t, backend, 1000.5, stored('/in/a', 60952.6), stored('/in/b', 60952 + 1 / 3));
    const b = await recorded(
      t,
      backend,
      2000.5,
      stored('/copy/a', 60952.6),
      failed('/in/c'),
      failed('/in/d', 'waiting'),
    );
    const into = await create(t);
    const [first, second] = [await bring(a, into), await bring(b, into)];
    assert.deepEqual([first.files, first.added, second.files, second.added], [2, 2, 3, 3]);
    assert.deepEqual(await history(into), [
      [60952 + 1 / 3, 54.57],
      [60952.6, 54.57],
    ]);
    const [fromA, fromB, merged] = [await contents(a), await contents(b), await contents(into)];
    assert.deepEqual(merged.files, [...fromB.files.slice(0, 1), ...fromA.files, ...fromB.files.slice(1)]);
    const again = await bring(b, into);
    assert.deepEqual([again.added, again.newer, again.kept], [0, 0, 3]);
    assert.deepEqual(await contents(into), merged);
  });

  test(`${name}: of a file that both have, the row recorded later stands, whichever is merged into which`, async (t) => {
    const older = () => recorded(t, backend, 1000, stored('/in/a', 60952.6), stored('/in/b', 60952.6));
    const newer = () => recorded(t, backend, 2000, stored('/in/a', 60952.7, 16.24));
    const [one, two] = [await older(), await newer()];
    assert.equal((await bring(two, one)).newer, 1);
    // The other file still has the earlier time.
    assert.deepEqual(await history(one), [
      [60952.6, 54.57],
      [60952.7, 16.24],
    ]);
    const other = await older();
    assert.deepEqual((await bring(other, two)).kept, 1);
    assert.deepEqual(await contents(two), await contents(one));
    const last = await recorded(t, backend, 3000, stored('/in/b', 60953));
    await bring(last, one);
    assert.deepEqual(await history(one), [
      [60952.7, 16.24],
      [60953, 54.57],
    ]);
  });

  test(`${name}: a failure never replaces a position, and gives way to one`, async (t) => {
    const good = () => recorded(t, backend, 1000, stored('/in/a', 60952.6));
    const bad = () => recorded(t, backend, 2000, failed('/in/a'));
    const [into, other] = [await good(), await bad()];
    assert.equal((await bring(await bad(), into)).kept, 1);
    assert.equal((await bring(await good(), other)).newer, 1);
    assert.deepEqual(await contents(other), await contents(into));
    assert.deepEqual(await history(into), [[60952.6, 54.57]]);
    const [file] = (await contents(into)).files as { state: string; recorded_at: number; error_code: null }[];
    assert.deepEqual([file?.state, file?.recorded_at, file?.error_code], ['stored', 1000, null]);
  });

  test(`${name}: where two files give an observation different positions, the one recorded last stands`, async (t) => {
    const first = () => recorded(t, backend, 1000, stored('/in/a', 60952.6, 1));
    const last = () => recorded(t, backend, 2000, stored('/in/b', 60952.6, 2));
    for (const [from, into] of [
      [await first(), await last()],
      [await last(), await first()],
    ] as const) {
      await bring(from, into);
      assert.deepEqual(await history(into), [[60952.6, 2]]);
    }
  });

  test(`${name}: rows of other programs are added where no observation is; the target's own stay`, async (t) => {
    const from = await recorded(t, backend, 1000, stored('/in/a', 60952.6));
    await from.query(
      `INSERT INTO pointing_history VALUES (60000.5, 1, 2), (60000.6, 3, 4), (60000.7, 5, 6), (60000.8, NULL, NULL),
         (60001.000003, 123.951, 54.57), (60001.000004, 7, 8), (51572.5, 9, 9)`,
    );
    const into = await recorded(t, backend, 1000, stored('/in/b', 60001));
    await into.query('INSERT INTO pointing_history VALUES (60000.6, 30, 40), (60000.7, NULL, NULL)');
    const counts = await bring(from, into);
    assert.deepEqual(await history(into), [
      [60000.5, 2],
      [60000.6, 40],
      [60000.7, 6],
      [60001, 54.57],
      // Of another telescope.
      [60001.000004, 8],
      [60952.6, 54.57],
    ]);
    const { withoutFile, withoutFileAdded, wrongTime, withoutPosition } = counts;
    assert.deepEqual([withoutFile, withoutFileAdded, wrongTime, withoutPosition], [7, 3, 1, 1]);
    assert.equal((await bring(from, into)).withoutFileAdded, 0);
  });

  test(`${name}: a file's row goes before another program's at its time, and leaves it when it goes`, async (t) => {
    const into = await recorded(t, backend, 1000, stored('/in/a', 60952.6));
    const from = await recorded(t, backend, 2000, stored('/in/a', 60952.7));
    await from.query('INSERT INTO pointing_history VALUES (60952.6, 1, 2)');
    await bring(from, into);
    assert.deepEqual(await history(into), [
      [60952.6, 2],
      [60952.7, 54.57],
    ]);
    const theirs = await create(t);
    await theirs.store().then((store) => store.check());
    await theirs.query('INSERT INTO pointing_history VALUES (60952.7, 1, 2)');
    await bring(from, theirs);
    assert.deepEqual(await history(theirs), [
      [60952.6, 2],
      [60952.7, 54.57],
    ]);
  });

  test(`${name}: transits are added where they are missing`, async (t) => {
    const [from, into] = [await create(t), await create(t)];
    const transit = (mjd: number) => ({ name: '3C286', mjdUtc: mjdUtc(mjd) });
    await (await from.store()).addTransits([transit(60952.1), transit(60953.1)]);
    await (await into.store()).addTransits([transit(60952.1)]);
    assert.equal((await bring(from, into)).transitsAdded, 1);
    assert.equal((await bring(from, into)).transitsAdded, 0);
  });

  test(`${name}: a snapshot is of one moment, over many pages, while others write`, async (t) => {
    const from = await create(t);
    const store = await from.store();
    const paths = Array.from({ length: 12_000 }, (_, i) => `/in/${i}`);
    await store.record(paths.map((path, i) => stored(path, 50_000 + i)));
    const snapshot = await snapshotOf(t, from);
    await store.record([stored('/in/0', 49_000), stored('/in/99999', 70_000), stored('/in/11999', 71_000)]);
    const seen = [];
    for await (const page of snapshot.files()) seen.push(...page);
    assert.deepEqual(seen.map(({ path }) => path).sort(), [...paths].sort());
    assert.ok(seen.every(({ timestamp, raDeg }) => (timestamp ?? 0) < 62_000 && raDeg === 123.95));
    for await (const page of snapshot.unattributedHistory()) assert.deepEqual(page, []);
    assert.equal(await snapshot.countRows(), 12_000);
  });

  test(`${name}: strange names, long ones and words with a NUL come over`, async (t) => {
    const from = await all[0]?.create(t);
    assert.ok(from);
    const long = `/in/${Array.from({ length: 4000 }, (_, i) => ((i * i * 7919 + i * 31) % 36).toString(36)).join('')}`;
    const outcome = { path: '/in/nul', version, error: { code: 'bad_type', message: 'a \0 in it' } } as const;
    const names = ['/in/a b', "/in/a'b", '/in/ä', '/in/\u{1F52D}', '/in/{a}', '/in/a\\b', long];
    await (await from.store()).record([
      ...names.map((path, i) => stored(path, 60000 + i)),
      { outcome, state: 'failed', attempts: 1 },
    ]);
    const into = await create(t);
    await bring(from, into);
    assert.equal((await history(into)).length, names.length);
    const there = (await contents(into)).files as { path: string }[];
    // PostgreSQL's index does not hold so long a key: the ledger has its beginning and a hash of all of it.
    const expected = name === 'SQLite' ? names : [...names.slice(0, -1), ledgerPath(long)];
    assert.deepEqual(there.map(({ path }) => path).sort(), [...expected, '/in/nul'].sort());
  });

  test(`${name}: a ledger of a version to come is not read`, async (t) => {
    const from = await recorded(t, backend, 1000, stored('/in/a', 60952.6));
    await from.query('ALTER TABLE pointing_files ADD COLUMN colour text');
    assert.match(
      await problem('unusable', () => openSnapshot(from.location)),
      /has a newer format \(it has colour\): use/,
    );
  });

  test(`${name}: a database without our tables is not ours`, async (t) => {
    const from = await create(t);
    await from.query('CREATE TABLE theirs (note text)');
    assert.match(await problem('unusable', () => openSnapshot(from.location)), /no table pointing_history/);
  });

  const rounds = name === 'SQLite' ? 12 : 2;
  test(`${name}: any databases merged in any order, once or twice, give the same`, async (t) => {
    for (let seed = 1; seed <= rounds; seed++) {
      const sources = await randomDatabases(t, backend, seed);
      let expected: unknown;
      for (const order of orders) {
        const into = await create(t);
        for (const i of order) await bring(sources[i] as TestDatabase, into);
        const merged = await contents(into);
        expected ??= merged;
        assert.deepEqual(merged, expected, `seed ${seed}, order ${order}`);
        for (const source of sources) {
          const { added, newer, withoutFileAdded } = await bring(source, into);
          assert.deepEqual(
            [added, newer, withoutFileAdded],
            [0, 0, 0],
            `seed ${seed}, order ${order}, again`,
          );
        }
        assert.deepEqual(await contents(into), expected);
      }
    }
  });
}

test(
  'SQLite to PostgreSQL and back: every number to the last bit; hosts are kept between PostgreSQL databases',
  needs('postgres'),
  async (t) => {
    const [sqlite, postgres] = all as [Backend, Backend];
    const mjds = [60952 + 1 / 3, 60952.63518518519, 60952.635185185194];
    const results = mjds.map((mjd, i) => stored(`/in/${i}`, mjd, 1 / (i + 3)));
    const from = await recorded(t, sqlite, 1_759_590_000.123_456_7, ...results, failed('/in/x'));
    const [site, copy, back] = [await postgres.create(t), await postgres.create(t), await sqlite.create(t)];
    await bring(from, site);
    await bring(site, back);
    assert.deepEqual(await contents(back), await contents(from));
    const store = await site.store({ host: 'there' });
    await store.record([stored('/in/0', 60953)]);
    await bring(site, copy);
    const hosts = 'SELECT host, path, timestamp FROM pointing_files ORDER BY host, path';
    assert.deepEqual(await copy.query(hosts), await site.query(hosts));
    assert.deepEqual(await (await snapshotOf(t, copy)).ledgerHosts(), ['here', 'there']);
    assert.deepEqual(await history(copy), await history(site));
  },
);

const orders = [
  [0, 1, 2],
  [2, 1, 0],
  [1, 0, 2, 1],
  [2, 0, 1],
];

/** Three that saw the same few files at different times and as different versions, with rows of other programs. */
async function randomDatabases(t: TestContext, { create }: Backend, seed: number): Promise<TestDatabase[]> {
  const next = random(seed);
  const oneOf = (count: number) => Math.floor(next() * count);
  const databases = [await create(t), await create(t), await create(t)];
  for (const database of databases) await using(database, (store) => store.check());
  for (let step = 0; step < 25; step++) {
    const database = databases[oneOf(3)] as TestDatabase;
    const path = `/in/${oneOf(5)}`;
    // An observation has one position, whichever file it is read from.
    const mjd = 60000 + oneOf(6);
    const result =
      next() < 0.7 ? stored(path, mjd, mjd - 60000) : failed(path, next() < 0.5 ? 'failed' : 'waiting');
    await using(database, (store) => store.record([result]));
    // Now and then at the same moment as others.
    await database.query(
      `UPDATE pointing_files SET recorded_at = ${1000 + Math.floor(step / 2)} WHERE path = '${path}'`,
    );
    if (next() < 0.2) {
      const bare = 61000 + oneOf(4);
      await database.query(
        `INSERT INTO pointing_history VALUES (${bare}, 1, ${bare - 61000}) ON CONFLICT DO NOTHING`,
      );
    }
  }
  return databases;
}
