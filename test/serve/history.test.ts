import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { LightMyRequestResponse } from 'fastify';
import { InstrumentSource } from '#src/serve/instrument-source.js';
import { historyRoute } from '#src/serve/routes/history.js';
import { historyColumns } from '#src/sky/history/columns.js';
import { openSqliteReader } from '#src/store/sqlite/database.js';
import { cli } from '../helpers/cli.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { fillHistory, restOf, rowsFrom, serverOf } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

const rows = [...rowsFrom(60952, 40, 54.57), ...rowsFrom(60953, 40, -0.1)];

test('history comes oldest first, under /api and without, bounds included', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, [...rows].reverse());
  const app = await serverOf(t, place);
  for (const url of ['/api/pointing_history', '/pointing_history']) {
    const answer = await app.inject(url);
    assert.equal(answer.statusCode, 200);
    assert.match(String(answer.headers['content-type']), /^application\/json/);
    assert.deepEqual(answer.json(), { items: rows });
  }
  const [start, end] = [rows[3]?.timestamp, rows[7]?.timestamp];
  const some = await app.inject(`/api/pointing_history?start_mjd=${start}&end_mjd=${end}`);
  assert.deepEqual(some.json().items, rows.slice(3, 8));
});

test('numbers arrive as the very doubles that are stored', async (t) => {
  const place = workspace(t);
  const odd = [
    { timestamp: 60952.634912345668, ra_deg: 1 / 3, dec_deg: -1e-9 },
    { timestamp: 60953.1, ra_deg: 359.99999999999994, dec_deg: 0.1 + 0.2 },
    ...Array.from({ length: 500 }, (_, i) => ({
      timestamp: 60954 + Math.sqrt(i + 2),
      ra_deg: 180 + 180 * Math.sin(i),
      dec_deg: 90 * Math.cos(i),
    })),
  ];
  fillHistory(place.productsDb, odd);
  const app = await serverOf(t, place);
  assert.deepEqual((await app.inject('/api/pointing_history')).json().items, odd);
  assert.deepEqual((await app.inject('/api/pointing_history?time_interval_hours=0.00001')).json().items, odd);
});

test('a limit cuts, and the Link header leads through all the rest', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rows);
  const app = await serverOf(t, place);
  const seen: unknown[] = [];
  let url: string | undefined = '/api/pointing_history?limit=33&end_mjd=60999';
  while (url) {
    const answer: LightMyRequestResponse = await app.inject(url);
    seen.push(...answer.json().items);
    url = restOf(url, answer);
    assert.ok(seen.length <= rows.length);
  }
  assert.deepEqual(seen, rows);
});

test('more rows than one answer has are cut with a link, or whole where all are asked for', async (t) => {
  const place = workspace(t);
  const count = 200_001;
  fillHistory(place.productsDb, rowsFrom(60000, count, 16.24));
  const app = await serverOf(t, place);
  const cut = await app.inject('/api/pointing_history?format=csv');
  assert.equal(cut.body.trimEnd().split('\r\n').length, 1 + 200_000);
  assert.match(String(cut.headers.link), /rel="next"/);
  const lines = async (format: string) => {
    const answer = await app.inject(`/api/pointing_history?all=true&format=${format}`);
    assert.equal(answer.statusCode, 200, answer.body.slice(0, 200));
    assert.equal(answer.headers.link, undefined);
    return answer.body;
  };
  assert.equal((await lines('csv')).trimEnd().split('\r\n').length, 1 + count);
  assert.equal(JSON.parse(await lines('json')).items.length, count);
  assert.equal((await lines('votable')).match(/<TR>/g)?.length, count);
});

test('rows that are stored while an answer is read push no others out of it', async (t) => {
  const old = rowsFrom(60952, 20, 54.57);
  const added = rowsFrom(60952 + 150 / 86_400, 3, 54.57);
  const forms: Parameters<typeof historyRoute.respond>[0][] = [
    {},
    { columns: 'timestamp,quality' },
    { format: 'csv' },
    { format: 'votable' },
    { time_interval_hours: 0.01 },
  ];
  for (const form of forms)
    for (const limit of [10, old.length]) {
      const place = workspace(t);
      fillHistory(place.productsDb, old);
      const reader = openSqliteReader({ location: place.productsDb, missing: 'empty', lockWait: 'short' });
      t.after(() => reader.close());
      const context = { reader, instruments: new InstrumentSource(reader, {}) };
      const seen = new Set<number>();
      for (let url: string | undefined = '/'; url; ) {
        const headers: Record<string, string> = {};
        const { searchParams } = new URL(url, 'http://any');
        const start = searchParams.get('start_mjd');
        const body = await historyRoute.respond(
          { ...form, limit, ...(start && { start_mjd: Number(start) }) },
          context,
          { url, accept: '', header: (name, value) => Object.assign(headers, { [name]: value }) },
        );
        fillHistory(place.productsDb, added);
        const all = await text(Readable.from(body as AsyncIterable<string>));
        for (const [time] of all.matchAll(/\b60952(\.\d+)?\b/g)) seen.add(Number(time));
        url = restOf(url, { headers });
      }
      const times = [...old, ...added].map(({ timestamp }) => timestamp);
      assert.deepEqual(seen, new Set(times), `${JSON.stringify(form)}, ${limit} rows`);
    }
});

