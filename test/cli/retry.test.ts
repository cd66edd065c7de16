import assert from 'node:assert/strict';
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { simulate } from '../helpers/simulator.js';
import { fixture, workspace } from '../helpers/workspace.js';

const OLD_UNIX = 1.7e9;

/** Three files with rows and one that failed, whose time does not change. */
async function withFailure(t: TestContext) {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '3']);
  const bad = join(incoming, '2025-01-01T00:00:00_sb00.hdf5');
  writeFileSync(bad, 'not what it seems\n'.repeat(50));
  utimesSync(bad, OLD_UNIX, OLD_UNIX);
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli([...args, '--json']);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
  };
  await json('backfill', incoming, productsDb);
  return { incoming, productsDb, bad, json };
}

test('a failed file waits, and is read again by the next backfill though nothing of it has changed', async (t) => {
  const { incoming, productsDb, bad, json } = await withFailure(t);
  assert.deepEqual(await json('retry', productsDb), { requeued: 1 });
  assert.deepEqual(await json('retry', productsDb), { requeued: 0 });
  assert.deepEqual(await json('verify', incoming, productsDb), {
    files_on_disk: 4,
    with_row: 3,
    waiting: 1,
    failed: 0,
    unaccounted: 0,
  });
  copyFileSync(fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5'), bad);
  utimesSync(bad, OLD_UNIX, OLD_UNIX);
  assert.equal((await json('backfill', incoming, productsDb)).succeeded, 1);
});

test('only failures with the code and below the path that are named', async (t) => {
  const { incoming, productsDb } = await withFailure(t);
  const said = async (...args: string[]) => (await cli(['retry', productsDb, ...args])).stdout;
  assert.match(await said('--code', 'truncated'), /^re-queued 0 /);
  assert.match(await said('--path', join(incoming, 'elsewhere')), /^re-queued 0 /);
  assert.equal(
    await said('--path', incoming, '--code', 'not_hdf5'),
    're-queued 1 failed file in the ledger\n',
  );
});
