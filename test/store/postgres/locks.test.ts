import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import pg from 'pg';
import { openReader } from '#src/store/open.js';
import { PostgresStore } from '#src/store/postgres/store.js';
import { needs } from '../../helpers/needs.js';
import { Postgres, queryAt } from '../../helpers/postgres.js';
import { waitFor } from '../../helpers/wait.js';
import { failed, ledgerOf, problem, stored } from '../results.js';

let server: Promise<Postgres> | undefined;
after(async () => (await server)?.remove());

/** A new database with our tables. */
async function database(t: TestContext): Promise<string> {
  server ??= Postgres.start();
  const url = await (await server).database();
  await open(t, url, 'here').check();
  return url;
}

function open(t: TestContext, url: string, host: string): PostgresStore {
  const store = new PostgresStore(url, { host });
  t.after(() => store.close());
  return store;
}

/** Another program, in a transaction. */
async function transaction(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  t.after(() => client.end());
  await client.connect();
  await client.query('BEGIN');
  return client;
}

const WAITING = `pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

const untilWaiting = (url: string, sessions: number) =>
  waitFor(`${sessions} to wait for a lock`, async () => {
    const [row] = await queryAt<{ sessions: number }>(
      url,
      `SELECT count(*)::int AS sessions FROM ${WAITING}`,
    );
    return row?.sessions === sessions;
  });

test(
  'tables that could not be brought forward for a lock are, once it is gone',
  needs('postgres'),
  async (t) => {
    const url = await database(t);
    await queryAt(url, 'DROP TABLE pointing_migrations');
    const reader = await transaction(t, url);
    await reader.query('SELECT FROM pointing_files');
    const store = open(t, url, 'here');
    const locked = problem('locked', () => store.check());
    await untilWaiting(url, 1);
    // As lock_timeout does, without the wait for it.
    await queryAt(url, `SELECT pg_cancel_backend(pid) FROM ${WAITING}`);
    await locked;
    await reader.query('COMMIT');
    await store.check();
    await store.record([stored('/in/a', 60952.6)]);
  },
);

test(
  'a file that two programs record for the first time at once leaves no row at the earlier time',
  needs('postgres'),
  async (t) => {
    const url = await database(t);
    const store = open(t, url, 'here');
    const other = await transaction(t, url);
    await other.query(`INSERT INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (60952.1, 1, 2)`);
    await other.query(
      `INSERT INTO pointing_files (host, path, size, mtime_us, ctime_us, state, attempts, recorded_at, timestamp, ra_deg, dec_deg)
       VALUES ('here', '/in/a', 1, 1, 1, 'stored', 1, 1, 60952.1, 1, 2)`,
    );
    const met = problem('locked', () => store.record([stored('/in/a', 60952.2)]));
    await untilWaiting(url, 1);
    await other.query('COMMIT');
    await met;
    assert.deepEqual(await store.record([stored('/in/a', 60952.2)]), []);
    assert.deepEqual(await queryAt(url, 'SELECT timestamp FROM pointing_history'), [{ timestamp: 60952.2 }]);
  },
);

/** Two hosts, with mid times of their files. */
const HOSTS = [
  { host: 'one', first: 60952.1, later: 60952.2 },
  { host: 'two', first: 60953.1, later: 60953.2 },
];
type Times = Omit<(typeof HOSTS)[number], 'host'>;

for (const [what, changed] of [
  ['a file that has a new time', ({ later }: Times) => [stored('/in/a', later)]],
  [
    'a new file that changes at once',
    ({ first, later }: Times) => [stored('/in/b', later), stored('/in/b', first)],
  ],
] as const) {
  test(`two writers, each with ${what}, do not wait crosswise`, needs('postgres'), async (t) => {
    const url = await database(t);
    const writers = HOSTS.map(({ host, ...times }) => ({ store: open(t, url, host), ...times }));
    for (const { store, first } of writers) await store.record([stored('/in/a', first)]);
    const other = await transaction(t, url);
    // Both come as far as their rows of the history, and go on at once when this ends.
    for (const { later } of HOSTS) await other.query('INSERT INTO pointing_history VALUES ($1)', [later]);
    const writing = Promise.all(writers.map(({ store, ...times }) => store.record(changed(times))));
    await untilWaiting(url, 2);
    await other.query('ROLLBACK');
    await writing;
  });
}

test('a writer and a merge with one new instrument do not wait crosswise', needs('postgres'), async (t) => {
  const source = await database(t);
  await open(t, source, 'here').record([stored('/in/a', 60952.6)]);
  const reader = await openReader(source);
  t.after(() => reader.close());
  const files = await ledgerOf(reader);

  const url = await database(t);
  const [writer, merger] = [open(t, url, 'one'), open(t, url, 'two')];
  await Promise.all([writer.check(), merger.check()]);
  const other = await transaction(t, url);
  await other.query('LOCK TABLE pointing_files IN SHARE MODE');
  const merging = merger.mergeFiles(files);
  await untilWaiting(url, 1);
  const writing = writer.record([stored('/in/b', 60953.6)]);
  await untilWaiting(url, 2);
  await other.query('COMMIT');
  await Promise.all([merging, writing]);
});

test('a monitor that adds what tables lack does not stop one that writes', needs('postgres'), async (t) => {
  const url = await database(t);
  for (const table of ['pointing_files', 'pointing_history'])
    await queryAt(url, `DROP TRIGGER pointing_changed ON ${table}`);
  const writer = await transaction(t, url);
  await writer.query('LOCK TABLE pointing_files IN ROW EXCLUSIVE MODE');
  const starting = open(t, url, 'here').check();
  const started = assert.doesNotReject(starting);
  await untilWaiting(url, 1);
  await writer.query('LOCK TABLE pointing_history IN ROW EXCLUSIVE MODE');
  await writer.query('COMMIT');
  await started;
});

test(
  'files to try again are taken in the order in which a writer takes them',
  needs('postgres'),
  async (t) => {
    const url = await database(t);
    const store = open(t, url, 'here');
    for (const path of ['/in/b', '/in/a']) await store.record([failed(path)]);
    const writer = await transaction(t, url);
    const take = (path: string) =>
      writer.query('SELECT FROM pointing_files WHERE path = $1 FOR UPDATE', [path]);
    await take('/in/a');
    const forgotten = store.forget({});
    const both = assert.doesNotReject(forgotten);
    await untilWaiting(url, 1);
    await take('/in/b');
    await writer.query('COMMIT');
    await both;
    assert.equal(await forgotten, 2);
  },
);
