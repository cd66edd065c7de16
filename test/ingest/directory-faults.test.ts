import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Status } from '#src/health/status.js';
import { cliPath, environment } from '../helpers/cli.js';
import { count } from '../helpers/database.js';
import { HangingMount } from '../helpers/hanging-mount.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { simulate } from '../helpers/simulator.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

function files(t: TestContext) {
  const space = workspace(t);
  const made = simulate(join(space.path, 'made'), ['--count', '6']) as [string, ...string[]];
  const put = (from: number, to: number, directory = space.incoming) => {
    for (const file of made.slice(from, to)) copyFileSync(file, join(directory, basename(file)));
  };
  const putCut = (directory: string) =>
    writeFileSync(join(directory, '2025-01-01T00:00:00_sb00.hdf5'), readFileSync(made[0]).subarray(0, 100));
  return { space, put, putCut };
}

/** Healthy with so many rows, and events that work: the next file must arrive long before a scan. */
async function recovered(monitor: Monitor, space: Workspace, rows: number) {
  await monitor.until('the recovery', ({ healthy, events }) => healthy && events.alive);
  await waitFor(`${rows} rows`, () => count(space.productsDb, 'pointing_history') === rows);
}

test('absent at the start: waited for, and watched once it is there', async (t) => {
  const { space, put } = files(t);
  rmSync(space.incoming, { recursive: true });
  const monitor = new Monitor(t, space, ['--reconcile-interval', '3600']);
  await monitor.issue('directory_missing', /the watch directory .* does not exist: create or mount it/);
  mkdirSync(space.incoming);
  put(0, 3);
  await recovered(monitor, space, 3);
  put(3, 6);
  await recovered(monitor, space, 6);
});

test('deleted and made again: reported, and watched again', async (t) => {
  const { space, put } = files(t);
  put(0, 2);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '3600']);
  await recovered(monitor, space, 2);
  rmSync(space.incoming, { recursive: true });
  await monitor.issue('directory_missing', /does not exist/);
  mkdirSync(space.incoming);
  put(2, 4);
  await recovered(monitor, space, 4);
  put(4, 6);
  await recovered(monitor, space, 6);
});

test('moved away and another put in its place between two looks: noticed by its identity', async (t) => {
  const { space, put } = files(t);
  put(0, 2);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '3600']);
  await recovered(monitor, space, 2);
  renameSync(space.incoming, `${space.incoming}.old`);
  mkdirSync(space.incoming);
  put(2, 4);
  await waitFor('the new files', () => count(space.productsDb, 'pointing_history') === 4);
  put(4, 6);
  await recovered(monitor, space, 6);
});

test('unmounted: an empty directory in its place is not taken for the truth', needs('mounts'), async (t) => {
  const { space, put } = files(t);
  const mount = () => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', space.incoming]);
  const unmount = () => execFileSync('umount', ['--lazy', space.incoming]);
  mount();
  t.after(() => spawnSync('umount', ['--lazy', space.incoming]));
  put(0, 3);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await recovered(monitor, space, 3);
  unmount();
  await monitor.issue(
    'directory_unmounted',
    /is empty and on a different file system than before: mount it again/,
  );
  mount();
  put(0, 5);
  await recovered(monitor, space, 5);
});

test(
  'a file system below is unmounted: named, until it is back or its directory gone',
  needs('mounts'),
  async (t) => {
    const { space, put } = files(t);
    const below = join(space.incoming, 'disk 1');
    mkdirSync(below);
    const mount = () => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', below]);
    const unmount = () => execFileSync('umount', ['--lazy', below]);
    mount();
    t.after(() => spawnSync('umount', ['--lazy', below]));
    put(0, 2);
    put(2, 4, below);
    const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
    await recovered(monitor, space, 4);
    unmount();
    await monitor.issue(
      'directory_unmounted',
      /disk 1 is empty, and the file system that had files is no longer/,
    );
    mount();
    put(2, 5, below);
    await recovered(monitor, space, 5);
    unmount();
    await monitor.issue('directory_unmounted', /disk 1 is empty/);
    rmdirSync(below);
    put(5, 6);
    await recovered(monitor, space, 6);
  },
);

