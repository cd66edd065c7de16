import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { cli } from '../helpers/cli.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, recordFiles, rowsFrom, Server, serverOf } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { workspace } from '../helpers/workspace.js';

const urls = ['/api/pointing_history', '/api/pointing/changes', '/api/pointing/failures'];

test('before there is a database everything is empty, and it is taken up when it comes', async (t) => {
  const place = workspace(t);
  const app = await serverOf(t, place);
  for (const url of urls) assert.deepEqual((await app.inject(url)).json().items, [], url);
  assert.equal((await app.inject('/api/pointing/latest')).json().observation, null);
  assert.deepEqual((await app.inject('/api/pointing/coverage')).json().bands, []);
  assert.equal((await app.inject('/api/pointing/track')).rawPayload.length, 0);
  fillHistory(place.productsDb, rowsFrom(60952, 5, 54.57));
  assert.equal((await app.inject('/api/pointing_history')).json().items.length, 5);
});

test('a database put in the place of another is taken up', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(60952, 5, 54.57));
  const app = await serverOf(t, place);
  const { headers } = await app.inject('/api/pointing_history');
  const other = `${place.productsDb}.new`;
  fillHistory(other, rowsFrom(61000, 2, 10));
  renameSync(other, place.productsDb);
  const answer = await app.inject({
    url: '/api/pointing_history',
    headers: { 'if-none-match': String(headers.etag) },
  });
  assert.deepEqual(answer.json().items, rowsFrom(61000, 2, 10));
});

test('another program’s database, with or without a history, in which no monitor has run', async (t) => {
  const place = workspace(t);
  const database = new Database(place.productsDb);
  t.after(() => database.close());
  database.exec('CREATE TABLE images (path TEXT)');
  const app = await serverOf(t, place);
  assert.deepEqual((await app.inject('/api/pointing_history')).json().items, []);
  for (const url of ['/api/pointing/observed?ra=10&dec=20', '/api/pointing/search?q=10%20%2B20'])
    assert.equal((await app.inject(url)).statusCode, 200, url);
  assert.match((await app.inject('/vo/cone?RA=10&DEC=20&SR=1')).body, /<\/VOTABLE>\s*$/);
  database.exec(
    'CREATE TABLE pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL); INSERT INTO pointing_history VALUES (60952.5, 10, 20)',
  );
  assert.deepEqual((await app.inject('/api/pointing_history')).json().items, [
    { timestamp: 60952.5, ra_deg: 10, dec_deg: 20 },
  ]);
  assert.deepEqual((await app.inject('/api/pointing/failures')).json(), { total: 0, items: [] });
  // The monitor's first run makes the ledger, which the server sees without being started again.
  await recordFiles(place.productsDb, [{ path: '/in/a', error: { code: 'no_header', message: 'none' } }]);
  const { total, items } = (await app.inject('/api/pointing/failures')).json();
  assert.deepEqual([total, items[0]?.path], [1, '/in/a']);
});

test(
  'on media that cannot be written a database whose monitor has stopped is served',
  needs('mounts'),
  async (t) => {
    const place = workspace(t);
    const [source, media] = [join(place.path, 'source'), join(place.path, 'media')];
    for (const directory of [source, media]) mkdirSync(directory);
    fillHistory(join(source, 'products.sqlite3'), rowsFrom(60952, 5, 54.57));
    execFileSync('mount', ['--bind', source, media]);
    t.after(() => spawnSync('umount', ['--lazy', media]));
    execFileSync('mount', ['-o', 'remount,bind,ro', media]);
    const server = new Server(t, { ...place, productsDb: join(media, 'products.sqlite3') });
    const { items } = await (await fetch(`${await server.url()}api/pointing_history`)).json();
    assert.equal(items.length, 5);
    const track = await fetch(`${await server.url()}api/pointing/track`);
    assert.equal((await track.arrayBuffer()).byteLength, 5 * 40);
  },
);

