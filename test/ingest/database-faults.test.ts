import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { count, query } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { mountTmpfs } from '../helpers/mount.js';
import { needs } from '../helpers/needs.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

/** A healthy monitor with three rows, and files that have yet to arrive. */
async function begin(t: TestContext, place: Partial<Workspace> = {}, args: readonly string[] = []) {
  const space = { ...workspace(t), ...place };
  const files = simulate(join(space.path, 'made'), ['--count', '8']) as [string, ...string[]];
  const arrive = (from: number, to: number) => {
    for (const file of files.slice(from, to)) copyFileSync(file, join(space.incoming, basename(file)));
  };
  const half = (i: number) => {
    const file = files[i] as string;
    writeFileSync(join(space.incoming, basename(file)), readFileSync(file).subarray(0, 40_000));
  };
  arrive(0, 3);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2', ...args]);
  await monitor.until(
    'three rows',
    ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === 3,
  );
  return { space, monitor, arrive, half };
}

async function recovered(monitor: Monitor, space: Workspace, files: number) {
  await monitor.until(
    'the recovery',
    ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === files,
  );
  assert.equal(count(space.productsDb, 'pointing_history'), files);
  assert.equal(count(space.productsDb, 'pointing_files', "state = 'stored'"), files);
}

test('locked by another program: arrivals wait, an issue explains it, then all is written', async (t) => {
  const { space, monitor, arrive } = await begin(t);
  const other = new Database(space.productsDb);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  arrive(3, 6);
  const status = await monitor.issue('database_locked', /is locked by another program.*results waiting/);
  assert.ok(status.queue.unwritten > 0);
  assert.equal(count(space.productsDb, 'pointing_history'), 3);
  other.exec('ROLLBACK');
  await recovered(monitor, space, 6);
});

test('deleted underneath: named, nothing is made in its place, and the same rows are there when it returns', async (t) => {
  const { space, monitor, arrive } = await begin(t);
  const kept = join(space.path, 'kept.sqlite3');
  renameSync(space.productsDb, kept);
  await monitor.issue('database_missing', /does not exist, although this host has stored observations in it/);
  arrive(3, 6);
  await monitor.until('results that wait', ({ queue }) => queue.unwritten > 0);
  assert.equal(existsSync(space.productsDb), false);
  renameSync(kept, space.productsDb);
  await recovered(monitor, space, 6);
});

