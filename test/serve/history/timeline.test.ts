import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { type Block, joined } from '#src/serve/history/block.js';
import { Timeline, type TimelineReader } from '#src/serve/history/timeline.js';
import { ROW } from '#src/sky/history/taken.js';
import { openSqliteReader } from '#src/store/sqlite/database.js';
import { random as randomNumbers } from '../../helpers/random.js';
import { fillHistory, rowsFrom } from '../../helpers/server.js';
import { waitFor } from '../../helpers/wait.js';
import { workspace } from '../../helpers/workspace.js';

function timelineOf(t: TestContext, rows = rowsFrom(60000, 20_000, 54.57)) {
  const { productsDb } = workspace(t);
  fillHistory(productsDb, rows);
  const reader = openSqliteReader({ location: productsDb, missing: 'empty', lockWait: 'short' });
  t.after(() => reader.close());
  const database = new Database(productsDb);
  t.after(() => database.close());
  return { productsDb, database, timeline: new Timeline(reader) };
}

const stored = (database: Database.Database) =>
  database
    .prepare('SELECT timestamp, ra_deg, dec_deg, 0, 0, 0, 0 FROM pointing_history ORDER BY timestamp')
    .raw()
    .all();

function held(blocks: readonly Block[]): number[][] {
  const all = joined(blocks);
  return Array.from({ length: all.length / ROW }, (_, i) => [...all.subarray(i * ROW, i * ROW + ROW)]);
}

/** Until the comparison that a change asks for has run. */
const upToDate = (timeline: Timeline, database: Database.Database) =>
  waitFor('the history in memory to be that of the database', async () => {
    await timeline.refresh();
    return JSON.stringify(held(timeline.blocks)) === JSON.stringify(stored(database));
  });

test('every kind of change is taken up, and its times are told', async (t) => {
  const { database, timeline } = timelineOf(t);
  await upToDate(timeline, database);
  const changes: [what: string, sql: string, from: number, to: number][] = [
    ['a newer row', 'INSERT INTO pointing_history VALUES (60100, 1, 2)', 60100, 60100],
    ['an older row', 'INSERT INTO pointing_history VALUES (59000, 1, 2)', 59000, 59000],
    ['a row between', 'INSERT INTO pointing_history VALUES (60010.0001, 1, 2)', 60010.0001, 60010.0001],
    [
      'another position',
      'UPDATE pointing_history SET ra_deg = 7 WHERE timestamp = 60010.0001',
      60010.0001,
      60010.0001,
    ],
    ['a row gone', 'DELETE FROM pointing_history WHERE timestamp = 60010.0001', 60010.0001, 60010.0001],
    ['the newest gone', 'DELETE FROM pointing_history WHERE timestamp = 60100', 60100, 60100],
  ];
  for (const [what, sql, from, to] of changes) {
    const before = timeline.revision;
    database.exec(sql);
    await upToDate(timeline, database);
    assert.deepEqual(timeline.changedSince(before), { fromMjd: from, toMjd: to }, what);
  }
});

test('random changes of all kinds end as they are stored', async (t) => {
  const { database, timeline } = timelineOf(t);
  const random = randomNumbers(7);
  for (let round = 0; round < 20; round++) {
    const at = 60000 + random() * 72;
    const width = random() * 30;
    const sql = [
      `DELETE FROM pointing_history WHERE timestamp BETWEEN ${at} AND ${at + width}`,
      `UPDATE pointing_history SET dec_deg = ${random() * 80} WHERE timestamp BETWEEN ${at} AND ${at + width}`,
      `INSERT OR REPLACE INTO pointing_history SELECT timestamp + ${random() * 10}, ra_deg, dec_deg FROM pointing_history
       WHERE timestamp BETWEEN ${at} AND ${at + width}`,
    ][Math.floor(random() * 3)] as string;
    database.exec(sql);
    await upToDate(timeline, database);
  }
});

test('what changes no row moves no revision', async (t) => {
  const { database, timeline } = timelineOf(t);
  await upToDate(timeline, database);
  const { revision } = timeline;
  database.exec('CREATE TABLE other (a)');
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.exec('INSERT INTO other VALUES (1); UPDATE pointing_history SET ra_deg = ra_deg');
  await upToDate(timeline, database);
  assert.equal(timeline.revision, revision);
});

test('a database that has gone leaves its rows, until another is in its place', async (t) => {
  const { productsDb, database, timeline } = timelineOf(t);
  await upToDate(timeline, database);
  database.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(productsDb + suffix, { force: true });
  const before = timeline.blocks;
  await assert.rejects(timeline.refresh(), { kind: 'missing' });
  assert.equal(timeline.blocks, before);
  fillHistory(productsDb, rowsFrom(61000, 9000, 10));
  const other = new Database(productsDb);
  t.after(() => other.close());
  await upToDate(timeline, other);
});

test('a row that comes while the newest are read is not passed over', async () => {
  let version = 'before';
  let rows = [60_000];
  const holding: (() => void)[] = [];
  const reader: TimelineReader = {
    version: async () => version,
    async *historyColumns(from, to) {
      const read = rows.filter((mjd) => mjd >= from && mjd <= to);
      await new Promise<void>((resolve) => holding.push(resolve));
      yield Float64Array.from(read.flatMap((mjd) => [mjd, 1, 2, 0, 0, 0, 0]));
    },
  };
  const timeline = new Timeline(reader);
  const first = timeline.refresh();
  await setImmediate();
  [version, rows] = ['after', [60_000, 60_001]];
  const second = timeline.refresh();
  const going = setInterval(() => holding.pop()?.(), 5);
  await Promise.all([first, second]);
  clearInterval(going);
  assert.deepEqual(
    held(timeline.blocks).map(([mjd]) => mjd),
    rows,
  );
});
