import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { EventData } from 'pointing-monitor/types';
import { fillHistory, recordFiles, rowsFrom, serverOf, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

test('events report new rows one by one, and of other changes with their times', async (t) => {
  const place = workspace(t);
  writeStatus(place.statusFile, {});
  fillHistory(place.productsDb, rowsFrom(60000, 1000, 54.57));
  const app = await serverOf(t, place);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const left = new AbortController();
  t.after(() => left.abort());
  const { body } = await fetch(`${url}/api/pointing/events`, { signal: left.signal });
  let text = '';
  void (async () => {
    const decoder = new TextDecoder();
    for await (const piece of body as ReadableStream<Uint8Array>)
      text += decoder.decode(piece, { stream: true });
  })().catch(() => {});
  const eventsOf = <Name extends keyof EventData>(name: Name): EventData[Name][] =>
    [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)]
      .filter((match) => match[1] === name)
      .map((match) => JSON.parse(match[2] as string));
  await waitFor('the health', () => eventsOf('health').length === 1);

  fillHistory(place.productsDb, [{ timestamp: 60500, ra_deg: 10, dec_deg: 54.57 }]);
  await waitFor('the new row', () => eventsOf('observation').length === 1);
  assert.equal(eventsOf('observation')[0]?.timestamp, 60500);

  fillHistory(place.productsDb, [{ timestamp: 60001.00001, ra_deg: 10, dec_deg: 54.57 }]);
  const [older] = await waitFor('the older row', () => eventsOf('changed').length > 0 && eventsOf('changed'));
  assert.deepEqual(older, { newest_mjd: 60500, from_mjd: 60001.00001, to_mjd: 60001.00001, failures: 0 });

  await recordFiles(place.productsDb, [{ path: '/in/a', error: { code: 'no_header', message: 'none' } }]);
  await waitFor('the failure', () => eventsOf('changed').at(-1)?.failures === 1);
  assert.deepEqual(eventsOf('changed').at(-1), {
    newest_mjd: 60500,
    from_mjd: null,
    to_mjd: null,
    failures: 1,
  });

  fillHistory(place.productsDb, rowsFrom(60600, 200, 16.24));
  await waitFor('many rows', () => eventsOf('changed').at(-1)?.from_mjd === 60600);

  const told = text.length;
  const database = new Database(place.productsDb);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.exec('UPDATE pointing_history SET ra_deg = ra_deg');
  fillHistory(place.productsDb, [{ timestamp: 60700, ra_deg: 10, dec_deg: 16.24 }]);
  database.close();
  await waitFor('the last row', () => eventsOf('observation').length === 2);
  assert.doesNotMatch(text.slice(told), /event: changed/);
});