test('deleted underneath, with --create: created again with all files on disk', async (t) => {
  const { space, monitor } = await begin(t, {}, ['--create']);
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${space.productsDb}${suffix}`, { force: true });
  await monitor.issue('database_replaced', /was deleted or replaced/);
  await recovered(monitor, space, 3);
});

test('replaced by a backup: the rows since the backup are read again', async (t) => {
  const { space, monitor, arrive } = await begin(t);
  const backup = join(space.path, 'backup.sqlite3');
  const source = new Database(space.productsDb, { readonly: true });
  await source.backup(backup);
  source.close();
  arrive(3, 6);
  await waitFor('six rows', () => count(space.productsDb, 'pointing_history') === 6);
  renameSync(backup, space.productsDb);
  await monitor.issue('database_replaced', /was deleted or replaced/);
  await recovered(monitor, space, 6);
  assert.deepEqual(query(space.productsDb, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
});

test('replaced while half a file waits for the rest: healthy once the lost rows are back', async (t) => {
  const { space, monitor, arrive, half } = await begin(t);
  half(7);
  await monitor.until('the half file', ({ queue }) => queue.retrying === 1);
  const backup = join(space.path, 'backup.sqlite3');
  const source = new Database(space.productsDb, { readonly: true });
  await source.backup(backup);
  source.close();
  arrive(3, 6);
  await waitFor('six rows', () => count(space.productsDb, 'pointing_history') === 6);
  renameSync(backup, space.productsDb);
  await monitor.issue('database_replaced', /was deleted or replaced/);
  await recovered(monitor, space, 6);
});

test('damaged: health asks for a backup, and takes it up', async (t) => {
  const { space, monitor, arrive } = await begin(t);
  const backup = join(space.path, 'backup.sqlite3');
  const source = new Database(space.productsDb, { readonly: true });
  await source.backup(backup);
  source.close();
  const broken = join(space.path, 'broken.sqlite3');
  writeFileSync(broken, Buffer.concat([readFileSync(backup).subarray(0, 100), Buffer.alloc(20_000, 0x5a)]));
  renameSync(broken, space.productsDb);
  arrive(3, 6);
  await monitor.issue('database_corrupt', /is damaged .*stop the monitor, then follow database_corrupt/);
  renameSync(backup, space.productsDb);
  await recovered(monitor, space, 6);
});

/** The second takes the failure as well: the files then wait. */
for (const [what, table, message] of [
  ['rows', 'pointing_history', /refuses the rows of 3 files, such as .*_sb00.hdf5: fix the cause/],
  ['files, with all that is said of them,', 'pointing_files', /this year is closed/],
] as const) {
  test(`${what} refused by another program: named for as long as they are, and written after it`, async (t) => {
    const { space, monitor, arrive } = await begin(t);
    const other = new Database(space.productsDb);
    t.after(() => other.close());
    other.exec(`CREATE TRIGGER theirs BEFORE INSERT ON ${table}
      BEGIN SELECT RAISE(ABORT, 'this year is closed'); END`);
    arrive(3, 6);
    await monitor.issue('database_refused', message);
    assert.match(monitor.log, /this year is closed/);
    if (table === 'pointing_files')
      await monitor.until('all three in the queue', ({ queue }) => queue.retrying === 3);
    other.exec('DROP TRIGGER theirs');
    await monitor.stop();
    // As every ten minutes.
    await recovered(new Monitor(t, space, ['--reconcile-interval', '2']), space, 6);
  });
}

test('its directory gone: named, and taken up when it is back', async (t) => {
  const home = workspace(t);
  const state = join(home.path, 'state');
  mkdirSync(state);
  const { space, monitor, arrive } = await begin(t, { productsDb: join(state, 'products.sqlite3') });
  renameSync(state, `${state}.away`);
  arrive(3, 6);
  await monitor.issue('database_missing', /the directory of the database .* does not exist/);
  renameSync(`${state}.away`, state);
  await recovered(monitor, space, 6);
});

test('its directory a link that leads nowhere but to itself: named, and taken up when it is a directory again', async (t) => {
  const home = workspace(t);
  const state = join(home.path, 'state');
  mkdirSync(state);
  const { space, monitor, arrive } = await begin(t, { productsDb: join(state, 'products.sqlite3') });
  // `stat` fails with ELOOP, for root as well.
  const breakIt = () => {
    renameSync(state, `${state}.away`);
    symlinkSync(state, state);
  };
  const repair = () => {
    rmSync(state);
    renameSync(`${state}.away`, state);
  };
  breakIt();
  arrive(3, 6);
  await monitor.issue('database_unusable', /is out of reach \(ELOOP.*: check its directory, links and mount/);
  await monitor.until('results that wait', ({ queue }) => queue.unwritten > 0);
  repair();
  await recovered(monitor, space, 6);

  await monitor.stop();
  breakIt();
  const next = new Monitor(t, space, ['--reconcile-interval', '2']);
  await next.issue('database_unusable', /is out of reach \(ELOOP/);
  repair();
  arrive(6, 8);
  await recovered(next, space, 8);
  assert.equal((await next.stop()).code, 0);
});

test('a full disk: nothing half written, nothing lost', needs('mounts'), async (t) => {
  const disk = mountTmpfs(t, '1m');
  const { space, monitor, arrive } = await begin(t, { productsDb: join(disk, 'products.sqlite3') });
  const filler = join(disk, 'filler');
  assert.throws(() => writeFileSync(filler, Buffer.alloc(1 << 20)), /ENOSPC/);
  arrive(3, 6);
  await monitor.issue('database_full', /its disk is full: free some space/);
  rmSync(filler);
  await recovered(monitor, space, 6);
});

test('a read-only disk: named, and written to once it can be', needs('mounts'), async (t) => {
  const disk = mountTmpfs(t, '1m');
  const productsDb = join(disk, 'products.sqlite3');
  const { space, monitor: first, arrive } = await begin(t, { productsDb });
  await first.stop();
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  arrive(3, 6);
  await monitor.issue('database_read_only', /is not writable.*: check (its )?owner, mode and file system/);
  execFileSync('mount', ['-o', 'remount,rw', disk]);
  await recovered(monitor, space, 6);
});
