import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openReader, openStore } from '#src/store/open.js';
import type { Store } from '#src/store/writer.js';
import { needs } from '../../helpers/needs.js';
import { Postgres } from '../../helpers/postgres.js';
import { waitFor } from '../../helpers/wait.js';
import { problem, stored } from '../results.js';

/** PgBouncer in transaction mode before a server, on a socket of its own. Gives the URL of the database behind it. */
async function pooled(t: TestContext, postgres: Postgres, database: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'pointing-pooler-'));
  chmodSync(directory, 0o777);
  const config = join(directory, 'pgbouncer.ini');
  writeFileSync(
    config,
    `[databases]
* = host=${postgres.directory} user=tester
[pgbouncer]
listen_addr =
unix_socket_dir = ${directory}
auth_type = any
pool_mode = transaction
ignore_startup_parameters = options
`,
  );
  const root = process.getuid?.() === 0;
  const child: ChildProcess = spawn('pgbouncer', [...(root ? ['-u', 'postgres'] : []), config], {
    stdio: 'ignore',
  });
  t.after(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  const name = new URL(database.replace('postgresql:///', 'postgresql://any/')).pathname.slice(1);
  return `postgresql:///${name}?host=${encodeURIComponent(directory)}&port=6432&user=tester`;
}

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
