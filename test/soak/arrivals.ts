/** Bursts of arrivals, each of more files than the kernel queues events for, in every way that a tree can fill up. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cli } from '../helpers/cli.js';
import { historyRows, query, type Row } from '../helpers/database.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { type Owner, type Workspace, workspace } from '../helpers/workspace.js';
import { Subject } from './subject.js';

/** `fs.inotify.max_queued_events` is 16,384. */
const BURST = 25_000;
const INTERVAL_SECONDS = 60;
const FIRST = Date.parse('2021-01-01T00:00:00Z');
const FIRST_MJD_UTC = 59215;
const DECLINATION_DEG = 54.57;
const DAY_SECONDS = 86_400;
const SETTLE_SECONDS = 600;

type Fill = (files: readonly string[], directory: string, subject: Subject) => void | Promise<void>;

const each = (files: readonly string[], directory: string, put: (from: string, to: string) => void) => {
  for (const file of files) put(file, join(directory, basename(file)));
};
const moveEach: Fill = (files, directory) => each(files, directory, renameSync);

const fills: readonly (readonly [string, Fill])[] = [
  ['renamed one by one', moveEach],
  ['written in place', (files, directory) => each(files, directory, copyFileSync)],
  [
    'in new directories of a thousand',
    (files, directory) => {
      for (let i = 0; i < files.length; i += 1000) {
        mkdirSync(join(directory, `${i}`));
        each(files.slice(i, i + 1000), join(directory, `${i}`), renameSync);
      }
    },
  ],
  [
    'while the monitor is stopped',
    (files, directory, subject) => {
      subject.signal('SIGSTOP');
      each(files, directory, renameSync);
      subject.signal('SIGCONT');
    },
  ],
  [
    'while the monitor is killed and started',
    async (files, directory, subject) => {
      each(files.slice(0, BURST / 2), directory, renameSync);
      await subject.killAndRestart();
      each(files.slice(BURST / 2), directory, renameSync);
    },
  ],
];

export async function arrivals(owner: Owner, count: number): Promise<void> {
  const space = workspace(owner);
  const subject = new Subject(owner, space);
  await subject.monitor.healthy(SETTLE_SECONDS);
  for (let done = 0, burst = 0; done < count; burst++) {
    const files = Math.min(BURST, count - done);
    const [how, fill] = fills[burst % fills.length] as (typeof fills)[number];
    const seconds = await oneBurst(space, subject, { done, files, fill });
    done += files;
    owner.diagnostic(
      `${done} of ${count}: ${files} ${how}, all rows ${seconds.toFixed(1)} s after the first; ${subject.memoryMB} MB`,
    );
  }
  for (const table of ['pointing_history', 'pointing_files'])
    assert.deepEqual(query(space.productsDb, `SELECT count(*) AS n FROM ${table}`), [{ n: count }]);
}

async function oneBurst(
  space: Workspace,
  subject: Subject,
  { done, files, fill }: { done: number; files: number; fill: Fill },
): Promise<number> {
  const made = join(space.path, 'made');
  const start = new Date(FIRST + done * INTERVAL_SECONDS * 1000).toISOString().slice(0, 19);
  const schedule = ['--count', String(files), '--start', start, '--interval', String(INTERVAL_SECONDS)];
  const paths = simulate(made, [...schedule, '--ntimes', '4', '--dec', String(DECLINATION_DEG)]);
  const expected = await truth(space, made, done);
  const begun = performance.now();
  await fill(paths, space.incoming, subject);
  const between = `timestamp BETWEEN ${expected[0]?.timestamp} AND ${expected.at(-1)?.timestamp}`;
  const stored = `SELECT count(*) AS n FROM pointing_files WHERE state = 'stored' AND ${between}`;
  await waitFor(
    `${files} rows`,
    () => query<{ n: number }>(space.productsDb, stored)[0]?.n === files,
    SETTLE_SECONDS,
  );
  const seconds = (performance.now() - begun) / 1000;
  const columns = 'timestamp, ra_deg, dec_deg';
  assert.deepEqual(
    query(space.productsDb, `SELECT ${columns} FROM pointing_history WHERE ${between} ORDER BY timestamp`),
    expected,
  );
  await subject.monitor.until(
    'the proof',
    ({ healthy, reconciliation: found }) => healthy && found?.with_row === files && found.unaccounted === 0,
    SETTLE_SECONDS,
  );
  for (const name of readdirSync(space.incoming)) rmSync(join(space.incoming, name), { recursive: true });
  rmSync(made, { recursive: true });
  return seconds;
}

/** The right rows, oldest first: at the times and the declination that the simulator was told. */
async function truth(space: Workspace, made: string, done: number): Promise<Row[]> {
  const truthDb = join(space.path, 'truth.sqlite3');
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${truthDb}${suffix}`, { force: true });
  const { code, stderr } = await cli(['backfill', made, truthDb, '--create']);
  assert.equal(code, 0, stderr);
  const rows = historyRows(truthDb);
  const first = secondsSinceFirst(rows[0] as Row);
  assert.ok(first >= done * INTERVAL_SECONDS && first < (done + 1) * INTERVAL_SECONDS, String(first));
  for (const [i, row] of rows.entries()) {
    assert.ok(Math.abs(secondsSinceFirst(row) - first - i * INTERVAL_SECONDS) < 1e-3, `time of ${i}`);
    assert.ok(Math.abs(row.dec_deg - DECLINATION_DEG) < 1e-9, `declination of ${i}`);
  }
  return rows;
}

const secondsSinceFirst = ({ timestamp }: Row) => (timestamp - FIRST_MJD_UTC) * DAY_SECONDS;
