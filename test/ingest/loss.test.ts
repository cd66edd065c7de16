import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { count, query } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

/** Many names for few observations: what is tested is that every name is seen. */
function namesFor(files: readonly string[], names: number, directory: string): [string, string][] {
  return Array.from({ length: names }, (_, i) => {
    const file = files[i % files.length] as string;
    return [file, join(directory, `${i}-${basename(file)}`)];
  });
}

const storedPaths = ({ productsDb }: Workspace) =>
  query<{ path: string }>(
    productsDb,
    "SELECT path FROM pointing_files WHERE state = 'stored' ORDER BY path",
  ).map(({ path }) => path);

test('40,000 files made in one burst all become rows', async (t) => {
  const space = workspace(t);
  const files = simulate(join(space.path, 'made'), ['--count', '200']);
  const monitor = new Monitor(t, space);
  await monitor.healthy();
  const names = namesFor(files, 40_000, space.incoming);
  for (const [file, name] of names) linkSync(file, name);
  await waitFor('40,000 ledger rows', () => count(space.productsDb, 'pointing_files') === names.length, 120);
  assert.deepEqual(storedPaths(space), names.map(([, name]) => name).sort());
  assert.equal(count(space.productsDb, 'pointing_history'), 200);
});

const queuedEvents = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
const tooMany = queuedEvents > 100_000 && `the kernel queues ${queuedEvents} events, too many to exceed`;

test('more files than the kernel queues events for, made while the monitor is stopped by SIGSTOP, are all found after SIGCONT', {
  skip: tooMany,
}, async (t) => {
  const space = workspace(t);
  const files = simulate(join(space.path, 'made'), ['--count', '200']);
  const monitor = new Monitor(t, space);
  await monitor.healthy();
  monitor.process.kill('SIGSTOP');
  const names = namesFor(files, queuedEvents + 4000, space.incoming);
  for (const [file, name] of names) linkSync(file, name);
  monitor.process.kill('SIGCONT');
  await waitFor('all ledger rows', () => count(space.productsDb, 'pointing_files') === names.length, 120);
  assert.deepEqual(storedPaths(space), names.map(([, name]) => name).sort());
  const status = await monitor.until(
    'the proof',
    ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === names.length,
    90,
  );
  assert.equal(status.reconciliation?.unaccounted, 0);
});

test('a file that waits to be retried does not keep the scan after a burst from coming', async (t) => {
  const space = workspace(t);
  const [whole, ...files] = simulate(join(space.path, 'made'), ['--count', '21']) as [string, ...string[]];
  writeFileSync(join(space.incoming, basename(whole)), readFileSync(whole).subarray(0, 100));
  const monitor = new Monitor(t, space, ['--reconcile-interval', '3600']);
  await monitor.until('the cut file', ({ healthy, queue }) => healthy && queue.retrying === 1);
  // What is made while it is stopped comes without a pause.
  monitor.process.kill('SIGSTOP');
  for (const [file, name] of namesFor(files, 8000, space.incoming)) linkSync(file, name);
  monitor.process.kill('SIGCONT');
  await monitor.until('the scan', ({ reconciliation }) => reconciliation?.with_row === 8000);
});

test('a tree moved in and a nested tree made at once are seen, and watched from then on', async (t) => {
  const space = workspace(t);
  const files = simulate(join(space.path, 'made'), ['--count', '8']) as [string, ...string[]];
  const moved = join(space.path, 'tree');
  mkdirSync(join(moved, 'x/y'), { recursive: true });
  const put = (index: number, directory: string) =>
    linkSync(files[index] as string, join(directory, basename(files[index] as string)));
  put(0, moved);
  put(1, join(moved, 'x'));
  put(2, join(moved, 'x/y'));
  // Long enough that only events can be what finds the later files.
  const monitor = new Monitor(t, space, ['--reconcile-interval', '3600']);
  await monitor.healthy();
  renameSync(moved, join(space.incoming, 'tree'));
  execFileSync('sh', ['-c', `mkdir -p a/b/c && cp "${files[3]}" a/b/c/ && cp "${files[4]}" a/b/`], {
    cwd: space.incoming,
  });
  await waitFor('five rows', () => count(space.productsDb, 'pointing_history') === 5);
  await monitor.until('the proof', ({ reconciliation }) => reconciliation?.with_row === 5);
  put(5, join(space.incoming, 'tree/x/y'));
  put(6, join(space.incoming, 'a/b/c'));
  put(7, join(space.incoming, 'a'));
  await waitFor('eight rows', () => count(space.productsDb, 'pointing_history') === 8);
});
