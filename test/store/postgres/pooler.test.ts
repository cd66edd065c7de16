import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openReader, openStore } from '#src/store/open.js';
import type { Store } from '#src/store/writer.js';
import { needs } from '../../helpers/needs.js';
import { pooled } from '../../helpers/pooler.js';
import { Postgres } from '../../helpers/postgres.js';
import { waitFor } from '../../helpers/wait.js';
import { problem, stored } from '../results.js';

test(
  'behind a pooler of transactions, where no notification comes, changes are noticed all the same',
  needs('postgres', 'pgbouncer'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const database = await postgres.database();
    const store = await openStore(database, { host: 'a', lockWait: 'short' });
    t.after(() => store.close());
    await store.check();
    for (const location of [database, await pooled(t, postgres, database)]) {
      const reader = await openReader(location);
      t.after(() => reader.close());
      const before = await waitFor('an answer', () => reader.version().catch(() => undefined));
      const timestamp = location === database ? 60000 : 60001;
      await store.mergeHistory([{ timestamp, ra_deg: 10, dec_deg: 20 } as never]);
      await waitFor('another version', async () => (await reader.version()) !== before, 20);
      assert.equal((await reader.newest())?.timestamp, timestamp);
    }
  },
);

test(
  'behind a pooler of transactions too a host has one monitor, and another when that has ended',
  needs('postgres', 'pgbouncer'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const url = await pooled(t, postgres, await postgres.database());
    const monitor = () => openStore(url, { host: 'here', lockWait: 'short', exclusive: true });
    const isWriting = (store: Store) =>
      store.check().then(
        () => true,
        () => false,
      );
    const first = await monitor();
    await waitFor('the pooler', () => isWriting(first));
    const second = await monitor();
    t.after(() => second.close());
    for (let round = 0; round < 5; round++) {
      // The sessions of the pool change hands.
      const mjds = [60952.6, 60953.6, 60954.6, 60955.6];
      await Promise.all(mjds.map((mjd) => first.record([stored(`/in/${mjd}`, mjd)])));
      await problem('host_taken', () => second.check());
    }
    await first.close();
    await waitFor('the name', () => isWriting(second));
    await second.record([stored('/in/later', 60956.6)]);
  },
);
