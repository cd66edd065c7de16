import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { openSqliteReader } from '#src/store/sqlite/database.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { mjdUtc } from '#src/units.js';
import { count, historyRows, query } from '../../helpers/database.js';
import { mountTmpfs } from '../../helpers/mount.js';
import { needs } from '../../helpers/needs.js';
import { openFiles } from '../../helpers/processes.js';
import { workspace } from '../../helpers/workspace.js';
import { problem, stored } from '../results.js';

// SQLite reads this when the process first opens a database, which here the tests do; else the store sets it.
process.env.SQLITE_USE_URI = '1';

/** Another process runs a statement on a database and keeps it open: SQLite's connections of one process share locks. */
async function elsewhere(test: TestContext, productsDb: string, sql: string): Promise<void> {
  const program = `const database = new (require('better-sqlite3'))(process.argv[1]);
    database.exec(process.argv[2]);
    console.log('done');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['-e', program, productsDb, sql], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  test.after(() => child.kill());
  await once(child.stdout, 'data');
}

function open(test: TestContext) {
  const { productsDb, path } = workspace(test);
  const store = new SqliteStore(productsDb, { lockWait: 'short' });
  test.after(() => store.close());
  return { store, productsDb, path };
}

test('the history table is exactly the one that other programs create', async (t) => {
  const { store, productsDb } = open(t);
  const theirs = new Database(productsDb);
  theirs.exec(
    'CREATE TABLE IF NOT EXISTS pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL)',
  );
  theirs.pragma('user_version = 7');
  theirs.prepare('INSERT INTO pointing_history VALUES (60000.5, 1, 2)').run();
  theirs.close();
  await store.record([stored('/in/a', 60952.6)]);
  assert.equal(historyRows(productsDb).length, 2);
  assert.deepEqual(
    query<{ name: string; type: string; pk: number }>(
      productsDb,
      "SELECT name, type, pk FROM pragma_table_info('pointing_history')",
    ),
    [
      { name: 'timestamp', type: 'REAL', pk: 1 },
      { name: 'ra_deg', type: 'REAL', pk: 0 },
      { name: 'dec_deg', type: 'REAL', pk: 0 },
    ],
  );
  assert.deepEqual(query(productsDb, 'PRAGMA user_version'), [{ user_version: 7 }]);
});

test('a lock by another program is an error that passes, and leaves nothing half done', async (t) => {
  const { store, productsDb } = open(t);
  await store.check();
  const other = new Database(productsDb);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const message = await problem('locked', () => store.record([stored('/in/a', 60952.6)]));
  assert.match(message, /locked by another program/);
  other.exec('ROLLBACK');
  await store.record([stored('/in/a', 60952.6)]);
  assert.equal(count(productsDb, 'pointing_files'), 1);
});

test('a file that is no database, and one put in its place', async (t) => {
  const { store, productsDb } = open(t);
  writeFileSync(productsDb, 'this is not a database, whatever its name says '.repeat(100));
  assert.match(
    await problem('corrupt', () => store.check()),
    /stop the monitor, then follow database_corrupt/,
  );
  rmSync(productsDb);
  await store.record([stored('/in/a', 60952.6)]);
  assert.equal(count(productsDb, 'pointing_history'), 1);
});

test('a replaced database is in use as it is now, and a deleted one is not made again by itself', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6)]);
  rmSync(productsDb);
  const message = await problem('missing', () => store.record([stored('/in/b', 60953.6)]));
  assert.match(
    message,
    /does not exist, although this host has stored observations in it: mount or restore it/,
  );
  assert.match(await problem('missing', () => store.check()), /--create/);
  assert.equal(existsSync(productsDb), false);
  const backup = `${productsDb}.backup`;
  const other = new SqliteStore(backup, { lockWait: 'short' });
  await other.record([stored('/in/c', 60954.6)]);
  await other.close();
  renameSync(backup, productsDb);
  await store.record([stored('/in/d', 60955.6)]);
  assert.deepEqual(timesIn(productsDb), [60954.6, 60955.6]);
});

test('a database that was deleted before any row came is made again', async (t) => {
  const { store, productsDb } = open(t);
  await store.check();
  rmSync(productsDb);
  await store.record([stored('/in/a', 60952.6)]);
  assert.deepEqual(timesIn(productsDb), [60952.6]);
});

test('a database that this host knows and that is missing at the start is made only on request', async (t) => {
  const { productsDb, path } = workspace(t);
  const marks = [join(path, 'state', 'known', 'mark'), join(productsDb, 'not', 'a directory')];
  const problems: string[] = [];
  const first = new SqliteStore(productsDb, {
    lockWait: 'short',
    marks,
    onUnmarked: (problem) => problems.push(problem),
  });
  await first.check();
  assert.equal(existsSync(marks[0] as string), false);
  await first.record([stored('/in/a', 60952.6)]);
  await first.close();
  assert.equal(problems.length, 1);
  assert.match(problems[0] as string, /^cannot note on this host that .* has rows \(ENOTDIR/);
  for (const leave of [() => rmSync(productsDb), () => writeFileSync(productsDb, '')]) {
    leave();
    const again = new SqliteStore(productsDb, { lockWait: 'short', marks });
    t.after(() => again.close());
    await problem('missing', () => again.check());
    await problem('missing', () => again.record([stored('/in/a', 60952.6)]));
  }
  const asked = new SqliteStore(productsDb, { lockWait: 'short', marks, create: true });
  t.after(() => asked.close());
  await asked.record([stored('/in/b', 60953.6)]);
  assert.deepEqual(timesIn(productsDb), [60953.6]);
});

test(
  'the file system of the database goes away: nothing is made below it, and its rows are there when it returns',
  needs('mounts'),
  async (t) => {
    const { path } = workspace(t);
    const mountPoint = join(path, 'mount');
    const productsDb = join(mountPoint, 'products.sqlite3');
    const disk = mountTmpfs(t, '8m');
    mkdirSync(mountPoint);
    const mount = () => execFileSync('mount', ['--bind', disk, mountPoint]);
    const unmount = () => execFileSync('umount', ['--lazy', mountPoint]);
    mount();
    t.after(() => spawnSync('umount', ['--lazy', mountPoint]));
    const store = new SqliteStore(productsDb, { lockWait: 'short' });
    t.after(() => store.close());
    await store.record([stored('/in/a', 60952.6)]);
    unmount();
    await problem('missing', () => store.record([stored('/in/b', 60953.6)]));
    assert.deepEqual(readdirSync(mountPoint), []);
    // Another program makes a database there.
    new Database(productsDb).exec('CREATE TABLE theirs (note)').close();
    assert.match(
      await problem('missing', () => store.check()),
      /on another file system than before and has no rows/,
    );
    mount();
    await store.record([stored('/in/b', 60953.6)]);
    assert.deepEqual(timesIn(productsDb), [60952.6, 60953.6]);
  },
);

test('a backup put in the place of a database that somebody is reading is not touched by the old log', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6)]);
  await store.check();
  const backup = `${productsDb}.backup`;
  const theirs = new Database(backup);
  theirs.exec('CREATE TABLE theirs (note)');
  theirs.exec(
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO theirs SELECT hex(zeroblob(100)) FROM n',
  );
  theirs.close();
  const reader = new Database(productsDb);
  t.after(() => reader.close());
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM pointing_history').get();
  for (let i = 0; i < 50; i++) await store.record([stored(`/in/${i}`, 60953 + i)]);
  // The reader keeps the log from being emptied.
  await store.check();
  renameSync(backup, productsDb);
  await store.record([stored('/in/new', 60999.5)]);
  assert.deepEqual(timesIn(productsDb), [60999.5]);
  assert.deepEqual(query(productsDb, 'SELECT count(*) AS n FROM theirs'), [{ n: 500 }]);
  assert.deepEqual(query(productsDb, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
});

test('of each database that was replaced while somebody was reading it, the log is kept', async (t) => {
  const { store, productsDb } = open(t);
  for (const kept of ['-wal-replaced', '-wal-replaced.1']) {
    await store.record([stored('/in/a', 60952.6)]);
    const reader = new Database(productsDb);
    t.after(() => reader.close());
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM pointing_history').get();
    await store.record([stored('/in/b', 60953.6)]);
    const other = new SqliteStore(`${productsDb}.other`, { lockWait: 'short' });
    await other.check();
    await other.close();
    renameSync(`${productsDb}.other`, productsDb);
    await store.check();
    assert.ok(existsSync(`${productsDb}${kept}`), kept);
  }
});

test('a database that was deleted is let go of, so that its space is free', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6)]);
  const isHeld = () => openFiles(process.pid).some((path) => path.startsWith(productsDb));
  assert.ok(isHeld());
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${productsDb}${suffix}`, { force: true });
  await problem('missing', () => store.check());
  assert.ok(!isHeld());
});

