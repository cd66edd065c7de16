import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { degrees } from '#src/units.js';
import { cli, cliPath, environment, finished, spawnCli } from '../helpers/cli.js';
import { count, growth, historyRows, query } from '../helpers/database.js';
import { writeManyEndless } from '../helpers/endless.js';
import { HangingMount } from '../helpers/hanging-mount.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { byDsa110 } from '../helpers/observations.js';
import { childrenOf, hasEnded, killIfThere } from '../helpers/processes.js';
import { simulate } from '../helpers/simulator.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { fixture, workspace } from '../helpers/workspace.js';
import { pointing, version } from '../store/results.js';

const summaryOf = (stdout: string) => JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);

test('a tree is read once; the second run opens nothing, --force all', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(join(incoming, 'a/b'), ['--count', '30']);
  simulate(incoming, ['--count', '20', '--start', '2025-11-01T00:00:00', '--subbands', '2']);
  const first = await cli(['backfill', incoming, productsDb, '--json']);
  assert.equal(first.code, 0, first.stderr);
  const { files, succeeded, failed, skipped } = summaryOf(first.stdout);
  assert.deepEqual(
    { files, succeeded, failed, skipped },
    { files: 50, succeeded: 50, failed: 0, skipped: 0 },
  );
  assert.equal(count(productsDb, 'pointing_history'), 50);
  const rows = query(productsDb, 'SELECT * FROM pointing_files ORDER BY path');
  const second = summaryOf((await cli(['backfill', incoming, productsDb, '--json'])).stdout);
  assert.deepEqual([second.files, second.skipped], [0, 50]);
  assert.deepEqual(query(productsDb, 'SELECT * FROM pointing_files ORDER BY path'), rows);
  const forced = summaryOf((await cli(['backfill', incoming, productsDb, '--json', '--force'])).stdout);
  assert.deepEqual([forced.files, forced.succeeded], [50, 50]);
  assert.equal(count(productsDb, 'pointing_history'), 50);
});

test('the summary has exactly the keys of the contract, and the changes of declination', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '30', '--dec-steps', '54.57:10,54.6:10,16.24:10']);
  const { stdout } = await cli(['backfill', incoming, productsDb, '--json']);
  const summary = summaryOf(stdout);
  assert.deepEqual(Object.keys(summary), [
    'files',
    'succeeded',
    'failed',
    'waiting',
    'skipped',
    'seconds',
    'files_per_second',
    'declination_changes',
  ]);
  assert.equal(summary.declination_changes.length, 1);
  const [change] = summary.declination_changes;
  assert.ok(Math.abs(change.from_deg - 54.6) < 1e-9 && Math.abs(change.to_deg - 16.24) < 1e-9);
  assert.equal(change.mjd, historyRows(productsDb)[20]?.timestamp);
  const fine = summaryOf(
    (await cli(['backfill', incoming, productsDb, '--json', '--force', '--jump-threshold-deg', '0.01']))
      .stdout,
  );
  assert.equal(fine.declination_changes.length, 2);
  const text = await cli(['backfill', incoming, productsDb, '--force']);
  assert.match(text.stdout, /^declination 54\.60 -> 16\.24 at 2025-10-01T\d\d:\d\d:\d\dZ/);
  assert.match(
    text.stdout,
    /^30 files in this run: 30 stored, 0 waiting, 0 failed, 0 unaccounted; 0 already known; /m,
  );
});

test('each file of the years in which the writer stored the epoch as 2000 has its row', async (t) => {
  const { incoming, productsDb } = workspace(t);
  for (const [year, shape] of [
    ['2020-10-22', '0'],
    ['2021-06-15', '1'],
    ['2022-01-17', '0'],
  ]) {
    const args = ['--epoch-2000', '--count', '20', '--start', `${year}T00:00:00`];
    simulate(incoming, shape === '1' ? [...args, '--scalar-shape', '1'] : args);
  }
  const { code, stdout, stderr } = await cli(['backfill', incoming, productsDb, '--json']);
  assert.equal(code, 0, stderr);
  assert.equal(summaryOf(stdout).succeeded, 60);
  assert.equal(count(productsDb, 'pointing_history'), 60);
  assert.deepEqual(query(productsDb, 'SELECT DISTINCT kind, ha_deg FROM pointing_files'), [
    { kind: 'hadec', ha_deg: 0 },
  ]);
});

