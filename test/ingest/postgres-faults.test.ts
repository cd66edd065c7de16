import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { cli, finished, spawnCli } from '../helpers/cli.js';
import { Gate } from '../helpers/gate.js';
import { Monitor } from '../helpers/monitor.js';
import { mountTmpfs } from '../helpers/mount.js';
import { needs } from '../helpers/needs.js';
import { freePort, Postgres, queryAt, USER } from '../helpers/postgres.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** A healthy monitor with three rows in a PostgreSQL of its own, and files that have yet to arrive. */
async function begin(t: TestContext, server?: Postgres, user?: string) {
  const postgres = server ?? (await Postgres.start(t));
  const database = await postgres.database();
  const space = { ...workspace(t), productsDb: database };
  const files = simulate(join(space.path, 'made'), ['--count', '8']) as [string, ...string[]];
  const arrive = (from: number, to: number) => {
    for (const file of files.slice(from, to)) copyFileSync(file, join(space.incoming, basename(file)));
  };
  arrive(0, 3);
  if (user) await grantAll(database, user);
  const asUser = user ? { ...space, productsDb: database.replace('user=tester', `user=${user}`) } : space;
  const monitor = new Monitor(t, asUser, ['--reconcile-interval', '2']);
  await monitor.until(
    'three rows',
    ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === 3,
  );
  return { postgres, database, space, monitor, arrive };
}

async function grantAll(database: string, user: string) {
  await queryAt(database, `CREATE USER ${user}`);
  await queryAt(database, `GRANT CREATE ON SCHEMA public TO ${user}`);
}

/** As an administrator does. */
const CUT =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pointing-monitor'";

const count = async (database: string, table: string) =>
  Number((await queryAt<{ n: string }>(database, `SELECT count(*) AS n FROM ${table}`))[0]?.n);

/** Cuts the connections of monitors and backfills; when it returns, the server has none of them. */
const cut = (database: string) =>
  queryAt(
    database,
    "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE application_name = 'pointing-monitor'",
  );

/** A database with our tables, which a gate needs. */
async function emptyDatabase(t: TestContext, postgres: Postgres): Promise<string> {
  const database = await postgres.database();
  assert.equal((await cli(['backfill', workspace(t).incoming, database])).code, 0);
  return database;
}

const hasRows = (database: string) =>
  waitFor('its first rows', async () => (await count(database, 'pointing_history')) > 0);

async function recovered(monitor: Monitor, database: string, files: number) {
  await monitor.until(
    'the recovery',
    ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === files,
  );
  assert.equal(await count(database, 'pointing_history'), files);
  assert.equal(await count(database, "pointing_files WHERE state = 'stored'"), files);
}

test('the server ends in good order, and comes back', needs('postgres'), async (t) => {
  const { postgres, database, monitor, arrive } = await begin(t);
  await postgres.end();
  arrive(3, 6);
  const status = await monitor.issue('database_unreachable', /cannot be reached.*results waiting/);
  assert.ok(status.queue.unwritten > 0);
  await postgres.launch();
  await recovered(monitor, database, 6);
});

test('the server is killed while rows are written, again and again', needs('postgres'), async (t) => {
  const { postgres, database, monitor, arrive } = await begin(t);
  for (let file = 3; file < 8; file++) {
    arrive(file, file + 1);
    await postgres.end('SIGKILL');
    await postgres.launch();
  }
  await recovered(monitor, database, 8);
});

test('its connections are cut by an administrator', needs('postgres'), async (t) => {
  const { database, monitor, arrive } = await begin(t);
  for (let file = 3; file < 8; file++) {
    await cut(database);
    arrive(file, file + 1);
    await cut(database);
  }
  await recovered(monitor, database, 8);
});

test(
  'no server answers at all: said in time, and taken up when it answers again',
  needs('postgres'),
  async (t) => {
    const { postgres, database, monitor, arrive } = await begin(t);
    const backends = (
      await queryAt<{ pid: number }>(
        database,
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'pointing-monitor'",
      )
    ).map(({ pid }) => pid);
    const signal = (name: NodeJS.Signals) => {
      for (const pid of [postgres.pid, ...backends]) process.kill(pid, name);
    };
    signal('SIGSTOP');
    try {
      arrive(3, 6);
      await monitor.issue(
        ['database_silent', 'database_unreachable'],
        /has not answered for|cannot be reached/,
        90,
      );
    } finally {
      signal('SIGCONT');
    }
    await recovered(monitor, database, 6);
  },
);