for (const [rows, backupRows] of [
  [10, 20_000],
  [20_000, 25_000],
  [20_000, 10],
] as const)
  test(`a backup of ${backupRows} rows in the place of ${rows} is sound while an idle reader has the old one open`, async (t) => {
    const { store, productsDb } = open(t);
    const backup = `${productsDb}.backup`;
    const times = (count: number, first: number) =>
      Array.from({ length: count }, (_, i) => stored(`/in/${i}`, first + i * 0.004));
    const theirs = new SqliteStore(backup, { lockWait: 'short' });
    await theirs.record(times(backupRows, 59_000));
    await theirs.close();
    await store.record(times(rows, 60_000));
    await elsewhere(t, productsDb, 'SELECT count(*) FROM pointing_history');
    await store.record([stored('/in/last', 60_900.5)]);
    renameSync(backup, productsDb);
    await store.record([stored('/in/new', 60_999.5)]);
    await store.check();
    assert.equal(count(productsDb, 'pointing_history'), backupRows + 1);
    assert.deepEqual(query(productsDb, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  });

test('what another program has written to a restored database stays in it, and the old one is whole', async (t) => {
  const { store, productsDb } = open(t);
  const [backup, moved] = [`${productsDb}.backup`, `${productsDb}.moved`];
  await store.record(Array.from({ length: 3000 }, (_, i) => stored(`/in/${i}`, 60_000 + i * 0.004)));
  await store.check();
  copyFileSync(productsDb, backup);
  renameSync(productsDb, moved);
  renameSync(backup, productsDb);
  await elsewhere(
    t,
    productsDb,
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO pointing_history SELECT 50000 + i, 1, 2 FROM n',
  );
  await store.check();
  await store.record([stored('/in/new', 60_999.5)]);
  assert.equal(count(productsDb, 'pointing_history'), 3501);
  assert.equal(count(moved, 'pointing_history'), 3000);
  for (const path of [productsDb, moved])
    assert.deepEqual(query(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
});

test('a database that is moved while somebody reads it keeps its rows, wherever its log is', async (t) => {
  const { store, productsDb } = open(t);
  await store.record([stored('/in/a', 60952.6)]);
  await store.check();
  const reader = new Database(productsDb);
  t.after(() => reader.close());
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM pointing_history').get();
  for (let i = 0; i < 50; i++) await store.record([stored(`/in/${i}`, 60953 + i)]);
  const moved = `${productsDb}.moved`;
  renameSync(productsDb, moved);
  await problem('missing', () => store.check());
  // A slip, undone.
  renameSync(moved, productsDb);
  await store.check();
  assert.equal(count(productsDb, 'pointing_history'), 51);
  // Another takes its place: the moved one is whole with the log that was kept.
  renameSync(productsDb, moved);
  const other = new SqliteStore(`${productsDb}.other`, { lockWait: 'short' });
  await other.record([stored('/in/other', 60900.5)]);
  await other.close();
  renameSync(`${productsDb}.other`, productsDb);
  await store.check();
  assert.deepEqual(timesIn(productsDb), [60900.5]);
  reader.close();
  renameSync(`${productsDb}-wal-replaced`, `${moved}-wal`);
  assert.equal(count(moved, 'pointing_history'), 51);
});

test('a database that is moved away has its rows by itself where nobody reads it', async (t) => {
  const { store, productsDb } = open(t);
  await store.check();
  for (let i = 0; i < 50; i++) await store.record([stored(`/in/${i}`, 60953 + i)]);
  const moved = `${productsDb}.moved`;
  renameSync(productsDb, moved);
  await problem('missing', () => store.check());
  assert.equal(count(moved, 'pointing_history'), 50);
});

for (const [way, restore] of [
  ['renamed', (backup: string, database: string) => renameSync(backup, database)],
  // The copy is likely to get the removed file's inode.
  [
    'copied',
    (backup: string, database: string) => {
      rmSync(database);
      copyFileSync(backup, database);
    },
  ],
] as const)
  test(`a backup ${way} to the place of a damaged database is not touched by the old log, and is told`, async (t) => {
    const { store, productsDb } = open(t);
    for (let i = 0; i < 500; i++) await store.record([stored(`/in/${i}`, 60953 + i)]);
    await store.check();
    const backup = `${productsDb}.backup`;
    copyFileSync(productsDb, backup);
    const reader = new Database(productsDb);
    t.after(() => reader.close());
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM pointing_history').get();
    for (let i = 500; i < 600; i++) await store.record([stored(`/in/${i}`, 60953 + i)]);
    // One that keeps no pages in memory yet.
    let replaced = 0;
    const fresh = new SqliteStore(productsDb, { lockWait: 'short', onReplaced: () => replaced++ });
    t.after(() => fresh.close());
    await fresh.check();
    const pages = openSync(productsDb, 'r+');
    for (let at = 4096; at < fstatSync(pages).size; at += 4096)
      writeSync(pages, Buffer.alloc(512, 0x5a), 0, 512, at);
    closeSync(pages);
    const again = Array.from({ length: 500 }, (_, i) => stored(`/in/${i}`, 61000.5 + i));
    await problem('corrupt', () => fresh.record(again));
    restore(backup, productsDb);
    await fresh.check();
    assert.equal(replaced, 1);
    assert.equal(count(productsDb, 'pointing_history'), 500);
    assert.deepEqual(query(productsDb, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  });

test('a database behind a symbolic link: its log is emptied, and taken away when it is replaced', async (t) => {
  const { productsDb, path } = workspace(t);
  const link = join(path, 'link.sqlite3');
  symlinkSync(productsDb, link);
  const store = new SqliteStore(link, { lockWait: 'short' });
  t.after(() => store.close());
  await store.record([stored('/in/a', 60952.6)]);
  await store.check();
  const copy = join(path, 'copy.sqlite3');
  copyFileSync(productsDb, copy);
  assert.deepEqual(timesIn(copy), [60952.6]);
  await store.record([stored('/in/b', 60953.6)]);
  renameSync(copy, productsDb);
  await store.record([stored('/in/c', 60954.6)]);
  assert.deepEqual(timesIn(productsDb), [60952.6, 60954.6]);
});

test('a link that leads to another database leaves the first one whole', async (t) => {
  const { productsDb, path } = workspace(t);
  const link = join(path, 'link.sqlite3');
  symlinkSync(productsDb, link);
  const store = new SqliteStore(link, { lockWait: 'short' });
  t.after(() => store.close());
  await store.record([stored('/in/a', 60952.6)]);
  const other = join(path, 'other.sqlite3');
  const second = new SqliteStore(other, { lockWait: 'short' });
  await second.record([stored('/in/b', 60953.6)]);
  await second.close();
  symlinkSync(other, `${link}.new`);
  renameSync(`${link}.new`, link);
  await store.record([stored('/in/c', 60954.6)]);
  assert.deepEqual(timesIn(productsDb), [60952.6]);
  assert.deepEqual(timesIn(other), [60953.6, 60954.6]);
});

test(
  'another user reads a database whose monitor has stopped, and from media that cannot be written',
  needs('root', 'setuid'),
  async (t) => {
    const { store, productsDb, path } = open(t);
    await store.record([stored('/in/a', 60952.6)]);
    await store.close();
    chmodSync(path, 0o755);
    const reader = openSqliteReader({ location: productsDb, missing: 'error', lockWait: 'short' });
    t.after(() => reader.close());
    const version = await asNobody(async () => {
      assert.equal((await reader.newest())?.timestamp, 60952.6);
      return reader.version();
    });
    // The monitor runs again: the same reader sees what it writes, though none of it is left in the log.
    await store.record([stored('/in/b', 60953.6)]);
    await store.check();
    assert.equal((await reader.newest())?.timestamp, 60953.6);
    assert.notEqual(await reader.version(), version);
  },
);

test(
  'another user who finds a log that nobody has open is told why it cannot read',
  needs('root', 'setuid'),
  async (t) => {
    const { store, productsDb, path } = open(t);
    await store.record([stored('/in/a', 60952.6)]);
    const copy = join(path, 'copy');
    mkdirSync(copy);
    for (const suffix of ['', '-wal']) copyFileSync(`${productsDb}${suffix}`, join(copy, `db${suffix}`));
    for (const each of [path, copy]) chmodSync(each, 0o755);
    const reader = openSqliteReader({ location: join(copy, 'db'), missing: 'error', lockWait: 'short' });
    t.after(() => reader.close());
    const message = await asNobody(() => problem('read_only', () => reader.newest()));
    assert.match(message, /cannot be read where its directory cannot be written, for its write-ahead log/);
  },
);

test('log and index get the group and mode of the database', needs('root', 'setuid'), async (t) => {
  const { productsDb, path } = workspace(t);
  new Database(productsDb).exec('CREATE TABLE theirs (note)').close();
  const group = 12_345;
  chownSync(path, NOBODY, group);
  chownSync(productsDb, 0, group);
  chmodSync(path, 0o775);
  chmodSync(productsDb, 0o664);
  const store = new SqliteStore(productsDb, { lockWait: 'short' });
  t.after(() => store.close());
  await asNobody(() => store.record([stored('/in/a', 60952.6)]), [group]);
  for (const suffix of ['-wal', '-shm']) {
    const { uid, gid, mode } = statSync(`${productsDb}${suffix}`);
    assert.deepEqual([uid, gid, mode & 0o777], [NOBODY, group, 0o664], suffix);
  }
});

test(
  'links planted in the place of log and index do not give away the files that they lead to',
  needs('root'),
  async (t) => {
    const { productsDb, path } = workspace(t);
    new Database(productsDb).exec('CREATE TABLE theirs (note)').close();
    chownSync(productsDb, 0, NOBODY);
    chmodSync(productsDb, 0o666);
    const secret = join(path, 'secret');
    writeFileSync(secret, 'a secret', { mode: 0o600 });
    for (const ending of ['-wal', '-shm']) symlinkSync(secret, `${productsDb}${ending}`);
    const store = new SqliteStore(productsDb, { lockWait: 'short' });
    t.after(() => store.close());
    await problem('unusable', () => store.check());
    const { gid, mode } = statSync(secret);
    assert.deepEqual(
      [gid, mode & 0o777, readFileSync(secret, 'utf8')],
      [process.getgid?.(), 0o600, 'a secret'],
    );
  },
);

test('a link planted in the place of a mark is not followed', async (t) => {
  const { productsDb, path } = workspace(t);
  const planted = join(path, 'planted');
  const mark = join(path, 'mark');
  symlinkSync(planted, mark);
  const store = new SqliteStore(productsDb, { lockWait: 'short', marks: [mark] });
  t.after(() => store.close());
  await store.record([stored('/in/a', 60952.6)]);
  assert.ok(!existsSync(planted));
});

const NOBODY = 65_534;

/** Only root can become somebody else. */
async function asNobody<T>(work: () => Promise<T>, groups: number[] = []): Promise<T> {
  const before = process.getgroups?.() ?? [];
  process.setgroups?.(groups);
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(before);
  }
}

const timesIn = (path: string) => historyRows(path).map(({ timestamp }) => timestamp);

test('a missing directory is named', async (t) => {
  const { productsDb } = workspace(t);
  const store = new SqliteStore(`${productsDb}.d/products.sqlite3`, { lockWait: 'short' });
  assert.match(await problem('missing', () => store.check()), /directory of the database .* does not exist/);
});

test('a reader of a database that has no ledger sees an empty one, and makes none', async (t) => {
  const { productsDb } = workspace(t);
  const sqlite = new Database(productsDb);
  sqlite.exec(`CREATE TABLE pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL);
    INSERT INTO pointing_history VALUES (60952.8, 10, 20)`);
  sqlite.close();
  const reader = openSqliteReader({ location: productsDb, missing: 'error', lockWait: 'short' });
  t.after(() => reader.close());
  assert.equal((await reader.newest())?.timestamp, 60952.8);
  for await (const { path } of reader.observations(mjdUtc(0), mjdUtc(1e5))) assert.equal(path, null);
  assert.deepEqual(query(productsDb, "SELECT name FROM sqlite_schema WHERE name = 'pointing_files'"), []);
});
