/** For one database every command, route and metric says the same numbers. */
import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { Monitor } from '../helpers/monitor.js';
import { Server } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

const STATES = ['stored', 'waiting', 'failed', 'unaccounted'] as const;
const ON_DISK = { stored: 4, waiting: 1, failed: 2, unaccounted: 0 };

/** Four files with rows, one that may still be arriving, and two that are no HDF5. */
function arrange({ incoming }: Workspace): void {
  simulate(incoming, ['--count', '4', '--start', '2025-10-01T00:00:00']);
  const [whole = ''] = simulate(incoming, ['--start', '2025-10-02T00:00:00']);
  writeFileSync(whole, readFileSync(whole).subarray(0, 5000));
  for (const name of ['2025-10-03T00:00:00_sb00.hdf5', '2025-10-03T00:05:09_sb00.hdf5']) {
    writeFileSync(join(incoming, name), 'this is text');
    utimesSync(join(incoming, name), 1.7e9, 1.7e9);
  }
}

async function json(...args: string[]) {
  const { stdout, stderr } = await cli([...args, '--json']);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
}

/** `45 files on disk: 40 stored, ...` */
function inWords(text: string, scope: string) {
  const words = new RegExp(
    `(\\d+) files? ${scope}: (\\d+) stored, (\\d+) waiting, (\\d+) failed, (\\d+) unaccounted`,
  );
  const [, total, ...counts] = (words.exec(text) ?? assert.fail(text)).map(Number);
  assert.equal(
    total,
    counts.reduce((sum, each) => sum + each),
  );
  return Object.fromEntries(STATES.map((state, i) => [state, counts[i]]));
}

/** Of the keys that the status, the API and `verify --json` have in common. */
const counted = ({ with_row: stored, waiting, failed, unaccounted }: Record<string, number>) => ({
  stored,
  waiting,
  failed,
  unaccounted,
});

/** A metric's values summed by state. */
function byState(metrics: string, name: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [, state = '', value] of metrics.matchAll(
    new RegExp(`^pointing_monitor_${name}\\{[^}]*state="(\\w+)"[^}]*\\} (\\d+)$`, 'gm'),
  ))
    sums[state] = (sums[state] ?? 0) + Number(value);
  return sums;
}

async function answers(t: TestContext, space: Workspace) {
  const url = await new Server(t, space).url();
  const get = async (path: string) => fetch(`${url}${path}`);
  return {
    status: await (await get('api/pointing-monitor/status')).json(),
    failures: await (await get('api/pointing/failures?limit=1')).json(),
    metrics: await (await get('metrics')).text(),
  };
}

test('backfill, verify, status, API, page, metrics and retry say the same numbers', async (t) => {
  const space = workspace(t);
  const { incoming, productsDb, statusFile } = space;
  arrange(space);
  const run = await cli(['backfill', incoming, productsDb]);
  assert.deepEqual(inWords(run.stdout, 'in this run'), ON_DISK);
  assert.deepEqual(inWords((await cli(['verify', incoming, productsDb])).stdout, 'on disk'), ON_DISK);
  assert.deepEqual(counted(await json('verify', incoming, productsDb)), ON_DISK);

  const scanned =
    (state: keyof typeof ON_DISK, files: number) => (status: { reconciliation: object | null }) =>
      status.reconciliation !== null && counted(status.reconciliation as never)[state] === files;
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.until('a scan', scanned('failed', 2));
  const status = await cli(['status', '--status-file', statusFile]);
  assert.deepEqual(inWords(status.stdout, 'on disk'), ON_DISK);
  assert.deepEqual(counted((await json('status', '--status-file', statusFile)).reconciliation), ON_DISK);

  const served = await answers(t, space);
  assert.deepEqual(counted(served.status.reconciliation), ON_DISK);
  assert.equal(served.failures.total, ON_DISK.failed);
  const { waiting, failed, unaccounted } = ON_DISK;
  assert.deepEqual(byState(served.metrics, 'files_on_disk'), ON_DISK);
  assert.deepEqual(byState(served.metrics, 'files'), { waiting, failed });
  assert.match(
    served.metrics,
    new RegExp(`^pointing_monitor_unaccounted_files\\{host="[^"]+"\\} ${unaccounted}$`, 'm'),
  );

  // What was failed is waiting, wherever it is asked, until it is read again.
  await monitor.stop();
  assert.equal((await json('retry', productsDb)).requeued, ON_DISK.failed);
  const after = { stored: 4, waiting: 3, failed: 0, unaccounted: 0 };
  assert.deepEqual(counted(await json('verify', incoming, productsDb)), after);
  const later = await answers(t, space);
  assert.equal(later.failures.total, 0);
  assert.deepEqual(byState(later.metrics, 'files'), { waiting: 3, failed: 0 });
});
