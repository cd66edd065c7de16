import assert from 'node:assert/strict';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { count, growth, historyRows, query } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { simulate } from '../helpers/simulator.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const FILES = 2000;
const KILLS = 50;

test(`${KILLS} kill -9 while ${FILES} files arrive, half of them slowly in place: exactly the right rows`, async (t) => {
  const space = workspace(t);
  const files = simulate(join(space.path, 'made'), ['--count', String(FILES)]);
  const expected = await truth(space.path, files);

  let kills = 0;
  const arrivals = arrive(files, space.incoming, () => ((kills + 1) * FILES) / KILLS);
  let monitor = new Monitor(t, space, ['--reconcile-interval', '5']);
  let rows = 0;
  let whileWriting = 0;
  while (kills < KILLS) {
    // Most once the monitor has written rows, the rest wherever it is.
    if (kills % 5 > 0) await growth(space.productsDb, rows, monitor.process);
    await sleep((kills * 137) % (kills % 5 > 0 ? 400 : 1000));
    monitor.process.kill('SIGKILL');
    await monitor.finished;
    assertPaired(space.productsDb);
    const before = rows;
    rows = count(space.productsDb, 'pointing_files');
    if (rows > before) whileWriting++;
    kills++;
    monitor = new Monitor(t, space, ['--reconcile-interval', '5']);
  }
  assert.ok(whileWriting >= KILLS / 2, `${whileWriting} of ${KILLS} monitors wrote rows before their kill`);
  await arrivals;
  await waitFor(
    'all rows',
    () => count(space.productsDb, 'pointing_files', "state = 'stored'") === FILES,
    90,
  );
  await monitor.until(
    'the proof',
    ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === FILES,
  );
  assert.equal(count(space.productsDb, 'pointing_files'), FILES);
  assert.deepEqual(historyRows(space.productsDb), expected);
});

/** The right rows, oldest first, by the extract command. */
async function truth(directory: string, files: readonly string[]) {
  const list = join(directory, 'expected.sqlite3');
  const { code, stderr } = await cli(['backfill', join(directory, 'made'), list]);
  assert.equal(code, 0, stderr);
  const rows = historyRows(list);
  assert.equal(rows.length, files.length);
  return rows;
}

/** Every other file by rename, the rest written in place in pieces; a share of them for each monitor. */
async function arrive(files: readonly string[], incoming: string, allowed: () => number): Promise<void> {
  const slow: Promise<void>[] = [];
  for (const [i, file] of files.entries()) {
    const target = join(incoming, basename(file));
    while (i >= allowed()) await sleep(20);
    if (i % 2 === 0)
      await writeFile(`${target}.part`, readFileSync(file)).then(() => rename(`${target}.part`, target));
    else slow.push(writeSlowly(file, target));
    if (i % 10 === 0) await sleep(100);
  }
  await Promise.all(slow);
}

async function writeSlowly(from: string, to: string): Promise<void> {
  const target = createWriteStream(to);
  for await (const piece of createReadStream(from, { highWaterMark: 32768 })) {
    target.write(piece);
    await sleep(50);
  }
  await new Promise((resolve) => target.end(resolve));
}

/** A stored file has its history row, and every history row its file. */
function assertPaired(productsDb: string): void {
  if (count(productsDb, 'pointing_files') === 0) return;
  const [row] = query<{ ledger: number; history: number }>(
    productsDb,
    `SELECT
       (SELECT count(*) FROM pointing_files f WHERE state = 'stored'
          AND NOT EXISTS (SELECT 1 FROM pointing_history h WHERE h.timestamp = f.timestamp)) AS ledger,
       (SELECT count(*) FROM pointing_history h
          WHERE NOT EXISTS (SELECT 1 FROM pointing_files f WHERE f.timestamp = h.timestamp)) AS history`,
  );
  assert.deepEqual(row, { ledger: 0, history: 0 });
}
