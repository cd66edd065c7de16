import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openReader, openSnapshot } from '#src/store/open.js';
import { PostgresStore } from '#src/store/postgres/store.js';
import { needs } from '../../helpers/needs.js';
import { Postgres, queryAt } from '../../helpers/postgres.js';
import { sleep, waitFor } from '../../helpers/wait.js';
import { problem, stored, version } from '../results.js';

let server: Promise<Postgres> | undefined;
const postgres = () => {
  server ??= Postgres.start();
  return server;
};
after(async () => (await server)?.remove());

test(
  'a database that cannot hold every name of a file is refused when it is opened',
  needs('postgres'),
  async (t) => {
    const running = await postgres();
    await running.query('postgres', "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    const store = new PostgresStore(running.url('latin'), { host: 'here' });
    t.after(() => store.close());
    assert.match(
      await problem('unusable', () => store.check()),
      /has the encoding LATIN1, which cannot hold every file name: create one with "createdb --encoding=UTF8/,
    );
  },
);

test(
  'of two monitors with one host name the second writes nothing, until the first ends',
  needs('postgres'),
  async (t) => {
    const url = await (await postgres()).database();
    const first = new PostgresStore(url, { host: 'here', exclusive: true });
    const second = new PostgresStore(url, { host: 'here', exclusive: true });
    const elsewhere = new PostgresStore(url, { host: 'there', exclusive: true });
    const backfill = new PostgresStore(url, { host: 'here' });
    t.after(() => Promise.all([second, elsewhere, backfill].map((store) => store.close())));
    await first.check();
    await first.record([stored('/in/a', 60952.6)]);
    const message = await problem('host_taken', () => second.check());
    assert.match(message, /writes to the database .* as the host here: .* PIPELINE_HOST/);
    await problem('host_taken', () => second.record([stored('/in/a', 60953.6)]));
    await problem('host_taken', () => second.putStatus('{}'));
    await elsewhere.record([stored('/in/a', 60954.6)]);
    await backfill.record([stored('/in/b', 60955.6)]);
    assert.equal((await second.classify([{ path: '/in/a', ...version }]))[0]?.state, 'stored');
    await first.close();
    await waitFor('the name', () =>
      second.check().then(
        () => true,
        () => false,
      ),
    );
    await second.record([stored('/in/c', 60956.6)]);
  },
);

test(
  'a monitor whose session the server ends has its name again, whatever it does meanwhile',
  needs('postgres'),
  async (t) => {
    const url = await (await postgres()).database();
    const store = new PostgresStore(url, { host: 'here', exclusive: true });
    t.after(() => store.close());
    await store.record([stored('/in/a', 60952.6)]);
    for (let round = 0; round < 20; round++) {
      await queryAt(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()",
      );
      // Each is listened to from the start: it can fail before the last has begun.
      const meanwhile: Promise<unknown>[] = [Promise.allSettled([store.check()])];
      for (let i = 0; i < 30; i++) {
        await new Promise(setImmediate);
        meanwhile.push(Promise.allSettled([store.putStatus('{}')]));
      }
      await Promise.all(meanwhile);
      await store.check().catch(() => {});
      await store.check();
    }
  },
);

test(
  'numbers come with all of their digits where the database is set to give fewer',
  needs('postgres'),
  async (t) => {
    const url = await (await postgres()).database();
    const store = new PostgresStore(url, { host: 'here' });
    t.after(() => store.close());
    const timestamp = 60952.635198800825;
    await store.record([stored('/in/a', timestamp)]);
    await queryAt(
      url,
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET extra_float_digits = 0', current_database()); END $$`,
    );
    const reader = await openReader(url);
    t.after(() => reader.close());
    assert.equal((await reader.newest())?.timestamp, timestamp);
  },
);

test('a user who cannot write one of the tables is told so by the check', needs('postgres'), async (t) => {
  const server = await postgres();
  const url = await server.database();
  const store = new PostgresStore(url, { host: 'here' });
  t.after(() => store.close());
  await store.record([stored('/in/a', 60952.6)]);
  await queryAt(url, 'CREATE ROLE writer LOGIN');
  await queryAt(
    url,
    'GRANT ALL ON pointing_files, pointing_history, pointing_monitors, pointing_migrations, cal_transits TO writer',
  );
  const theirs = new PostgresStore(url.replace(/user=\w+/, 'user=writer'), { host: 'there' });
  t.after(() => theirs.close());
  assert.match(
    await problem('read_only', () => theirs.check()),
    /permission denied for table pointing_instruments/,
  );
  await queryAt(url, 'GRANT ALL ON pointing_instruments TO writer');
  await theirs.check();
});

test(
  'a file that waits under a path that the ledger shortens goes on waiting',
  needs('postgres'),
  async (t) => {
    const store = new PostgresStore(await (await postgres()).database(), { host: 'here' });
    t.after(() => store.close());
    const cut = (path: string) =>
      ({
        outcome: { path, version, error: { code: 'truncated', message: 'cut' } },
        state: 'waiting',
        attempts: 1,
      }) as const;
    await store.record([cut('/in/a'), cut(`/in/${'a/b'.repeat(1000)}`)]);
    assert.deepEqual(await store.waitingBelow('/in', 10), ['/in/a']);
  },
);

test('a snapshot outlives the server’s limit for idle transactions', needs('postgres'), async (t) => {
  const url = await (await postgres()).database();
  const store = new PostgresStore(url, { host: 'here' });
  t.after(() => store.close());
  await store.record([stored('/in/a', 60952.6)]);
  await queryAt(
    url,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = 200', current_database()); END $$`,
  );
  const snapshot = await openSnapshot(url);
  t.after(() => snapshot.close());
  await sleep(600);
  assert.equal(await snapshot.countRows(), 1);
});

test(
  'tables that somebody dropped are made again, and their writer is told',
  needs('postgres'),
  async (t) => {
    const url = await (await postgres()).database();
    let replaced = 0;
    const store = new PostgresStore(url, { host: 'here', onReplaced: () => replaced++ });
    t.after(() => store.close());
    await store.record([stored('/in/a', 60952.6)]);
    await queryAt(url, 'DROP TABLE pointing_history, pointing_files');
    await problem('missing', () => store.check());
    assert.equal(replaced, 0);
    await store.check();
    assert.equal(replaced, 1);
    await store.record([stored('/in/a', 60952.6)]);
    assert.equal(replaced, 1);
  },
);

test(
  'each writer is told once of tables that another writer has made again',
  needs('postgres'),
  async (t) => {
    const url = await (await postgres()).database();
    const told: string[] = [];
    const stores = ['here', 'there'].map(
      (host) => new PostgresStore(url, { host, onReplaced: () => void told.push(host) }),
    );
    t.after(() => Promise.all(stores.map((store) => store.close())));
    const check = () => Promise.allSettled(stores.map((store) => store.check()));
    await check();
    await queryAt(url, 'DROP TABLE pointing_history, pointing_files');
    for (let i = 0; i < 3; i++) await check();
    assert.deepEqual(told.toSorted(), ['here', 'there']);
  },
);

test(
  'changes of a table that another program owns, which tells nobody, are noticed',
  needs('postgres'),
  async (t) => {
    const url = await (await postgres()).database();
    await queryAt(
      url,
      'CREATE TABLE pointing_history (timestamp double precision PRIMARY KEY, ra_deg double precision, dec_deg double precision)',
    );
    const reader = await openReader(url);
    t.after(() => reader.close());
    const before = await reader.version();
    await queryAt(url, 'INSERT INTO pointing_history VALUES (60952.5, 10, 20)');
    await waitFor('another version', async () => (await reader.version()) !== before, 20);
    assert.equal((await reader.newest())?.timestamp, 60952.5);
  },
);
