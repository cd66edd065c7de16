import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { cli, cliPath, environment, finished, spawnCli } from '../helpers/cli.js';
import { count, growth, historyRows, query } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { mountTmpfs } from '../helpers/mount.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { Postgres, queryAt } from '../helpers/postgres.js';
import { simulate, startSimulator } from '../helpers/simulator.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const linesOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const ledger = (productsDb: string) =>
  query<{ path: string }>(productsDb, 'SELECT * FROM pointing_files ORDER BY path');

/** Every file of a directory with its content. */
const fingerprint = (directory: string) =>
  readdirSync(directory)
    .sort()
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    ]);

/** A tree, and its backfill in shards, each in a database of its own in a directory of them. */
async function shards(t: TestContext, shardCount: number, files: number) {
  const { path, incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', String(files)]);
  writeFileSync(join(incoming, '2025-01-01T00:00:00_sb00.hdf5'), 'not what it seems\n'.repeat(50));
  const nodes = join(path, 'nodes');
  mkdirSync(nodes);
  const databases = Array.from({ length: shardCount }, (_, i) => join(nodes, `node${i}.sqlite3`));
  for (const [i, database] of databases.entries()) {
    const { code, stderr } = await cli(['backfill', incoming, database, '--shard', `${i + 1}/${shardCount}`]);
    assert.equal(code, 0, stderr);
  }
  return { path, incoming, productsDb, nodes, databases };
}

/** A database of so many observations. */
async function manyRows(t: TestContext, rows: number) {
  const space = workspace(t);
  const from = join(space.path, 'from.sqlite3');
  await storeObservations(
    from,
    Array.from({ length: rows }, (_, i) => ({ mjd: 59000 + (i * 309) / 86400, decDeg: 54.57 })),
  );
  return { ...space, from };
}

test(
  'the shards of a backfill become what one backfill of the whole tree gives; they stay as they were',
  needs('sqlite3'),
  async (t) => {
    const { path, incoming, productsDb, nodes, databases } = await shards(t, 3, 40);
    const before = fingerprint(nodes);
    const { code, stdout, stderr } = await cli(['merge', productsDb, ...databases]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^(\S+node\d\.sqlite3: \d+ files: \d+ added, 0 newer, 0 kept; \d+\.\d s\n){3}$/);
    assert.equal(stderr, '');
    assert.deepEqual(fingerprint(nodes), before);

    const whole = join(path, 'whole.sqlite3');
    await cli(['backfill', incoming, whole]);
    const rows = (database: string) =>
      execFileSync('sqlite3', [database, 'SELECT * FROM pointing_history ORDER BY timestamp'], {
        encoding: 'utf8',
      });
    assert.equal(rows(productsDb), rows(whole));
    assert.equal(count(productsDb, 'pointing_files', "state = 'failed' AND error_code = 'not_hdf5'"), 1);
    const known = await cli(['backfill', incoming, productsDb, '--json']);
    assert.equal(linesOf(known.stdout).at(-1).skipped, 41);

    const again = linesOf((await cli(['merge', productsDb, ...databases, '--json'])).stdout);
    assert.deepEqual(Object.keys(again[0]), [
      'source',
      'files',
      'added',
      'newer',
      'kept',
      'without_file',
      'without_file_added',
      'left_out_no_row',
      'left_out_wrong_time',
      'left_out_no_position',
      'left_out_impossible_time',
      'transits_added',
      'seconds',
    ]);
    assert.deepEqual(
      again.map(({ source, added, newer }) => [source, added, newer]),
      databases.map((database) => [database, 0, 0]),
    );
    assert.equal(
      again.reduce((sum, { kept }) => sum + kept, 0),
      41,
    );
  },
);

test('a target that this host knows and that is missing is made only on request', async (t) => {
  const { productsDb, databases } = await shards(t, 1, 1);
  const merge = (...flags: string[]) => cli(['merge', productsDb, ...databases, ...flags]);
  assert.equal((await merge()).code, 0);
  rmSync(productsDb);
  const { code, stderr } = await merge();
  assert.equal(code, 1);
  assert.match(stderr, /does not exist, although this host has stored observations in it: .* --create/);
  assert.equal(existsSync(productsDb), false);
  assert.equal((await merge('--create')).code, 0);
  assert.equal(count(productsDb, 'pointing_history'), 1);
});

test('a database into itself, by any name, or one that is not there: exit 2, nothing made', async (t) => {
  const { path, nodes, databases } = await shards(t, 1, 1);
  const [database] = databases as [string];
  linkSync(database, join(path, 'hard.sqlite3'));
  symlinkSync(database, join(path, 'soft.sqlite3'));
  const before = fingerprint(nodes);
  const missing = join(path, 'nowhere.sqlite3');
  const refused: [string[], RegExp][] = [
    [[database, database], /cannot be merged into itself/],
    [[database, join(path, 'hard.sqlite3')], /cannot be merged into itself/],
    [[database, join(path, 'soft.sqlite3')], /cannot be merged into itself/],
    [[missing, database, join(path, 'other.sqlite3')], /other\.sqlite3 does not exist/],
    [[missing, nodes], /nodes is not a file/],
    [['postgresql:///a', 'postgresql:///a'], /cannot be merged into itself/],
    [[missing, 'mysql://a'], /mysql:/],
    [[missing], /merge: name at least one database to merge from/],
  ];
  for (const [args, words] of refused) {
    const { code, stdout, stderr } = await cli(['merge', ...args]);
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
    assert.match(stderr, words);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
  assert.equal(existsSync(missing), false);
  assert.deepEqual(fingerprint(nodes), before);
});

test(
  'a source that is no database, none of ours or of a version to come: exit 1 before anything is written',
  needs('sqlite3'),
  async (t) => {
    const { path, productsDb, databases } = await shards(t, 1, 2);
    const bad = (name: string) => join(path, name);
    writeFileSync(bad('words'), 'no database at all, just words, and many of them '.repeat(50));
    writeFileSync(bad('empty'), '');
    const other = new Database(bad('other'));
    other.pragma('journal_mode = WAL');
    other.exec('CREATE TABLE theirs (note TEXT)');
    other.close();
    execFileSync('sqlite3', [databases[0] as string, `VACUUM INTO '${bad('newer')}'`]);
    execFileSync('sqlite3', [bad('newer'), 'ALTER TABLE pointing_files ADD COLUMN colour TEXT']);
    const names = readdirSync(path);
    for (const [name, words] of [
      ['words', /is damaged \(file is not a database\)/],
      ['empty', /no table pointing_history, so it is not a products database/],
      ['other', /no table pointing_history/],
      ['newer', /has a newer format \(it has colour\)/],
    ] as const) {
      const { code, stdout, stderr } = await cli(['merge', productsDb, databases[0] as string, bad(name)]);
      assert.deepEqual([code, stdout], [1, ''], name);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    }
    assert.deepEqual(readdirSync(path), names);
  },
);

test('a database of the Python monitor: its wrong rows are left out and counted, and come over once they are repaired', async (t) => {
  const { path, incoming, productsDb, databases } = await shards(t, 1, 5);
  const old = join(path, 'old.sqlite3');
  const [first] = historyRows(databases[0] as string);
  assert.ok(first);
  const wrong = (mjd: number) => 51544 + (mjd + 2400000.5) / 86400;
  const sqlite = new Database(old);
  sqlite.exec(
    'CREATE TABLE pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL); PRAGMA user_version = 3',
  );
  const add = sqlite.prepare('INSERT INTO pointing_history VALUES (?, ?, ?)');
  // The second is of an observation whose file the backfill has read.
  for (const mjd of [60500.25, first.timestamp]) add.run(wrong(mjd), 183.73, 54.57);
  add.run(60400.5, 10, 20);
  add.run(60400.6, null, null);
  sqlite.close();
  await cli(['merge', productsDb, databases[0] as string]);
  const left = await cli(['merge', productsDb, old]);
  assert.equal(left.code, 1);
  assert.match(
    left.stdout,
    /: 0 files: 0 added, 0 newer, 0 kept; 4 rows without a file: 1 added, 3 left out; /,
  );
  assert.match(left.stderr, /^\S+: left out 1 row without a position$/m);
  assert.match(
    left.stderr,
    /^(\S+): left out 2 rows with the Python monitor's wrong times.*doctor WATCH_DIR \1 --repair/m,
  );
  assert.equal(count(productsDb, 'pointing_history'), 6);

  await cli(['doctor', incoming, old, '--repair']);
  const mended = await cli(['merge', productsDb, old, '--json']);
  assert.equal(mended.code, 0);
  const [{ without_file, without_file_added }] = linesOf(mended.stdout);
  assert.deepEqual([without_file, without_file_added], [4, 1]);
  assert.equal(count(productsDb, 'pointing_history'), 7);
  assert.equal(count(productsDb, 'pointing_history', 'abs(timestamp - 60500.25) < 1e-6'), 1);
});

test('a monitor goes on writing meanwhile: what is merged is whole, and the next merge brings the rest', async (t) => {
  const space = workspace(t);
  const into = join(space.path, 'into.sqlite3');
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.healthy();
  const simulator = startSimulator(space.incoming, ['--count', '0', '--every', '0.05']);
  t.after(() => simulator.kill('SIGKILL'));
  const written = finished(simulator);
  let merged = 0;
  for (let round = 0; round < 3; round++) {
    await growth(space.productsDb, merged, monitor.process);
    const { code, stderr } = await cli(['merge', into, space.productsDb]);
    assert.equal(code, 0, stderr);
    const before = merged;
    merged = count(into, 'pointing_files');
    assert.ok(merged > before, `${merged} after ${before}`);
    const torn = 'timestamp NOT IN (SELECT timestamp FROM';
    assert.equal(count(into, 'pointing_files', `${torn} pointing_history)`), 0);
    assert.equal(count(into, 'pointing_history', `${torn} pointing_files)`), 0);
  }
  assert.equal(simulator.exitCode, null);
  simulator.kill('SIGTERM');
  const files = (await written).stdout.split('\n').filter(Boolean);
  await monitor.until('all files', ({ reconciliation }) => reconciliation?.with_row === files.length);
  await cli(['merge', into, space.productsDb]);
  assert.deepEqual(ledger(into), ledger(space.productsDb));
  assert.deepEqual(
    ledger(into).map(({ path }) => path),
    files.sort(),
  );
  assert.equal((await monitor.healthy()).healthy, true);
  assert.ok(existsSync(`${space.productsDb}-wal`));
});

test('kill -9 at any moment, then again: exactly the rows of the source', async (t) => {
  const { from, productsDb } = await manyRows(t, 60_000);
  const seen: number[] = [];
  for (let round = 0; round < 6; round++) {
    const child = spawnCli(['merge', productsDb, from]);
    const ended = finished(child);
    // Every other one once it has written rows, the rest wherever it is.
    const before = seen.at(-1) ?? 0;
    if (round % 2 === 0) await growth(productsDb, before, child);
    else await sleep(250);
    await sleep(round * 20);
    child.kill('SIGKILL');
    await ended;
    const [files, rows] = [count(productsDb, 'pointing_files'), count(productsDb, 'pointing_history')];
    assert.equal(files, rows);
    seen.push(files);
  }
  assert.ok(
    seen.some((files) => files > 0 && files < 60_000),
    `no kill was in the middle: ${seen}`,
  );
  const last = await cli(['merge', productsDb, from]);
  assert.equal(last.code, 0, last.stderr);
  assert.deepEqual(ledger(productsDb), ledger(from));
  assert.deepEqual(historyRows(productsDb), historyRows(from));
  t.diagnostic(`rows after each kill: ${seen}`);
});

test('Ctrl-C ends it in good order: exit 130, and the next merge does the rest', async (t) => {
  const { from, productsDb } = await manyRows(t, 60_000);
  const child = spawnCli(['merge', productsDb, from, '--json']);
  const ended = finished(child);
  await waitFor('the first rows', () => count(productsDb, 'pointing_history') > 0);
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.equal(code, 130);
  const stored = count(productsDb, 'pointing_files');
  assert.equal(linesOf(stdout)[0].added, stored);
  assert.ok(stored < 60_000, 'it was over before it could be interrupted');
  const [rest] = linesOf((await cli(['merge', productsDb, from, '--json'])).stdout);
  assert.deepEqual([rest.added, rest.kept], [60_000 - stored, stored]);
});

test('a target that another program locks is waited for; a source that one locks is told', async (t) => {
  const { productsDb, databases } = await shards(t, 2, 4);
  const [first, second] = databases as [string, string];
  await cli(['merge', productsDb, first]);
  const other = new Database(productsDb);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const child = spawnCli(['merge', productsDb, second]);
  let told = '';
  child.stderr?.on('data', (chunk) => {
    told += chunk;
  });
  const ended = finished(child);
  await waitFor('the problem', () => /is locked by another program/.test(told));
  other.exec('ROLLBACK');
  assert.equal((await ended).code, 0);
  assert.equal(count(productsDb, 'pointing_files'), 5);

  const holder = new Database(first);
  t.after(() => holder.close());
  holder.pragma('journal_mode = DELETE');
  holder.exec('BEGIN EXCLUSIVE');
  const { code, stderr } = await cli(['merge', productsDb, first]);
  assert.equal(code, 1);
  assert.match(stderr, /node0\.sqlite3 is locked by another program/);
});

test('a target that is deleted meanwhile is not created again with half of the rows: exit 1', async (t) => {
  const { productsDb, databases } = await shards(t, 2, 4);
  await cli(['merge', productsDb, databases[0] as string]);
  const other = new Database(productsDb);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const child = spawnCli(['merge', productsDb, databases[1] as string]);
  let told = '';
  child.stderr?.on('data', (chunk) => {
    told += chunk;
  });
  const ended = finished(child);
  await waitFor('the problem', () => /is locked by another program/.test(told));
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${productsDb}${suffix}`, { force: true });
  const { code, stdout, stderr } = await ended;
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /was deleted or replaced during the merge: merge again\n$/);
  assert.equal(existsSync(productsDb), false);
});

test(
  'a source on a disk that takes nothing: read where it can be, else told what to do',
  needs('mounts', 'sqlite3'),
  async (t) => {
    const { databases, productsDb } = await shards(t, 1, 3);
    const disk = mountTmpfs(t, '16m');
    const [walled, plain] = [join(disk, 'walled.sqlite3'), join(disk, 'plain.sqlite3')];
    for (const path of [walled, plain]) copyFileSync(databases[0] as string, path);
    execFileSync('sqlite3', [plain, 'PRAGMA journal_mode = DELETE']);
    const withLog = join(disk, 'log.sqlite3');
    const writing = new Database(databases[0] as string);
    writing.exec('CREATE TABLE theirs (note TEXT)');
    for (const end of ['', '-wal']) copyFileSync(`${databases[0]}${end}`, `${withLog}${end}`);
    writing.close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    for (const source of [plain, walled]) assert.equal((await cli(['merge', productsDb, source])).code, 0);
    assert.deepEqual(ledger(productsDb), ledger(databases[0] as string));
    const { code, stderr } = await cli(['merge', productsDb, withLog]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /log\.sqlite3 cannot be read where .*: start its monitor, or copy it elsewhere with its log\n$/,
    );
  },
);

test(
  'a full disk: exit 1 with what it is, nothing half done; with room again it goes on',
  needs('mounts', 'sqlite3'),
  async (t) => {
    const { from } = await manyRows(t, 30_000);
    const disk = mountTmpfs(t, '4m');
    const into = join(disk, 'into.sqlite3');
    const full = await cli(['merge', into, from]);
    assert.equal(full.code, 1);
    assert.match(full.stderr, /into\.sqlite3 cannot grow because its disk is full: free some space/);
    assert.equal(count(into, 'pointing_files'), count(into, 'pointing_history'));
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    assert.equal((await cli(['merge', into, from])).code, 0);
    assert.deepEqual(ledger(into), ledger(from));
  },
);

test(
  'a site moves from SQLite to PostgreSQL: its monitor’s host knows its files there',
  needs('postgres'),
  async (t) => {
    const { path, incoming, databases } = await shards(t, 2, 10);
    const postgres = await Postgres.start(t);
    const site = await postgres.database();
    const moved = await cli(['merge', site, ...databases], { PIPELINE_HOST: 'ovro' });
    assert.equal(moved.code, 0, moved.stderr);
    assert.match(moved.stderr, /assigned to the host ovro \[PIPELINE_HOST\]/);
    assert.deepEqual(
      await queryAt(site, 'SELECT timestamp, ra_deg, dec_deg FROM pointing_history ORDER BY timestamp'),
      databases.flatMap(historyRows).sort((a, b) => a.timestamp - b.timestamp),
    );
    const known = await cli(['backfill', incoming, site, '--json'], { PIPELINE_HOST: 'ovro' });
    assert.equal(linesOf(known.stdout).at(-1).skipped, 11);

    const back = join(path, 'back.sqlite3');
    assert.equal((await cli(['merge', back, `${site}&password=hunter2`])).code, 0);
    assert.deepEqual(
      ledger(back),
      databases
        .flatMap(ledger)
        .sort((a, b) => ((a as { path: string }).path < (b as { path: string }).path ? -1 : 1)),
    );
    await cli(['backfill', incoming, site], { PIPELINE_HOST: 'lab' });
    const several = await cli(['merge', back, `${site}&password=hunter2`]);
    assert.equal(several.code, 2);
    assert.match(several.stderr, /has files from several hosts \(lab, ovro\).*merge it into PostgreSQL\n$/);
    assert.doesNotMatch(several.stderr, /hunter2/);
    const missing = await cli(['merge', back, postgres.url('nowhere')]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /does not exist on its server/);
  },
);

test('on a terminal there is a bar', needs('script'), async (t) => {
  const { productsDb, databases } = await shards(t, 1, 3);
  const command = `"${process.execPath}" "${cliPath}" merge "${productsDb}" "${databases[0]}"`;
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    env: environment,
    encoding: 'utf8',
  });
  assert.match(stdout, /█+ 4\/4 rows .* database 1 of 1/);
});

test('files that a ledger stores without a row of the history are left out, and counted: exit 1', async (t) => {
  const { path, from } = await manyRows(t, 6);
  const into = join(path, 'into.sqlite3');
  assert.equal((await cli(['merge', into, from])).code, 0);
  const before = historyRows(into);
  const sqlite = new Database(from);
  sqlite.exec(`UPDATE pointing_files SET recorded_at = recorded_at + 10, timestamp = timestamp + 0.1;
    DELETE FROM pointing_history`);
  sqlite.close();
  const { code, stdout, stderr } = await cli(['merge', into, from, '--json']);
  assert.equal(code, 1);
  assert.equal(linesOf(stdout)[0].left_out_no_row, 6);
  assert.match(stderr, /left out 6 files stored in its ledger/);
  assert.deepEqual(historyRows(into), before);
});