test(
  'told to stop, twice, while no server answers: it ends in time and its status says that it has',
  needs('postgres'),
  async (t) => {
    const { postgres, database, monitor, arrive } = await begin(t);
    const backends = await queryAt<{ pid: number }>(
      database,
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'pointing-monitor'",
    );
    const signal = (name: NodeJS.Signals) => {
      for (const pid of [postgres.pid, ...backends.map(({ pid }) => pid)]) process.kill(pid, name);
    };
    signal('SIGSTOP');
    try {
      arrive(3, 6);
      await monitor.until('results that wait', ({ queue }) => queue.unwritten > 0);
      monitor.process.kill('SIGTERM');
      await waitFor('the stop to begin', () => monitor.log.includes('finishing work in progress'));
      const { code } = await monitor.stop();
      assert.equal(code, 0, monitor.log);
      assert.equal(monitor.status()?.running, false);
    } finally {
      signal('SIGCONT');
    }
  },
);

test(
  'locked by another program: arrivals wait, an issue explains it, then all is written',
  needs('postgres'),
  async (t) => {
    const { database, monitor, arrive } = await begin(t);
    const other = new pg.Client({ connectionString: database });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE pointing_history IN ACCESS EXCLUSIVE MODE');
    arrive(3, 6);
    await monitor.issue('database_locked', /is locked by another program.*results waiting/);
    await other.query('ROLLBACK');
    await other.end();
    await recovered(monitor, database, 6);
  },
);

test(
  'tables dropped, and the whole database recreated: refilled from the files on disk',
  needs('postgres'),
  async (t) => {
    const { postgres, database, monitor, arrive } = await begin(t);
    await queryAt(database, 'DROP TABLE pointing_history, pointing_files');
    arrive(3, 4);
    await recovered(monitor, database, 4);
    const name = /\/\/\/(\w+)/.exec(database)?.[1];
    await postgres.query('postgres', `DROP DATABASE ${name} WITH (FORCE)`);
    arrive(4, 6);
    await monitor.issue('database_missing', /does not exist on its server: create it with "createdb"/);
    await postgres.query('postgres', `CREATE DATABASE ${name}`);
    await recovered(monitor, database, 6);
  },
);

test('rows lost as from an older backup are read again', needs('postgres'), async (t) => {
  const { database, monitor } = await begin(t);
  await queryAt(
    database,
    'WITH gone AS (DELETE FROM pointing_files WHERE path IN (SELECT max(path) FROM pointing_files) RETURNING timestamp) DELETE FROM pointing_history USING gone WHERE pointing_history.timestamp = gone.timestamp',
  );
  await waitFor('the row to be back', async () => (await count(database, 'pointing_history')) === 3);
  await recovered(monitor, database, 3);
});

test('set to read-only, and writable again', needs('postgres'), async (t) => {
  const { postgres, database, monitor, arrive } = await begin(t);
  const readOnly = async (value: 'on' | 'off') => {
    await postgres.query('postgres', `ALTER SYSTEM SET default_transaction_read_only = ${value}`);
    await postgres.query('postgres', 'SELECT pg_reload_conf()');
  };
  await readOnly('on');
  arrive(3, 6);
  await monitor.issue('database_read_only', /is read-only: it is a standby or set to read-only/);
  await readOnly('off');
  await recovered(monitor, database, 6);
});

test('rights taken away and given back', needs('postgres'), async (t) => {
  const postgres = await Postgres.start(t);
  const { database, monitor, arrive } = await begin(t, postgres, 'observer');
  await queryAt(
    database,
    'ALTER TABLE pointing_history OWNER TO tester; REVOKE ALL ON pointing_history FROM observer',
  );
  arrive(3, 6);
  await monitor.issue('database_read_only', /denies this user access to its tables: grant/);
  await queryAt(database, 'GRANT ALL ON pointing_history TO observer');
  await recovered(monitor, database, 6);
});

test('a password that comes later, and one that is changed, are taken up', needs('postgres'), async (t) => {
  const port = await freePort();
  const postgres = await Postgres.start(t, ['listen_addresses=127.0.0.1', `port=${port}`]);
  const hba = 'local all all trust\nhost all all all scram-sha-256\n';
  writeFileSync(join(postgres.directory, 'data/pg_hba.conf'), hba);
  await postgres.query('postgres', 'SELECT pg_reload_conf()');
  await postgres.query('postgres', "CREATE ROLE contimg LOGIN PASSWORD 'first'");
  await postgres.query('postgres', 'CREATE DATABASE products OWNER contimg');
  const productsDb = `postgresql://contimg@127.0.0.1:${port}/products?sslmode=disable`;
  const space = { ...workspace(t), productsDb };
  const PGPASSFILE = join(space.path, 'pgpass');
  const write = (password: string) =>
    writeFileSync(PGPASSFILE, `127.0.0.1:*:*:contimg:${password}\n`, { mode: 0o600 });
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2'], { env: { PGPASSFILE } });
  await monitor.issue('database_unusable', /requires the password of the user contimg: there is no .*pgpass/);
  write('first');
  await monitor.healthy();
  await postgres.query('postgres', "ALTER ROLE contimg PASSWORD 'second'");
  await postgres.query('postgres', CUT);
  await monitor.issue('database_unusable', /rejects this user: check user and password/);
  write('second');
  await monitor.healthy();
  assert.doesNotMatch(monitor.log, /undefined/);
});

