import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { IssueCode } from '#src/issues.js';
import { cli } from '../helpers/cli.js';
import { count } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { writeStatus } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { fixture, workspace } from '../helpers/workspace.js';

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

test('a monitor that does not see or store all files has none of them in its queue, except during its first scan', async (t) => {
  const space = workspace(t);
  const { incoming, productsDb, statusFile } = space;
  const monitor = new Monitor(t, space, ['--no-events', '--reconcile-interval', '86400']);
  const status = await monitor.healthy();
  monitor.process.kill('SIGKILL');
  await monitor.finished;
  simulate(incoming, ['--count', '1']);
  const verify = async (...issue_codes: IssueCode[]) => {
    const said = { healthy: issue_codes.length === 0, issue_codes, issues: issue_codes.map(String) };
    writeStatus(statusFile, { ...status, ...said, ...(said.healthy ? {} : { reconciliation: null }) });
    const { code, stdout } = await cli(['verify', incoming, productsDb, '--status-file', statusFile]);
    return `${code} ${/^\w+/.exec(stdout)?.[0]}`;
  };
  assert.equal(await verify(), '0 waiting');
  assert.equal(await verify('first_scan'), '0 waiting');
  assert.equal(await verify('directory_unmounted'), '1 unaccounted');
  assert.equal(await verify('first_scan', 'observation_overdue'), '1 unaccounted');
});

test('PIPELINE_PATTERN names the files of another telescope; without it verify and doctor say that none is read', async (t) => {
  const { incoming, productsDb, statusFile } = workspace(t);
  copyFileSync(fixture('uvh5/zen.2459122.25108.sum.uvh5'), join(incoming, 'zen.2459122.25108.sum.uvh5'));
  const named = { PIPELINE_PATTERN: '*.uvh5' };
  const none = /none of the 1 file in .* is named \*_sb00\.hdf5: set PIPELINE_PATTERN, or --pattern/;
  assert.equal((await cli(['backfill', incoming, productsDb], named)).code, 0);
  assert.equal(count(productsDb, 'pointing_history'), 1);

  const verify = ['verify', incoming, productsDb, '--status-file', statusFile];
  const blind = await cli(verify);
  assert.match(blind.stderr, none);
  assert.match(blind.stdout, /0 files? on disk/);
  const seeing = await cli(verify, named);
  assert.equal(seeing.stderr, '');
  assert.match(seeing.stdout, /1 file on disk/);

  const checkOf = async (environment: Record<string, string>) =>
    (await cli(['doctor', incoming, productsDb, '--json'], environment)).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .find(({ check }) => check === 'pattern');
  assert.match((await checkOf({})).message, none);
  assert.equal(await checkOf(named), undefined);
});
