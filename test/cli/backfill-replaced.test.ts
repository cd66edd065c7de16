import assert from 'node:assert/strict';
import { linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cli, finished, spawnCli } from '../helpers/cli.js';
import { count } from '../helpers/database.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

const OBSERVATIONS = 200;
/** Several transactions' worth. */
const FILES = 24_000;

/** A backfill that is halted with some of its rows committed, and resumed once `meanwhile` has returned. */
async function interrupted(t: TestContext, space: Workspace, args: readonly string[], meanwhile: () => void) {
  const made = simulate(join(space.path, 'made'), ['--count', String(OBSERVATIONS)]);
  for (let i = 0; i < FILES; i++) {
    const file = made[i % made.length] as string;
    linkSync(file, join(space.incoming, `${i}-${basename(file)}`));
  }
  const child = spawnCli(['backfill', space.incoming, space.productsDb, '--json', ...args]);
  t.after(() => child.kill('SIGKILL'));
  const ended = finished(child);
  await waitFor('the first rows', () => count(space.productsDb, 'pointing_files') > 0);
  child.kill('SIGSTOP');
  assert.ok(count(space.productsDb, 'pointing_files') < FILES, 'it is halted before its end');
  meanwhile();
  child.kill('SIGCONT');
  return ended;
}

test('a database that is replaced by an older copy during a backfill gets every row in the end', async (t) => {
  const space = workspace(t);
  const copy = join(space.path, 'copy.sqlite3');
  const earlier = join(space.path, 'earlier');
  mkdirSync(earlier);
  simulate(earlier, ['--count', '10', '--start', '2024-01-01T00:00:00']);
  assert.equal((await cli(['backfill', earlier, copy])).code, 0);

  const { code, stderr } = await interrupted(t, space, [], () => renameSync(copy, space.productsDb));
  assert.equal(code, 0, stderr);
  assert.match(stderr, /was deleted or replaced meanwhile: reading again the files that it lacks/);
  assert.equal(count(space.productsDb, 'pointing_files', "state = 'stored'"), FILES + 10);
  assert.equal(count(space.productsDb, 'pointing_history'), OBSERVATIONS + 10);
});

test('a database that is deleted during a backfill with --create gets every row in the end', async (t) => {
  const space = workspace(t);
  const { code, stderr } = await interrupted(t, space, ['--create'], () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${space.productsDb}${suffix}`, { force: true });
  });
  assert.equal(code, 0, stderr);
  assert.equal(count(space.productsDb, 'pointing_files', "state = 'stored'"), FILES);
  assert.equal(count(space.productsDb, 'pointing_history'), OBSERVATIONS);
});