test(
  'a service file that is gone while the connections break is waited for',
  needs('postgres'),
  async (t) => {
    const postgres = await Postgres.start(t);
    await postgres.query('postgres', 'CREATE DATABASE products');
    const space = { ...workspace(t), productsDb: 'postgresql:///products?service=pointing' };
    const PGSERVICEFILE = join(space.path, 'services');
    const write = () =>
      writeFileSync(PGSERVICEFILE, `[pointing]\nhost=${postgres.directory}\nport=5432\nuser=tester\n`);
    write();
    const monitor = new Monitor(t, space, ['--reconcile-interval', '2'], { env: { PGSERVICEFILE } });
    await monitor.healthy();
    rmSync(PGSERVICEFILE);
    await postgres.query('postgres', CUT);
    await monitor.issue('database_unusable', /no service pointing in .*services/);
    write();
    await monitor.healthy();
  },
);

test('no connection left for the monitor', needs('postgres'), async (t) => {
  const postgres = await Postgres.start(t, ['max_connections=6', 'superuser_reserved_connections=3']);
  const { database, monitor, arrive } = await begin(t, postgres, 'observer');
  const url = database.replace('user=tester', 'user=observer');
  const takeAll = async (): Promise<pg.Client[]> => {
    const taken: pg.Client[] = [];
    try {
      for (;;) {
        const client = new pg.Client({ connectionString: url });
        client.on('error', () => {});
        await client.connect();
        taken.push(client);
      }
    } catch {
      return taken;
    }
  };
  const taken = await takeAll();
  arrive(3, 6);
  const noneFree = /has no free connections: raise max_connections/;
  // The monitor may be the first to take a connection that became free.
  await waitFor('the issue', async () => {
    await cut(database);
    taken.push(...(await takeAll()));
    return monitor.status()?.issues.some((issue) => noneFree.test(issue));
  });
  await monitor.issue('database_unreachable', noneFree);
  for (const client of taken) await client.end();
  await recovered(monitor, database, 6);
});

test(
  'a full disk under the server: nothing half written, nothing lost',
  needs('mounts', 'postgres'),
  async (t) => {
    const disk = mountTmpfs(t, '3m');
    const { database, monitor, arrive, postgres, space } = await begin(t);
    execFileSync('chown', [String(USER.uid), disk]);
    await postgres.query('postgres', `CREATE TABLESPACE small LOCATION '${disk}'`);
    const filler = join(disk, 'filler');
    await queryAt(database, 'ALTER TABLE pointing_files SET TABLESPACE small');
    assert.throws(() => writeFileSync(filler, Buffer.alloc(3 << 20)), /ENOSPC/);
    // The pages that are there have room for some rows more.
    const many = simulate(join(space.path, 'many'), ['--count', '80', '--start', '2026-01-05T00:00:00']);
    for (const file of many) copyFileSync(file, join(space.incoming, basename(file)));
    arrive(3, 6);
    await monitor.issue('database_full', /its server's disk is full: free some space/);
    rmSync(filler);
    await recovered(monitor, database, 6 + many.length);
    assert.ok(!existsSync(filler));
  },
);

test('a backfill waits for a server that is restarted in between', needs('postgres'), async (t) => {
  const postgres = await Postgres.start(t);
  const database = await emptyDatabase(t, postgres);
  const space = workspace(t);
  const files = simulate(space.incoming, ['--count', '400']);
  await postgres.end();
  const child = spawnCli(['backfill', space.incoming, database, '--json', '--reader', 'libhdf5']);
  t.after(() => child.kill('SIGKILL'));
  const ended = finished(child);
  let told = '';
  child.stderr?.on('data', (chunk) => {
    told += chunk;
  });
  await waitFor('the problem', () => /cannot be reached/.test(told));
  child.kill('SIGSTOP');
  await postgres.launch();
  await Gate.close(database, [files]);
  child.kill('SIGCONT');
  await hasRows(database);
  await postgres.end('SIGKILL');
  await postgres.launch();
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout.trim().split('\n').at(-1) as string).succeeded, files.length);
  assert.equal(await count(database, 'pointing_history'), files.length);
});

test(
  'a backfill that is told to end does not wait for an unreachable server',
  needs('postgres'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const database = await emptyDatabase(t, postgres);
    const space = workspace(t);
    await Gate.close(database, [simulate(space.incoming, ['--count', '400'])]);
    const child = spawnCli(['backfill', space.incoming, database, '--json', '--reader', 'libhdf5']);
    t.after(() => child.kill('SIGKILL'));
    const ended = finished(child);
    await hasRows(database);
    await postgres.end('SIGKILL');
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    assert.ok(code === 130 || code === 1, `${code} ${stderr}`);
    assert.match(stderr, /finishing work in progress/);
  },
);