test('a time interval keeps the first row of each', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rows);
  const app = await serverOf(t, place);
  const { items } = (await app.inject('/api/pointing_history?time_interval_hours=1')).json();
  const hours = rows.map(({ timestamp }) => Math.floor(timestamp * 24));
  assert.deepEqual(
    items,
    rows.filter((_, i) => hours[i] !== hours[i - 1]),
  );
  const url = '/api/pointing_history?time_interval_hours=1&limit=2';
  const limited = await app.inject(url);
  assert.deepEqual(limited.json().items, items.slice(0, 2));
  assert.deepEqual((await app.inject(String(restOf(url, limited)))).json().items, items.slice(2, 4));
  const all = await app.inject(`/api/pointing_history?time_interval_hours=1&limit=${items.length}`);
  assert.equal(all.headers.link, undefined);
});

test('CSV by parameter and by Accept', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rows.slice(0, 2));
  const app = await serverOf(t, place);
  const text = `timestamp,ra_deg,dec_deg\r\n${rows
    .slice(0, 2)
    .map(({ timestamp, ra_deg, dec_deg }) => `${timestamp},${ra_deg},${dec_deg}\r\n`)
    .join('')}`;
  const byParameter = await app.inject('/api/pointing_history?format=csv');
  assert.equal(byParameter.body, text);
  assert.match(String(byParameter.headers['content-type']), /^text\/csv/);
  const byAccept = await app.inject({ url: '/pointing_history', headers: { accept: 'text/csv' } });
  assert.equal(byAccept.body, text);
  const overruled = await app.inject({
    url: '/pointing_history?format=json',
    headers: { accept: 'text/csv' },
  });
  assert.equal(overruled.json().items.length, 2);
});

test(
  'columns by name and in the order asked for, the same in JSON, CSV, VOTable and the command',
  needs('stilts'),
  async (t) => {
    const place = workspace(t);
    await storeObservations(
      place.productsDb,
      [0, 1, 2].map((i) => ({ mjd: 60949 + i / 24, decDeg: 54.57, haDeg: i })),
    );
    fillHistory(place.productsDb, rowsFrom(60950, 1, 16.24));
    const names = historyColumns().map(({ name }) => name);
    const app = await serverOf(t, place);
    const ask = (columns: string, format: string, rest = '') =>
      app.inject(`/api/pointing_history?columns=${columns}&format=${format}${rest}`);

    const { stdout } = await cli(['history', place.productsDb, '--json', '--columns', names.join()]);
    const printed = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(printed.length, 4);
    const { items } = (await ask(names.join(), 'json')).json();
    assert.deepEqual(items, printed);
    assert.deepEqual(Object.keys(items[0]), names);
    assert.equal(items[0].path, '/in/2025-09-30T23:57:25_sb00.hdf5');
    assert.equal(items[0].quality, 'even');
    assert.equal(items[1].ha_deg, 1);
    assert.deepEqual([items[3].path, items[3].quality], [null, null]);

    const csv = await ask('path,ha_deg', 'csv', '&limit=2');
    const lines = items.slice(0, 2).map(({ path, ha_deg }: (typeof items)[0]) => `${path},${ha_deg}\r\n`);
    assert.equal(csv.body, `path,ha_deg\r\n${lines.join('')}`);
    assert.match(String(csv.headers.link), /columns=path%2Cha_deg&.*start_mjd=.*rel="next"/);

    const file = join(place.path, 'history.vot');
    const votable = await ask(names.join(), 'votable');
    assert.equal(votable.headers['content-type'], 'application/x-votable+xml');
    writeFileSync(file, votable.body);
    const table = execFileSync('stilts', ['tpipe', `in=${file}`, 'omode=out', 'ofmt=csv'], {
      encoding: 'utf8',
    });
    const [heading, first] = table.split('\n');
    assert.equal(heading, names.join());
    assert.equal(first?.split(',').at(-1), items[0].path);
    const byAccept = await app.inject({
      url: '/api/pointing_history',
      headers: { accept: 'application/x-votable+xml' },
    });
    assert.match(byAccept.body, /<FIELD ID="dec_deg"/);
  },
);

