import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readlinkSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { count, query } from '../helpers/database.js';
import { writeEndless } from '../helpers/endless.js';
import { hostileKinds, writeHostile } from '../helpers/hostile.js';
import { Monitor } from '../helpers/monitor.js';
import { childrenOf } from '../helpers/processes.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** A process that has yet to start has not opened anything. */
function hasOpen(pid: number, file: string): boolean {
  const descriptors = `/proc/${pid}/fd`;
  try {
    return readdirSync(descriptors).some((fd) => readlinkSync(join(descriptors, fd)) === file);
  } catch {
    return false;
  }
}

/** Without it the files that were read meanwhile prove nothing. */
const stillHang = (monitor: Monitor) =>
  monitor.until('files that still hang', ({ queue }) => queue.for_libhdf5 > 0);

test('files that hang libhdf5 hold up neither what the direct reader reads nor, for long, what libhdf5 reads', async (t) => {
  const { path, incoming, productsDb, statusFile } = workspace(t);
  const hanging = join(incoming, 'hanging');
  mkdirSync(hanging);
  const [sample] = simulate(join(path, 'sample'), ['--count', '1', '--gzip']);
  for (let i = 0; i < 12; i++)
    writeEndless(sample as string, join(hanging, `2025-01-01T00:${String(i).padStart(2, '0')}:00_sb00.hdf5`));
  const direct = simulate(join(path, 'direct'), ['--count', '30']);
  const gzipped = simulate(join(path, 'gzipped'), [
    '--count',
    '4',
    '--start',
    '2024-10-01T00:00:00',
    '--gzip',
  ]);
  const space = { path, incoming, productsDb, statusFile };
  const first = new Monitor(t, space, ['--reconcile-interval', '2']);
  await first.until('files in the slow lane', ({ queue }) => queue.for_libhdf5 > 0);
  for (const file of direct) copyFileSync(file, join(incoming, basename(file)));
  await waitFor('the rows of the direct reader', () => count(productsDb, 'pointing_history') === 30);
  await stillHang(first);
  // The ledger knows of a try before it is made.
  assert.ok(count(productsDb, 'pointing_files', "state = 'waiting' AND error_code = 'timeout'") > 0);
  first.process.kill('SIGKILL');
  await first.finished;

  const second = new Monitor(t, space, ['--reconcile-interval', '2']);
  for (const file of gzipped) copyFileSync(file, join(incoming, basename(file)));
  await waitFor('the rows of libhdf5', () => count(productsDb, 'pointing_history') === 34, 120);
  await stillHang(second);
  assert.equal((await second.stop()).code, 0);
});

test('hostile files of every kind beside good ones: each good one has its row and each hostile one its code', async (t) => {
  const space = workspace(t);
  const { path, incoming, productsDb } = space;
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.healthy();
  const codeOf = new Map<string, string>();
  for (const [i, { name, code }] of hostileKinds.entries()) {
    const file = join(incoming, `2024-05-01T00:${String(i).padStart(2, '0')}:00_sb00.hdf5`);
    writeHostile(name, file);
    codeOf.set(file, code);
  }
  const good = simulate(join(path, 'good'), ['--count', '200']);
  for (const file of good) copyFileSync(file, join(incoming, basename(file)));
  await monitor.until(
    'all files accounted for',
    ({ healthy, reconciliation, queue }) =>
      healthy && queue.depth === 0 && reconciliation?.files_on_disk === 200 + codeOf.size,
    200,
  );
  const rows = query(productsDb, 'SELECT path, state, error_code FROM pointing_files') as {
    path: string;
    state: string;
    error_code: string | null;
  }[];
  for (const { path: file, state, error_code } of rows) {
    const expected = codeOf.get(file) ?? 'read';
    assert.equal(state === 'stored' ? 'read' : error_code, expected, file);
  }
});

test('a stop during the second try of a file does not count against it', async (t) => {
  const space = workspace(t);
  const { path, incoming, productsDb } = space;
  const [sample] = simulate(join(path, 'sample'), ['--count', '1', '--gzip']);
  writeEndless(sample as string, join(incoming, '2025-01-01T00:00:00_sb00.hdf5'));
  const states = () => query(productsDb, 'SELECT state, error_code FROM pointing_files');
  const tried = [{ state: 'waiting', error_code: 'timeout' }];
  const isTried = () => count(productsDb, 'pointing_files', "error_code = 'timeout'") === 1;

  const first = new Monitor(t, space, ['--reconcile-interval', '2']);
  await first.until('the file in the slow lane', ({ queue }) => queue.for_libhdf5 === 1);
  await waitFor('its first try', isTried);
  first.process.kill('SIGKILL');
  await first.finished;
  assert.deepEqual(states(), tried);

  const second = new Monitor(t, space, ['--reconcile-interval', '2']);
  await waitFor('its second try', () => childrenOf(second.process.pid as number, 'hdf5-child').length > 0);
  await stillHang(second);
  assert.equal((await second.stop()).code, 0);
  assert.deepEqual(states(), tried);
});

test('a stop during the first try leaves a file as if it had not been tried', async (t) => {
  const space = workspace(t);
  const { path, incoming, productsDb } = space;
  const [sample] = simulate(join(path, 'sample'), ['--count', '1', '--gzip']);
  writeEndless(sample as string, join(incoming, '2025-01-01T00:00:00_sb00.hdf5'));
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await waitFor('its first try', () => childrenOf(monitor.process.pid as number, 'hdf5-child').length > 0);
  await stillHang(monitor);
  assert.equal((await monitor.stop()).code, 0);
  assert.deepEqual(query(productsDb, 'SELECT state, error_code, attempts FROM pointing_files'), [
    { state: 'waiting', error_code: 'timeout', attempts: 0 },
  ]);
});

test('a file that takes the place of one that crashed libhdf5 is read', async (t) => {
  const space = workspace(t);
  const { path, incoming, productsDb } = space;
  const [sample, good] = simulate(join(path, 'sample'), ['--count', '2', '--gzip']);
  const file = join(incoming, '2025-01-01T00:00:00_sb00.hdf5');
  writeEndless(sample as string, file);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2', '--no-events']);
  const child = async (other?: number) =>
    waitFor('the process that reads it', () =>
      childrenOf(monitor.process.pid as number, 'hdf5-child').find(
        (pid) => pid !== other && hasOpen(pid, file),
      ),
    );
  const first = await child();
  process.kill(first, 'SIGKILL');
  const second = await child(first);
  process.kill(second, 'SIGSTOP');
  copyFileSync(good as string, join(path, 'good'));
  renameSync(join(path, 'good'), file);
  process.kill(second, 'SIGKILL');
  await waitFor('its row', () => count(productsDb, 'pointing_history') === 1);
  assert.equal((await monitor.stop()).code, 0);
});