test('permission lost: named, and recovered', needs('mounts', 'others'), async (t) => {
  const { space, put } = files(t);
  const home = mkdtempSync(join(tmpdir(), 'pointing-user-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  chmodSync(home, 0o777);
  chmodSync(space.path, 0o755);
  put(0, 2);
  const mine = {
    ...space,
    productsDb: join(home, 'products.sqlite3'),
    statusFile: join(home, 'status.json'),
  };
  const monitor = new Monitor(t, mine, ['--reconcile-interval', '2'], { uid: 65534, gid: 65534 });
  await recovered(monitor, mine, 2);
  chmodSync(space.incoming, 0o700);
  await monitor.issue(
    'directory_unreadable',
    /no permission to read .*: give this user read and search permission/,
  );
  put(2, 4);
  chmodSync(space.incoming, 0o755);
  await recovered(monitor, mine, 4);
});

test('an unreadable part of the tree is named', needs('mounts', 'others'), async (t) => {
  const { space, put } = files(t);
  const home = mkdtempSync(join(tmpdir(), 'pointing-user-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  chmodSync(home, 0o777);
  chmodSync(space.path, 0o755);
  const hidden = join(space.incoming, 'hidden');
  mkdirSync(hidden, { mode: 0o700 });
  put(0, 2, hidden);
  put(2, 4);
  const mine = {
    ...space,
    productsDb: join(home, 'products.sqlite3'),
    statusFile: join(home, 'status.json'),
  };
  const monitor = new Monitor(t, mine, ['--reconcile-interval', '2'], { uid: 65534, gid: 65534 });
  await monitor.issue('places_unreadable', /cannot be read: .*hidden/);
  await waitFor('the readable ones', () => count(mine.productsDb, 'pointing_history') === 2);
  chmodSync(hidden, 0o755);
  await recovered(monitor, mine, 4);
});

for (const limit of ['max_user_watches', 'max_user_instances']) {
  test(`fs.inotify.${limit} reached: said, and the scan finds the files`, needs('mounts'), async (t) => {
    const { space, put } = files(t);
    for (const name of ['a', 'b', 'c']) mkdirSync(join(space.incoming, name));
    const args = [
      'monitor',
      space.incoming,
      space.productsDb,
      '--status-file',
      space.statusFile,
      '--reconcile-interval',
      '10',
      '--log-level',
      'DEBUG',
    ];
    // A user namespace has a limit of its own, so no other program on this machine notices.
    const [value, name] =
      limit === 'max_user_watches' ? [2, 'max_inotify_watches'] : [0, 'max_inotify_instances'];
    const limited = `echo ${value} > /proc/sys/user/${name} && exec "$@"`;
    const child = spawn(
      'unshare',
      ['--user', '--map-root-user', 'sh', '-c', limited, 'sh', process.execPath, cliPath, ...args],
      { env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let log = '';
    child.stderr?.on('data', (chunk) => {
      log += chunk;
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    t.after(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const status = await waitFor('the issue', () => {
      try {
        const read = JSON.parse(readFileSync(space.statusFile, 'utf8')) as Status;
        return read.issues.some((text) => text.includes(`raise fs.inotify.${limit}`)) ? read : undefined;
      } catch {
        return undefined;
      }
    });
    assert.equal(status.events.alive, false);
    // Nor does it scan all the time for want of events.
    await sleep(5000);
    const scans = log.split('"scanned"').length - 1;
    assert.ok(scans >= 1 && scans <= 2, `${scans} scans`);
    put(0, 3);
    cpSync(join(space.path, 'made'), join(space.incoming, 'a'), { recursive: true });
    await waitFor('the rows', () => count(space.productsDb, 'pointing_history') === 6);
  });
}

test('a directory that becomes a file leaves nobody to wait for what was in it, in the ledger neither', async (t) => {
  const { space, putCut } = files(t);
  const day = join(space.incoming, 'day');
  mkdirSync(day);
  putCut(day);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '3600', '--no-events']);
  await monitor.until('the cut file', ({ queue }) => queue.retrying === 1);
  assert.equal(count(space.productsDb, 'pointing_files'), 1);
  rmSync(day, { recursive: true });
  writeFileSync(day, '');
  await monitor.until('nobody to wait', ({ queue }) => queue.depth === 0);
  await waitFor('the ledger', () => count(space.productsDb, 'pointing_files') === 0);
});

test(
  'a mount below the tree whose server has died takes no events from the rest',
  needs('bindfs'),
  async (t) => {
    const { space, put } = files(t);
    const dead = join(space.incoming, 'dead');
    mkdirSync(dead);
    const mount = await HangingMount.mount(t, join(space.path, 'made'), dead);
    mount.die();
    const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
    await monitor.issue('places_unreadable', /dead: cannot be read/);
    await monitor.until('events', ({ events }) => events.alive);
    put(0, 2);
    await waitFor('two rows', () => count(space.productsDb, 'pointing_history') === 2);
  },
);