test('a date range takes both of its ends, by the names', async (t) => {
  const { incoming, productsDb } = workspace(t);
  for (const day of ['2025-10-01', '2025-10-02', '2025-10-03', '2025-10-04']) {
    simulate(incoming, ['--start', `${day}T12:00:00`]);
  }
  const { code } = await cli([
    'backfill',
    incoming,
    productsDb,
    '--start-date',
    '2025-10-02',
    '--end-date',
    '2025-10-03',
  ]);
  assert.equal(code, 0);
  assert.deepEqual(
    query<{ path: string }>(productsDb, 'SELECT path FROM pointing_files ORDER BY path').map(({ path }) =>
      path.slice(-29, -19),
    ),
    ['2025-10-02', '2025-10-03'],
  );
});

test('observations of another telescope are no changes of declination', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '6', '--dec-steps', '54.57:3,16.24:3']);
  await cli(['backfill', incoming, productsDb]);
  const { instrument } = byDsa110;
  const elsewhere = { ...instrument, site: { ...instrument.site, latitudeDeg: degrees(-30.72) } };
  const store = new SqliteStore(productsDb, { lockWait: 'short' });
  for (const { timestamp } of historyRows(productsDb)) {
    const result = { ...pointing(timestamp + 0.001, -30.72), instrument: elsewhere };
    const outcome = { path: `/elsewhere/${timestamp}`, version, pointing: result };
    await store.record([{ outcome, state: 'stored', attempts: 1 }]);
  }
  await store.close();
  const { stdout } = await cli(['backfill', incoming, productsDb, '--json', '--force']);
  assert.equal(summaryOf(stdout).declination_changes.length, 1);
});

test('a dry run says what would be, and writes nothing', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '6', '--dec-steps', '54.57:3,16.24:3']);
  const dry = await cli(['backfill', incoming, productsDb, '--dry-run', '--json']);
  assert.equal(dry.code, 0, dry.stderr);
  assert.equal(existsSync(productsDb), false);
  assert.deepEqual(
    [summaryOf(dry.stdout).succeeded, summaryOf(dry.stdout).declination_changes.length],
    [6, 1],
  );
  await cli(['backfill', incoming, productsDb, '--end-date', '2025-01-01']);
  const before = readFileSync(productsDb);
  assert.equal(
    summaryOf((await cli(['backfill', incoming, productsDb, '--dry-run', '--json'])).stdout).files,
    6,
  );
  assert.deepEqual(readFileSync(productsDb), before);
});

test('a dry run compares no telescope with another', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '3', '--dec-steps', '54.57:2,16.24:1']);
  copyFileSync(fixture('uvh5/zen.2459122.25108.sum.uvh5'), join(incoming, 'hera.uvh5'));
  const dry = await cli(['backfill', incoming, productsDb, '--dry-run', '--json', '--pattern', '*']);
  const { succeeded, declination_changes } = summaryOf(dry.stdout);
  assert.deepEqual([succeeded, declination_changes.length], [4, 1], dry.stderr);
});

test('failures are listed with their codes, and kept in the ledger', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '3']);
  const bad = join(incoming, '2025-01-01T00:00:00_sb00.hdf5');
  writeFileSync(bad, 'not what it seems\n'.repeat(50));
  utimesSync(bad, 1.7e9, 1.7e9);
  const first = await cli(['backfill', incoming, productsDb]);
  assert.equal(first.code, 0);
  assert.match(first.stderr, new RegExp(`${bad}: not_hdf5: `));
  const json = await cli(['backfill', incoming, productsDb, '--force', '--json']);
  const [failure] = json.stdout
    .split('\n')
    .map((line) => (line ? JSON.parse(line) : {}))
    .filter(({ error }) => error);
  assert.deepEqual([failure.path, failure.error.code], [bad, 'not_hdf5']);
  assert.equal(summaryOf((await cli(['backfill', incoming, productsDb, '--json'])).stdout).skipped, 4);

  const verified = await cli(['verify', incoming, productsDb]);
  assert.equal(verified.code, 0);
  assert.match(
    verified.stdout,
    new RegExp(`failed +${bad}  not_hdf5\n4 files on disk: 3 stored, 0 waiting, 1 failed, 0 unaccounted\n$`),
  );
});

test('files of other telescopes are read by another pattern', async (t) => {
  const { productsDb } = workspace(t);
  const { code, stdout } = await cli([
    'backfill',
    fixture('uvh5'),
    productsDb,
    '--pattern',
    '*.uvh5',
    '--json',
  ]);
  assert.equal(code, 0);
  assert.equal(summaryOf(stdout).succeeded, 4);
  assert.deepEqual(
    query<{ kind: string }>(productsDb, 'SELECT kind FROM pointing_files ORDER BY kind').map(
      ({ kind }) => kind,
    ),
    ['sidereal', 'sidereal', 'zenith', 'zenith'],
  );
});

