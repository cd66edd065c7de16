import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { count, historyRows, query } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { simulate, startSimulator } from '../helpers/simulator.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

const rows = ({ productsDb }: Workspace, wanted: number, seconds = 30) =>
  waitFor(`${wanted} rows`, () => count(productsDb, 'pointing_history') === wanted, seconds);

/** Copies byte by byte, so slowly that the file is seen while it is partial. */
async function copySlowly(from: string, to: string): Promise<void> {
  const target = createWriteStream(to);
  for await (const piece of createReadStream(from, { highWaterMark: 16384 })) {
    target.write(piece);
    await sleep(30);
  }
  await new Promise((resolve) => target.end(resolve));
}

test('files that arrive by rename, by writing in place and by mv all end as rows; half-made ones never', async (t) => {
  const space = workspace(t);
  const { path, incoming, productsDb } = space;
  const [atStart, ...others] = simulate(join(path, 'made'), ['--count', '6']);
  const arrive = (file: string | undefined) => join(incoming, basename(file as string));
  renameSync(atStart as string, arrive(atStart));
  // Left by writers that never finished: neither may ever be read.
  copyFileSync(others[0] as string, join(incoming, '2025-01-01T00:00:00_sb00_incomplete.hdf5'));
  copyFileSync(others[0] as string, join(incoming, '.2025-01-01T00:00:00_sb00.hdf5.Ab12Cd'));
  copyFileSync(others[0] as string, join(incoming, '2025-01-01T00:00:00_sb01.hdf5'));
  mkdirSync(join(incoming, '.~tmp~'));

  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await rows(space, 1);
  await monitor.healthy();

  const [byRename, byWriting, byMv, byRsync, byLink] = others as [string, string, string, string, string];
  copyFileSync(others[0] as string, join(incoming, '.~tmp~', '2025-01-01T00:00:00_sb00.hdf5'));
  const temporary = join(incoming, `.${basename(byRename)}.Xy34Zw`);
  copyFileSync(byRename, temporary);
  renameSync(temporary, arrive(byRename));
  await rows(space, 2);
  await copySlowly(byWriting, arrive(byWriting));
  await rows(space, 3);
  assert.equal(spawnSync('mv', [byMv, incoming]).status, 0);
  await rows(space, 4);
  assert.equal(spawnSync('cp', ['--preserve=timestamps', byRsync, incoming]).status, 0);
  await rows(space, 5);
  mkdirSync(join(incoming, 'a/b/c'), { recursive: true });
  copyFileSync(byLink, join(incoming, 'a/b/c', basename(byLink)));
  await rows(space, 6);

  const status = await monitor.until('the proof', ({ reconciliation }) => reconciliation?.with_row === 6);
  assert.equal(status.healthy, true);
  assert.equal(count(productsDb, 'pointing_files', "state = 'stored'"), 6);
  assert.equal(count(productsDb, 'pointing_files', "state <> 'stored'"), 0);
  assert.deepEqual(
    query<{ path: string }>(productsDb, 'SELECT path FROM pointing_files')
      .map((row) => row.path)
      .filter((name) => !/_sb00\.hdf5$/.test(name) || name.slice(incoming.length).includes('/.')),
    [],
  );
});

test('a file that a scan and an event report counts once', async (t) => {
  const space = workspace(t);
  const { path, incoming } = space;
  const files = [
    ...simulate(join(path, 'direct'), ['--count', '8']),
    ...simulate(join(path, 'libhdf5'), ['--count', '8', '--gzip', '--start', '2025-12-01T00:00:00']),
  ];
  const monitor = new Monitor(t, space, ['--reconcile-interval', '1']);
  await monitor.healthy();
  for (let arrived = 0; arrived < files.length; arrived += 4) {
    // Once it goes on, a scan is due before the event, which the watcher holds back for a moment.
    monitor.process.kill('SIGSTOP');
    for (const file of files.slice(arrived, arrived + 4)) renameSync(file, join(incoming, basename(file)));
    await sleep(1100);
    monitor.process.kill('SIGCONT');
    await rows(space, arrived + 4);
  }
  // Its event comes after all of theirs.
  simulate(incoming, ['--count', '1', '--start', '2026-01-01T00:00:00']);
  await rows(space, 17);
  await monitor.stop();
  assert.equal(monitor.status()?.metrics.files_succeeded, 17);
});

