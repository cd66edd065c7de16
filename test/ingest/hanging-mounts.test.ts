import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { count, query } from '../helpers/database.js';
import { HangingMount } from '../helpers/hanging-mount.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** Only events report a file in time. */
const SELDOM = ['--reconcile-interval', '3600'];

function files(t: TestContext) {
  const space = workspace(t);
  const made = simulate(join(space.path, 'made'), ['--count', '8']) as [string, ...string[]];
  const put = (from: number, to: number, directory = space.incoming) => {
    for (const file of made.slice(from, to)) copyFileSync(file, join(directory, basename(file)));
  };
  const rows = (expected: number, seconds?: number) =>
    waitFor(`${expected} rows`, () => count(space.productsDb, 'pointing_history') === expected, seconds);
  const putCut = (directory: string) =>
    writeFileSync(join(directory, '2025-01-01T00:00:00_sb00.hdf5'), readFileSync(made[0]).subarray(0, 100));
  return { space, put, putCut, rows };
}

const tmpfs = (path: string) => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', path]);
const unmount = (path: string) => spawnSync('umount', ['--lazy', path]);

test(
  'a mount below the tree that hangs at the start holds up nothing else, and is read once it answers',
  needs('bindfs'),
  async (t) => {
    const { space, put, rows } = files(t);
    const served = join(space.path, 'served');
    const mountPoint = join(space.incoming, 'served');
    mkdirSync(served);
    mkdirSync(mountPoint);
    put(0, 3, served);
    put(3, 5);
    const mount = await HangingMount.mount(t, served, mountPoint);
    mount.hang();
    const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
    try {
      await rows(2);
      await monitor.issue('places_unreadable', /served: its file system is not responding/);
      put(5, 6);
      await rows(3);
    } finally {
      mount.goOn();
    }
    await rows(6, 90);
    await monitor.healthy(90);
    assert.equal((await monitor.stop()).code, 0);
  },
);

const FAULT_ON_SIGUSR2 = "data:text/javascript,process.on('SIGUSR2', () => { throw new Error('a fault') })";

for (const [why, end] of [
  [
    'asked to stop',
    async (monitor) => {
      assert.equal((await monitor.stop()).code, 0);
      assert.equal(monitor.status()?.running, false);
    },
  ],
  [
    'with an internal error',
    async (monitor) => {
      monitor.process.kill('SIGUSR2');
      const { code, stderr } = await monitor.finished;
      assert.match(stderr, /internal error; exiting/);
      assert.equal(code, 1);
    },
  ],
] as const satisfies [string, (monitor: Monitor) => Promise<void>][])
  test(`${why} while a file system hangs, the monitor ends`, needs('bindfs'), async (t) => {
    const { space, put, rows } = files(t);
    const served = join(space.path, 'served');
    mkdirSync(served);
    put(0, 3, served);
    const mount = await HangingMount.mount(t, served, space.incoming);
    const monitor = new Monitor(t, space, ['--reconcile-interval', '2'], {
      env: { NODE_OPTIONS: `--import "${FAULT_ON_SIGUSR2}"` },
    });
    await rows(3);
    mount.hang();
    try {
      await monitor.issue(['directory_silent', 'scan_overdue', 'places_unreadable'], /./, 120);
      await end(monitor);
    } finally {
      // The directory is removed at the end, which would wait for the file system.
      mount.goOn();
    }
  });

test(
  'a file on a mount that hangs makes neither the watched directory look dead nor the other files wait',
  needs('bindfs'),
  async (t) => {
    const { space, put, putCut, rows } = files(t);
    const served = join(space.path, 'served');
    const mountPoint = join(space.incoming, 'served');
    mkdirSync(served);
    mkdirSync(mountPoint);
    put(0, 1);
    const mount = await HangingMount.mount(t, served, mountPoint);
    const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
    await rows(1);
    await monitor.until('events', ({ healthy, events }) => healthy && events.alive);
    putCut(mountPoint);
    await monitor.until('the cut file', ({ queue }) => queue.retrying === 1);
    mount.hang();
    try {
      const { issue_codes: codes } = await monitor.issue(
        ['directory_silent', 'scan_overdue', 'places_unreadable'],
        /./,
        120,
      );
      assert.ok(!codes.includes('directory_silent'), codes.join());
      put(1, 4);
      await rows(4);
    } finally {
      mount.goOn();
    }
  },
);

test('a directory that is mounted again between two looks is watched again', needs('mounts'), async (t) => {
  const { space, put, rows } = files(t);
  tmpfs(space.incoming);
  t.after(() => unmount(space.incoming));
  put(0, 2);
  const monitor = new Monitor(t, space, SELDOM);
  await monitor.until('events', ({ healthy, events }) => healthy && events.alive);
  await rows(2);
  unmount(space.incoming);
  tmpfs(space.incoming);
  put(2, 4);
  await rows(4);
  put(4, 5);
  await rows(5);
});

test(
  'a file system mounted over a subdirectory while the monitor runs is read and watched',
  needs('mounts'),
  async (t) => {
    const { space, put, rows } = files(t);
    const below = join(space.incoming, 'below');
    mkdirSync(below);
    put(0, 1);
    const monitor = new Monitor(t, space, SELDOM);
    await monitor.until('events', ({ healthy, events }) => healthy && events.alive);
    tmpfs(below);
    t.after(() => unmount(below));
    put(1, 3, below);
    await rows(3);
    put(3, 4, below);
    await rows(4);
  },
);

test('a watched directory that is a symbolic link has events, under the name it was given', async (t) => {
  const { space, put, rows } = files(t);
  const real = join(space.path, 'real');
  renameSync(space.incoming, real);
  symlinkSync(real, space.incoming);
  put(0, 2);
  const monitor = new Monitor(t, space, SELDOM);
  await monitor.until('events', ({ healthy, events }) => healthy && events.alive);
  put(2, 4);
  await rows(4);
  const paths = query(space.productsDb, 'SELECT path FROM pointing_files') as { path: string }[];
  assert.ok(paths.every(({ path }) => path.startsWith(`${space.incoming}/`)));
});

test('a file that only has the name of an observation leaves no row', async (t) => {
  const { space, put, rows } = files(t);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.healthy();
  mkdirSync(join(space.incoming, '2025-01-01T00:00:00_sb00.hdf5'));
  execFileSync('mkfifo', [join(space.incoming, '2025-01-01T00:05:00_sb00.hdf5')]);
  symlinkSync(space.path, join(space.incoming, '2025-01-01T00:10:00_sb00.hdf5'));
  symlinkSync('/etc/hostname', join(space.incoming, '2025-01-01T00:15:00_sb00.hdf5'));
  put(0, 2);
  await rows(2);
  await monitor.until(
    'a scan',
    ({ healthy, reconciliation }) => healthy && reconciliation?.files_on_disk === 2,
  );
  assert.equal(count(space.productsDb, 'pointing_files'), 2);
});