test('it says that no file has a name of the pattern, not that none is of these dates', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--start', '2025-10-01T12:00:00']);
  const backfill = ['backfill', incoming, productsDb];
  const none = /none of the 1 file in .* is named \*\.uvh5: set PIPELINE_PATTERN, or --pattern/;
  const blind = await cli([...backfill, '--pattern', '*.uvh5']);
  assert.equal(blind.code, 0);
  assert.match(blind.stderr, none);
  assert.doesNotMatch((await cli([...backfill, '--start-date', '2025-10-02'])).stderr, /none of the/);
});

test('rows that the database refuses are counted once, and what it has nothing of ends the run with an error', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  const [good] = simulate(incoming, ['--count', '2']) as [string, string];
  writeFileSync(join(incoming, '2025-10-05T00:00:00_sb00.hdf5'), 'no HDF5 at all'.repeat(100));
  simulate(join(path, 'before'), ['--count', '1', '--start', '2024-01-01T00:00:00']);
  await cli(['backfill', join(path, 'before'), productsDb]);
  const database = new Database(productsDb);
  t.after(() => database.close());
  const refuse = (when: string) => {
    database.exec('DROP TRIGGER IF EXISTS theirs');
    database.exec(
      `CREATE TRIGGER theirs BEFORE INSERT ON pointing_files WHEN ${when} BEGIN SELECT RAISE(ABORT, 'no'); END`,
    );
  };
  const run = async () => {
    const { code, stdout } = await cli(['backfill', incoming, productsDb, '--json']);
    const lines = stdout.trimEnd().split('\n');
    const { files, succeeded, failed, waiting } = summaryOf(stdout);
    return [code, files, succeeded, failed, waiting, lines.length - 1];
  };
  refuse('TRUE');
  assert.deepEqual(await run(), [1, 3, 0, 0, 0, 3]);
  refuse(`new.state = 'stored' AND new.path = '${good}'`);
  assert.deepEqual(await run(), [0, 3, 1, 2, 0, 2]);
});

test('a backfill and a monitor share a database', async (t) => {
  const space = workspace(t);
  const archive = join(space.path, 'archive');
  simulate(archive, ['--count', '2000', '--start', '2024-01-01T00:00:00']);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.healthy();
  const run = cli(['backfill', archive, space.productsDb]);
  simulate(space.incoming, ['--count', '200']);
  assert.equal((await run).code, 0);
  await waitFor('all rows', () => count(space.productsDb, 'pointing_history') === 2200);
});

test('interrupted by Ctrl-C it ends in good order, and the next run does the rest', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '1500', '--gzip']);
  const child = spawnCli(['backfill', incoming, productsDb, '--json']);
  const ended = finished(child);
  await waitFor('the first rows', () => count(productsDb, 'pointing_history') > 0);
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.equal(code, 130);
  const stored = count(productsDb, 'pointing_history');
  assert.equal(summaryOf(stdout).succeeded, stored);
  assert.ok(stored < 1500, 'it was over before it could be interrupted');
  const rest = summaryOf((await cli(['backfill', incoming, productsDb, '--json'])).stdout);
  assert.deepEqual([rest.skipped, rest.succeeded], [stored, 1500 - stored]);
});

test('asked to stop while files hang libhdf5, it ends before a scheduler would kill it, and says nothing of them', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '2']);
  writeManyEndless(join(path, 'sample'), incoming, 40);
  const child = spawnCli(['backfill', incoming, productsDb, '--json', '--pattern', '*.hdf5']);
  t.after(() => killIfThere(child.pid as number));
  const ended = finished(child);
  const readers = await waitFor('the processes of libhdf5', () => {
    const found = childrenOf(child.pid as number, 'hdf5-child');
    return found.length === 2 && found;
  });
  for (const pid of readers) process.kill(pid, 'SIGSTOP');
  await waitFor('the other files', () => count(productsDb, 'pointing_history') === 2);
  const askedAt = performance.now();
  child.kill('SIGTERM');
  const { code, stdout } = await ended;
  assert.ok(performance.now() - askedAt < 15_000);
  assert.equal(code, 130);
  const { files, succeeded, failed, waiting } = summaryOf(stdout);
  assert.deepEqual([files, succeeded, waiting], [42, 2, 0]);
  assert.equal(count(productsDb, 'pointing_files'), 2 + failed);
});