test('an unknown column or format names those that exist', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rows.slice(0, 2));
  const app = await serverOf(t, place);
  const message = async (query: string) =>
    (await app.inject(`/api/pointing_history?${query}`)).json().error.message;
  assert.equal(await message('format=xml'), 'format: must be one of json, csv, votable');
  assert.match(
    await message('columns=timestamp,alt'),
    /^columns: no column "alt"; the columns are timestamp, .*path$/,
  );
  const { code, stderr } = await cli(['history', place.productsDb, '--columns', 'alt']);
  assert.equal(code, 2);
  assert.match(stderr, /--columns: no column "alt"; the columns are timestamp, /);
});

test('more rows than one page, joined without a gap or a repetition', async (t) => {
  const place = workspace(t);
  const many = rowsFrom(60000, 12_345, 16.24);
  fillHistory(place.productsDb, many);
  const app = await serverOf(t, place);
  assert.deepEqual((await app.inject('/api/pointing_history')).json().items, many);
  assert.deepEqual(
    (await app.inject('/api/pointing_history?limit=10000')).json().items,
    many.slice(0, 10_000),
  );
});

test('rows that another program left without a position are not given', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rows.slice(0, 3));
  const database = new Database(place.productsDb);
  database.exec('INSERT INTO pointing_history VALUES (60990, NULL, 1), (60991, 1, NULL)');
  database.close();
  const app = await serverOf(t, place);
  assert.deepEqual((await app.inject('/api/pointing_history')).json().items, rows.slice(0, 3));
  assert.equal((await app.inject('/api/pointing/latest')).json().observation.timestamp, rows[2]?.timestamp);
});

test('an unchanged history is not sent again, a changed one is', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rows);
  const app = await serverOf(t, place);
  const first = await app.inject('/api/pointing_history');
  const again = () =>
    app.inject({ url: '/api/pointing_history', headers: { 'if-none-match': String(first.headers.etag) } });
  const same = await again();
  assert.equal(same.statusCode, 304);
  assert.equal(same.body, '');
  assert.equal(same.headers.vary, first.headers.vary);
  const tag = String(first.headers.etag);
  for (const [field, status] of [
    [`"other", ${tag}`, 304],
    [tag.replace('W/', ''), 304],
    ['*', 304],
    ['"other"', 200],
  ] as const) {
    const answer = await app.inject({ url: '/api/pointing_history', headers: { 'if-none-match': field } });
    assert.equal(answer.statusCode, status, field);
  }
  fillHistory(place.productsDb, rowsFrom(60960, 1, 1));
  const changed = await again();
  assert.equal(changed.statusCode, 200);
  assert.equal(changed.json().items.length, rows.length + 1);
});

test('columns of the file are sent again when the file has changed', async (t) => {
  const place = workspace(t);
  await storeObservations(place.productsDb, [{ mjd: 60952.5, decDeg: 54.57, path: '/in/b_sb00.hdf5' }]);
  const app = await serverOf(t, place);
  const url = '/api/pointing_history?columns=timestamp,path';
  const { headers } = await app.inject(url);
  const again = () => app.inject({ url, headers: { 'if-none-match': String(headers.etag) } });
  assert.equal((await again()).statusCode, 304);
  await storeObservations(place.productsDb, [{ mjd: 60952.5, decDeg: 54.57, path: '/in/a_sb00.hdf5' }]);
  assert.equal((await again()).json().items[0].path, '/in/a_sb00.hdf5');
});

test('a VOTable that was cut reports it', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(60950, 3, 54.57));
  const app = await serverOf(t, place);
  const ask = async (query: string) =>
    (await app.inject(`/api/pointing_history?format=votable&${query}`)).body.match(
      /QUERY_STATUS" value="\w+/g,
    );
  const status = (word: string) => `QUERY_STATUS" value="${word}`;
  assert.deepEqual(await ask('limit=2'), [status('OK'), status('OVERFLOW')]);
  assert.deepEqual(await ask('limit=3'), [status('OK')]);
  assert.deepEqual(await ask('all=true'), [status('OK')]);
});
