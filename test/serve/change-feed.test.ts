import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StoreError } from '#src/errors.js';
import { ChangeFeed } from '#src/serve/change-feed.js';
import type { Exchange } from '#src/serve/exchange.js';
import { openHistory } from '#src/serve/history/history.js';
import { InstrumentSource } from '#src/serve/instrument-source.js';
import type { RouteContext } from '#src/serve/route.js';
import { eventsRoute } from '#src/serve/routes/events.js';
import { StatusFileSource, type StatusSource } from '#src/serve/status-source.js';
import { openSqliteReader } from '#src/store/sqlite/database.js';
import { HangingMount } from '../helpers/hanging-mount.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** A feed with one listener, the times of the observations that it told, and a way to add rows. */
async function listened(t: TestContext, status?: StatusSource) {
  const { productsDb, statusFile } = workspace(t);
  fillHistory(productsDb, rowsFrom(60_000, 10, 54.57));
  const reader = openSqliteReader({ location: productsDb, missing: 'empty', lockWait: 'short' });
  const history = openHistory(productsDb, {}, assert.ifError);
  const instruments = new InstrumentSource(reader, {});
  const feed = new ChangeFeed(
    { reader, history, instruments, status: status ?? new StatusFileSource(statusFile) },
    (error) => {
      throw error;
    },
  );
  const told: number[] = [];
  const { begun, leave } = feed.listen((change) => {
    if (change.event === 'observation') told.push(change.data.timestamp);
  });
  await begun;
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

const never = () => new Promise<never>(() => {});

test('rows are told while nothing is known of the status', async (t) => {
  const { told, add, isTold } = await listened(t, { read: never, hosts: never, version: never });
  add(60_001);
  await isTold(60_001);
  assert.deepEqual(told, [60_001]);
});

test('a client that leaves before its first event leaves nothing behind', async (t) => {
  const reader = openSqliteReader({ location: workspace(t).productsDb, missing: 'empty', lockWait: 'short' });
  t.mock.method(reader, 'version', never);
  const changeFeed = new ChangeFeed(
    {
      reader,
      history: { look: never },
      instruments: new InstrumentSource(reader, {}),
      status: { read: never, hosts: never, version: never },
    },
    assert.ifError,
  );
  t.after(() => changeFeed.stop());
  const begun = t.mock.method(globalThis, 'setInterval').mock;
  const cleared = t.mock.method(globalThis, 'clearInterval').mock;
  const leaving: (() => void)[] = [];
  const exchange: Exchange = {
    url: '/api/pointing/events',
    root: 'http://localhost',
    accept: '',
    address: '127.0.0.1',
    status: () => {},
    header: () => {},
    onLeave: (callback) => leaving.push(callback),
  };
  void eventsRoute.respond({}, { changeFeed } as unknown as RouteContext, exchange);
  assert.equal(changeFeed.listeners, 1);
  for (const leave of leaving) leave();
  assert.equal(changeFeed.listeners, 0);
  assert.deepEqual(
    cleared.calls.map((call) => call.arguments[0]),
    begun.calls.map(({ result }) => result),
  );
});

test('rows are told while the file system of the status file hangs', needs('bindfs'), async (t) => {
  const place = workspace(t);
  const [source, state] = [join(place.path, 'source'), join(place.path, 'state')];
  for (const directory of [source, state]) mkdirSync(directory);
  writeStatus(join(source, 'status.json'), {});
  fillHistory(place.productsDb, rowsFrom(60_000, 10, 54.57));
  const mount = await HangingMount.mount(t, source, state);
  const server = new Server(t, { ...place, statusFile: join(state, 'status.json') });
  const url = await server.url();
  mount.hang();
  try {
    const { body } = await fetch(`${url}api/pointing/events`, { signal: AbortSignal.timeout(60_000) });
    fillHistory(place.productsDb, rowsFrom(60_001, 1, 54.57));
    let text = '';
    const decoder = new TextDecoder();
    for await (const piece of body as ReadableStream<Uint8Array>) {
      text += decoder.decode(piece, { stream: true });
      if (/"timestamp":60001/.test(text) && /not responding/.test(text)) break;
    }
  } finally {
    mount.goOn();
  }
});
