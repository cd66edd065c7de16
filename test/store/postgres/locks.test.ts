import { after, type TestContext, test } from 'node:test';
import pg from 'pg';
import { PostgresStore } from '#src/store/postgres/store.js';
import { needs } from '../../helpers/needs.js';
import { Postgres, queryAt } from '../../helpers/postgres.js';
import { waitFor } from '../../helpers/wait.js';
import { problem, stored } from '../results.js';

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