test('a file that an HDF5 writer still holds open is not stored before it is whole', async (t) => {
  const space = workspace(t);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.healthy();
  const writer = startSimulator(space.incoming, [
    '--arrive',
    'in-place',
    '--pause-ms',
    '300',
    '--start',
    '2025-10-01T00:00:00',
  ]);
  t.after(() => writer.kill('SIGKILL'));
  await waitFor('the file', () => count(space.productsDb, 'pointing_files', "state = 'waiting'") === 1);
  assert.equal(count(space.productsDb, 'pointing_history'), 0);
  await new Promise((resolve) => writer.once('exit', resolve));
  await rows(space, 1);
  const [whole] = simulate(join(space.path, 'made'), ['--start', '2025-10-01T00:00:00']);
  const monitored = historyRows(space.productsDb);
  rmSync(join(space.incoming, basename(whole as string)));
  renameSync(whole as string, join(space.incoming, basename(whole as string)));
  await waitFor('the second reading', () => count(space.productsDb, 'pointing_files', 'attempts = 1') === 1);
  assert.deepEqual(historyRows(space.productsDb), monitored);
});

test('a truncated file is waited for, and given up only with its code', async (t) => {
  const space = workspace(t);
  const monitor = new Monitor(t, space, ['--give-up-after', '10', '--reconcile-interval', '1']);
  const [file] = simulate(join(space.path, 'made'));
  const target = join(space.incoming, basename(file as string));
  await monitor.healthy();
  writeFileSync(target, readFileSync(file as string).subarray(0, 50_000));
  await waitFor('the wait', () => count(space.productsDb, 'pointing_files', "state = 'waiting'") === 1);
  const [waiting] = query<{ error_code: string }>(space.productsDb, 'SELECT error_code FROM pointing_files');
  assert.equal(waiting?.error_code, 'truncated');
  await waitFor('the end of it', () => count(space.productsDb, 'pointing_files', "state = 'failed'") === 1);
  const status = await monitor.until('the proof', ({ reconciliation }) => reconciliation?.failed === 1);
  assert.equal(status.healthy, true, 'a failure with a code is accounted for');
  assert.match(status.metrics.last_error_message ?? '', /truncated/);
  copyFileSync(file as string, target);
  await rows(space, 1);
});

test('a replaced file replaces its row; a deleted one keeps it; a second copy adds none', async (t) => {
  const space = workspace(t);
  const [first, second] = simulate(join(space.path, 'made'), ['--count', '2']) as [string, string];
  const target = join(space.incoming, 'x_sb00.hdf5');
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.healthy();
  copyFileSync(first, target);
  await rows(space, 1);
  const [before] = historyRows(space.productsDb);
  copyFileSync(second, `${target}.new`);
  utimesSync(`${target}.new`, 1.7e9, 1.7e9);
  renameSync(`${target}.new`, target);
  await waitFor('the new row', () => historyRows(space.productsDb)[0]?.timestamp !== before?.timestamp);
  assert.equal(count(space.productsDb, 'pointing_history'), 1);
  mkdirSync(join(space.incoming, 'copy'));
  copyFileSync(second, join(space.incoming, 'copy', 'y_sb00.hdf5'));
  await waitFor('the copy', () => count(space.productsDb, 'pointing_files') === 2);
  assert.equal(count(space.productsDb, 'pointing_history'), 1);
  rmSync(target);
  rmSync(join(space.incoming, 'copy'), { recursive: true });
  await monitor.until('an empty tree', ({ reconciliation }) => reconciliation?.files_on_disk === 0, 90);
  assert.equal(count(space.productsDb, 'pointing_history'), 1);
  assert.ok(statSync(dirname(target)).isDirectory());
});

test('without events the scan alone finds everything, and counts it', async (t) => {
  const space = workspace(t);
  const monitor = new Monitor(t, space, ['--no-events', '--reconcile-interval', '1']);
  await monitor.healthy();
  simulate(space.incoming, ['--count', '5']);
  await rows(space, 5);
  const status = await monitor.until('the proof', ({ reconciliation }) => reconciliation?.with_row === 5);
  assert.deepEqual(status.events, { enabled: false, alive: false, last_event_time: null });
  assert.equal(status.reconciliation?.found_by_scan, 5);
  assert.equal(status.healthy, true);
});

test('a restart reads nothing twice', async (t) => {
  const space = workspace(t);
  simulate(space.incoming, ['--count', '20']);
  const first = new Monitor(t, space);
  await rows(space, 20);
  const { code } = await first.stop();
  assert.equal(code, 0);
  const stopped = first.status();
  assert.equal(stopped?.running, false);
  assert.equal(stopped?.metrics.files_succeeded, 20);
  const before = query(space.productsDb, 'SELECT * FROM pointing_files ORDER BY path');
  const second = new Monitor(t, space);
  const status = await second.healthy();
  assert.equal(status.metrics.files_processed, 0);
  assert.equal(status.reconciliation?.with_row, 20);
  assert.deepEqual(query(space.productsDb, 'SELECT * FROM pointing_files ORDER BY path'), before);
});