test('a damaged database is a 503 that explains it, until a good one is there', async (t) => {
  const place = workspace(t);
  writeFileSync(place.productsDb, 'this is no database, and long enough to be looked at. '.repeat(40));
  const app = await serverOf(t, place);
  for (const url of [...urls, '/api/pointing/track', '/api/pointing/latest']) {
    const answer = await app.inject(url);
    assert.equal(answer.statusCode, 503, url);
    assert.equal(answer.json().error.code, 'database_corrupt', url);
    assert.match(answer.json().error.message, /products\.sqlite3/, url);
  }
  assert.match((await app.inject('/metrics')).body, /^pointing_monitor_database_up 0$/m);
  rmSync(place.productsDb);
  fillHistory(place.productsDb, rowsFrom(60952, 1, 1));
  assert.equal((await app.inject('/api/pointing_history')).json().items.length, 1);
});

test('it reads while another connection holds a write transaction', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(60952, 5, 54.57));
  const app = await serverOf(t, place);
  const writer = new Database(place.productsDb);
  t.after(() => writer.close());
  writer.exec('BEGIN EXCLUSIVE; DELETE FROM pointing_history');
  assert.equal((await app.inject('/api/pointing_history')).json().items.length, 5);
  writer.exec('COMMIT');
  assert.equal((await app.inject('/api/pointing_history')).json().items.length, 0);
});

test('a database that has gone is no longer said to be up', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(60952, 5, 54.57));
  const app = await serverOf(t, place);
  const said = async () => [
    /^pointing_monitor_database_up (\d)$/m.exec((await app.inject('/metrics')).body)?.[1],
    /<available>(.*)</.exec((await app.inject('/vo/availability')).body)?.[1],
  ];
  assert.deepEqual(await said(), ['1', 'true']);
  rmSync(place.productsDb);
  assert.deepEqual(await said(), ['0', 'false']);
});

test('a database that has gone is no empty history, and is taken up when it is back', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(60952, 5, 54.57));
  const app = await serverOf(t, place);
  const [aside, ask] = [`${place.productsDb}.aside`, (url: string) => app.inject(url)];
  // The threads of the other routes open the database only once it has gone.
  assert.equal((await ask('/api/pointing/latest')).statusCode, 200);
  renameSync(place.productsDb, aside);
  const all = [...urls, '/api/pointing/latest', '/api/pointing/track', '/vo/cone?RA=1&DEC=54&SR=1'];
  for (const url of all) {
    const answer = await ask(url);
    assert.equal(answer.statusCode, 503, url);
    assert.match(answer.body, /database_missing/, url);
    assert.match(answer.body, /products\.sqlite3 does not exist/, url);
  }
  renameSync(aside, place.productsDb);
  for (const url of all) assert.equal((await ask(url)).statusCode, 200, url);
  assert.equal((await ask('/api/pointing_history')).json().items.length, 5);
});

test('a server that starts without the database of its host’s monitor does not say that it is empty', async (t) => {
  const place = workspace(t);
  const { incoming, productsDb } = place;
  simulate(incoming, ['--count', '1']);
  assert.equal((await cli(['backfill', incoming, productsDb])).code, 0);
  renameSync(productsDb, `${productsDb}.aside`);
  const history = `${await new Server(t, place).url()}api/pointing_history`;
  assert.equal((await fetch(history)).status, 503);
  renameSync(`${productsDb}.aside`, productsDb);
  assert.equal((await fetch(history)).status, 200);
});

test('HEAD names no length of an answer that is made while it is sent', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(60952, 5, 54.57));
  const app = await serverOf(t, place);
  for (const url of ['/api/pointing_history', '/api/pointing/track', '/vo/cone?RA=1&DEC=54&SR=1']) {
    const { statusCode, headers, payload } = await app.inject({ method: 'HEAD', url });
    assert.deepEqual([statusCode, headers['content-length'], payload], [200, undefined, ''], url);
  }
});

test('behind a proxy on this host, addresses have the scheme that the client used', async (t) => {
  const app = await serverOf(t, workspace(t));
  const addressOf = async (headers: Record<string, string>) =>
    /(https?:[^<]*)cone/.exec((await app.inject({ url: '/vo/capabilities', headers })).body)?.[1];
  const host = 'localhost:80';
  assert.equal(await addressOf({ host }), 'http://localhost:80/vo/');
  assert.equal(await addressOf({ host, 'x-forwarded-proto': 'https' }), 'https://localhost:80/vo/');
});
