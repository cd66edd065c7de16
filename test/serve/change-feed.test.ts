import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { StoreError } from '#src/errors.js';
import { ChangeFeed } from '#src/serve/change-feed.js';
import { openHistory } from '#src/serve/history/history.js';
import { InstrumentSource } from '#src/serve/instrument-source.js';
import { StatusFileSource } from '#src/serve/status-source.js';
import { openSqliteReader } from '#src/store/sqlite/database.js';
import { fillHistory, rowsFrom } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** A feed with one listener, the times of the observations that it told, and a way to add rows. */
async function listened(t: TestContext) {
  const { productsDb, statusFile } = workspace(t);
  fillHistory(productsDb, rowsFrom(60_000, 10, 54.57));
  const reader = openSqliteReader({ location: productsDb, missing: 'empty', lockWait: 'short' });
  const history = openHistory(productsDb, {}, assert.ifError);
  const instruments = new InstrumentSource(reader, {});
  const status = new StatusFileSource(statusFile);
  const feed = new ChangeFeed({ reader, history, instruments, status }, (error) => {
    throw error;
  });
  const told: number[] = [];
  const leave = await feed.listen((change) => {
    if (change.event === 'observation') told.push(change.data.timestamp);
  });
  t.after(async () => {
    leave();
    await history.close();
    await reader.close();
  });
  const add = (mjd: number) => fillHistory(productsDb, rowsFrom(mjd, 1, 54.57));
  const isTold = (mjd: number) => waitFor(`the row of ${mjd}`, () => told.includes(mjd));
  return { reader, told, add, isTold };
}

test('a row that is stored during a look is told once', async (t) => {
  const { reader, told, add, isTold } = await listened(t);
  const newest = reader.newest.bind(reader);
  t.mock.method(
    reader,
    'newest',
    async () => {
      const row = await newest();
      add(60_002);
      return row;
    },
    { times: 1 },
  );
  add(60_001);
  await isTold(60_002);
  add(60_003);
  await isTold(60_003);
  assert.deepEqual(told, [60_001, 60_002, 60_003]);
});

test('rows are told though the database failed when they were to be read', async (t) => {
  const { reader, told, add, isTold } = await listened(t);
  const failing = t.mock.method(
    reader,
    'withFiles',
    async () => {
      throw new StoreError('locked', 'the database is locked');
    },
    { times: 1 },
  );
  add(60_001);
  await waitFor('the failure', () => failing.mock.callCount() > 0);
  add(60_002);
  await isTold(60_002);
  assert.deepEqual(told, [60_001, 60_002]);
});
