import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { Clock } from '../helpers/clock.js';
import { count } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const HOUR_SECONDS = 3600;
const STEPS = { 'two hours back': -2 * HOUR_SECONDS, '35 days back': -35 * 24 * HOUR_SECONDS };

/** A healthy monitor with a clock of its own and one row; only scans and its own waits find files. */
async function begin(t: TestContext) {
  const space = workspace(t);
  const clock = new Clock(space.path);
  const files = simulate(join(space.path, 'made'), ['--count', '4']) as [string, string];
  const [, second] = files;
  const target = (i: number) => join(space.incoming, basename(files[i] as string));
  const put = (i: number) => copyFileSync(files[i] as string, target(i));
  put(0);
  const monitor = new Monitor(t, space, ['--no-events', '--reconcile-interval', '2'], { env: clock.env });
  await monitor.until('a row', ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === 1);
  return { space, clock, second, target, put, monitor };
}

for (const [words, seconds] of Object.entries(STEPS)) {
  test(
    `the clock is set ${words}: waits, scans and health go on, and the log stays quiet`,
    needs('faketime'),
    async (t) => {
      const { space, clock, second, target, put, monitor } = await begin(t);
      const bytes = readFileSync(second);
      writeFileSync(target(1), bytes.subarray(0, 40_000));
      await monitor.until('a file that waits', ({ queue }) => queue.retrying === 1);

      clock.set(seconds);
      put(2);
      await waitFor('the row of an arrival', () => count(space.productsDb, 'pointing_history') === 2);
      appendFileSync(target(1), bytes.subarray(40_000));
      await waitFor(
        'the row of the file that waited',
        () => count(space.productsDb, 'pointing_history') === 3,
      );
      const status = await monitor.until(
        'health by the new time',
        ({ healthy, timestamp, reconciliation }) =>
          healthy && reconciliation?.with_row === 3 && Math.abs(timestamp - clock.nowUnix) < HOUR_SECONDS,
      );
      assert.ok(Math.abs((status.reconciliation?.time ?? 0) - clock.nowUnix) < HOUR_SECONDS);

      const backup = join(space.path, 'backup.sqlite3');
      const source = new Database(space.productsDb, { readonly: true });
      await source.backup(backup);
      source.close();
      put(3);
      await waitFor('the fourth row', () => count(space.productsDb, 'pointing_history') === 4);
      renameSync(backup, space.productsDb);
      await monitor.until(
        'the replaced database’s last row',
        ({ healthy, reconciliation }) =>
          healthy && reconciliation?.with_row === 4 && count(space.productsDb, 'pointing_history') === 4,
      );
      const { code, stderr } = await monitor.stop();
      assert.equal(code, 0);
      assert.ok(stderr.split('\n').length < 50, stderr);
    },
  );
}

test(
  'asked to stop while the database is locked and the clock goes back: it ends in time, and its status shows that',
  needs('faketime'),
  async (t) => {
    const { space, clock, put, monitor } = await begin(t);
    const other = new Database(space.productsDb);
    t.after(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    put(1);
    await monitor.until('a result that waits', ({ queue }) => queue.unwritten > 0);
    const stopped = monitor.stop();
    await waitFor('the signal', () => /finishing work in progress/.test(monitor.log));
    clock.set(STEPS['two hours back']);
    const { code, stderr } = await stopped;
    assert.equal(code, 0);
    assert.match(stderr, /1 results were not written/);
    assert.equal(monitor.status()?.running, false);
  },
);

test(
  'started after the clock went back: the last process’s status and the rows of then do not disturb it',
  needs('faketime'),
  async (t) => {
    const { space, clock, put, monitor: first } = await begin(t);
    first.process.kill('SIGKILL');
    await first.finished;
    clock.set(STEPS['35 days back']);
    put(1);
    const second = new Monitor(t, space, ['--reconcile-interval', '2'], { env: clock.env });
    await second.until(
      'two rows',
      ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === 2,
    );
  },
);
