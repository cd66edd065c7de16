import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { count } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

test('a file in the queue of a running monitor is waiting; without that monitor it is unaccounted', async (t) => {
  const space = workspace(t);
  const { incoming, productsDb, statusFile } = space;
  // It hears of no file and does not scan again.
  const monitor = new Monitor(t, space, ['--no-events', '--reconcile-interval', '86400']);
  await monitor.healthy();
  simulate(incoming, ['--count', '2']);
  const verify = async (...flags: string[]) => {
    const { code, stdout } = await cli([
      'verify',
      incoming,
      productsDb,
      '--status-file',
      statusFile,
      '--json',
      ...flags,
    ]);
    const { waiting, unaccounted } = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
    return { code, waiting, unaccounted };
  };
  assert.deepEqual(await verify(), { code: 0, waiting: 2, unaccounted: 0 });
  // It reads no files of other names.
  assert.deepEqual(await verify('--pattern', '*'), { code: 1, waiting: 0, unaccounted: 2 });
  await monitor.stop();
  assert.deepEqual(await verify(), { code: 1, waiting: 0, unaccounted: 2 });
  const next = new Monitor(t, space);
  await next.healthy();
  await waitFor('both rows', () => count(productsDb, 'pointing_history') === 2);
  assert.deepEqual(await verify(), { code: 0, waiting: 0, unaccounted: 0 });
});
