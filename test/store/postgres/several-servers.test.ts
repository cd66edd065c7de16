import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PostgresStore } from '#src/store/postgres/store.js';
import { needs } from '../../helpers/needs.js';
import { Postgres } from '../../helpers/postgres.js';
import { problem, stored } from '../results.js';

const READ_ONLY = ['default_transaction_read_only=on'];

/** Two servers with our tables, of which the second takes no writes, and the URL that names both. */
async function primaryAndStandby(t: TestContext) {
  const [primary, standby] = [await Postgres.start(t), await Postgres.start(t)];
  for (const server of [primary, standby]) {
    const store = new PostgresStore(server.url(), { host: 'here' });
    await store.check();
    await store.close();
  }
  await standby.end();
  await standby.launch(READ_ONLY);
  const url = primary.url().replace(/host=([^&]*)/, `host=$1,${encodeURIComponent(standby.directory)}`);
  const open = (exclusive: boolean) => {
    const store = new PostgresStore(url, { host: 'here', exclusive });
    t.after(() => store.close());
    return store;
  };
  return { primary, standby, open };
}

const claimsAt = async (server: Postgres) =>
  (await server.query('postgres', "SELECT FROM pg_locks WHERE locktype = 'advisory'")).length;

test(
  'a writer that came to the standby is back at the primary as soon as that is',
  needs('postgres'),
  async (t) => {
    const { primary, open } = await primaryAndStandby(t);
    const [checking, recording] = [open(false), open(false)];
    await primary.end();
    await problem('read_only', () => checking.check());
    // Several that fail at once are no reason to pass over the next server too.
    await Promise.all(
      [1, 2].map(() => problem('read_only', () => recording.record([stored('/in/a', 60952.6)]))),
    );
    await primary.launch();
    await checking.check();
    await recording.record([stored('/in/a', 60952.6)]);
    assert.equal((await primary.query('postgres', 'SELECT FROM pointing_history')).length, 1);
  },
);

test('a writer finds the standby that has become the primary', needs('postgres'), async (t) => {
  const { primary, standby, open } = await primaryAndStandby(t);
  for (const server of [primary, standby]) await server.end();
  await primary.launch(READ_ONLY);
  await standby.launch();
  const store = open(true);
  await problem('read_only', () => store.record([stored('/in/a', 60952.6)]));
  await store.record([stored('/in/a', 60952.6)]);
  assert.equal((await standby.query('postgres', 'SELECT FROM pointing_history')).length, 1);
  assert.deepEqual(await Promise.all([primary, standby].map(claimsAt)), [0, 1]);
});

test("a host's name is held where its monitor writes, and not at a standby", needs('postgres'), async (t) => {
  const { primary, standby, open } = await primaryAndStandby(t);
  const [monitor, second] = [open(true), open(true)];
  await primary.end();
  await problem('read_only', () => monitor.check());
  assert.equal(await claimsAt(standby), 0);
  await primary.launch();
  await monitor.check();
  assert.equal(await claimsAt(primary), 1);
  await problem('host_taken', () => second.check());
});