for (const what of ['listed', 'read'])
  test(
    `asked to stop while a file system hangs that is being ${what}, it ends all the same, and what was read is stored`,
    needs('bindfs'),
    async (t) => {
      const { path, incoming, productsDb } = workspace(t);
      const [source, mountPoint] = [join(path, 'source'), join(incoming, 'mount')];
      for (const directory of [source, mountPoint]) mkdirSync(directory);
      simulate(source, ['--count', '3000', '--start', '2024-01-01T00:00:00']);
      simulate(incoming, ['--count', '3']);
      const mount = await HangingMount.mount(t, source, mountPoint);
      if (what === 'listed') mount.hang();
      const child = spawnCli(['backfill', incoming, productsDb]);
      t.after(() => killIfThere(child.pid as number));
      const ended = finished(child);
      if (what === 'read') {
        await waitFor('the first rows', () => count(productsDb, 'pointing_history') > 0);
        mount.hang();
      } else await waitFor('the database', () => existsSync(productsDb));
      // For those that were read before, or to begin the listing.
      await sleep(2000);
      child.kill('SIGTERM');
      try {
        await waitFor('its end', () => hasEnded(child.pid as number), 28);
      } finally {
        mount.goOn();
      }
      const { code, stderr } = await ended;
      assert.equal(code, 130, stderr);
      assert.match(stderr, /a file system does not answer: the next run reads the rest/);
      assert.ok(count(productsDb, 'pointing_history') < 3003, 'it was over before it hung');
    },
  );

test('kill -9 of the backfill, of its libhdf5 processes, or both, at any moment: then exactly the right rows', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '3800']);
  simulate(incoming, ['--count', '1200', '--start', '2024-10-01T00:00:00', '--gzip']);
  const wholeDb = join(path, 'whole.sqlite3');
  assert.equal((await cli(['backfill', incoming, wholeDb])).code, 0);
  const seen: number[] = [];
  for (let round = 0; round < 8; round++) {
    const child = spawnCli(['backfill', incoming, productsDb]);
    const ended = finished(child);
    // Every other one once it has written rows, the rest wherever it is.
    if (round % 2 === 0) await growth(productsDb, seen.at(-1) ?? 0, child);
    else await sleep(150);
    await sleep(round * 30);
    if (round % 3 !== 0) for (const pid of childrenOf(child.pid as number)) killIfThere(pid);
    if (round % 3 !== 1) child.kill('SIGKILL');
    else await sleep(200);
    child.kill('SIGKILL');
    await ended;
    await waitFor('the end of its children', () => childrenOf(child.pid as number).length === 0);
    seen.push(count(productsDb, 'pointing_history'));
  }
  assert.ok(
    seen.some((rows) => rows > 0 && rows < 5000),
    `no kill was in the middle: ${seen}`,
  );
  const last = await cli(['backfill', incoming, productsDb, '--json']);
  assert.equal(last.code, 0);
  assert.deepEqual(historyRows(productsDb), historyRows(wholeDb));
  assert.equal(count(productsDb, 'pointing_files', "state = 'stored'"), 5000);
  assert.equal(historyRows(productsDb).length, 5000);
});

test('on a terminal there is a bar, elsewhere there are lines', needs('script'), async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '200']);
  mkdirSync(join(path, 'x'));
  const command = `"${process.execPath}" "${cliPath}" backfill "${incoming}" "${productsDb}"`;
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    env: environment,
    encoding: 'utf8',
  });
  assert.match(stdout, /█+ 200\/200 files/);
  const plain = await cli(['backfill', incoming, productsDb, '--force']);
  assert.doesNotMatch(plain.stderr, /█/);
});

test('a database that is taken away in the middle ends the run with an error', async (t) => {
  const { path, incoming } = workspace(t);
  simulate(incoming, ['--count', '3']);
  const state = join(path, 'state');
  mkdirSync(state);
  const productsDb = join(state, 'products.sqlite3');
  await new SqliteStore(productsDb, { lockWait: 'short' }).close();
  const other = new Database(productsDb);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const child = spawnCli(['backfill', incoming, productsDb]);
  let told = '';
  child.stderr?.on('data', (chunk) => {
    told += chunk;
  });
  const ended = finished(child);
  t.after(() => killIfThere(child.pid as number));
  await waitFor('the problem', () =>
    /is locked by another program: find it with "fuser -v \S+\/products\.sqlite3"/.test(told),
  );
  renameSync(state, join(path, 'away'));
  other.exec('ROLLBACK');
  const { code, stderr } = await ended;
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^pointing-monitor: .*state/m);
});
