import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { queryObjects } from 'node:v8';
import { MessageChannel, MessagePort } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { Busy } from '#src/serve/errors.js';
import { Pieces } from '#src/serve/heavy/heavy-routes.js';
import { openThread } from '#src/serve/thread.js';
import { fillHistory, rowsFrom, Server, serverOf } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const FIRST_MJD = 60_000;
const ROWS = 100_000;
/** More than one address can have. */
const QUESTIONS = 250;

/** Of what follows the command's name in proc_pid_stat(5), which itself can hold blanks. */
const NICE = 16;
const statOf = (path: string) => readFileSync(path, 'utf8').replace(/.*\) /s, '').split(' ');

test('while heavy questions are answered, health is; beyond a number they are put off', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD, ROWS, 54.57));
  const url = await new Server(t, place).url();
  let pending = QUESTIONS;
  const heavy = Array.from({ length: QUESTIONS }, async (_, i) => {
    const answer = await fetch(`${url}api/pointing/observed?ra=${i}&dec=54`);
    await answer.arrayBuffer();
    pending--;
    return answer;
  });
  await Promise.race(heavy);
  const health = await fetch(`${url}healthz`);
  assert.equal(health.status, 503, 'nothing has written a status');
  assert.ok(pending > 0, 'answered before the heavy questions');
  const answers = await Promise.all(heavy);
  const statuses = answers.map(({ status }) => status);
  assert.deepEqual([...new Set(statuses)].sort(), [200, 503]);
  for (const { headers } of answers.filter(({ status }) => status === 503))
    assert.ok(Number(headers.get('retry-after')) > 0);
});

test('threads for heavy questions leave a busy processor to the main thread', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD, 200, 54.57));
  const server = new Server(t, place);
  const url = await server.url();
  for (const path of ['coverage', 'observed?ra=1&dec=54'])
    assert.equal((await fetch(`${url}api/pointing/${path}`)).status, 200);
  const tasks = `/proc/${server.process.pid}/task`;
  const nice = readdirSync(tasks).map((id) => Number(statOf(`${tasks}/${id}/stat`)[NICE]));
  const own = Number(statOf(`${tasks}/${server.process.pid}/stat`)[NICE]);
  assert.equal(nice.filter((each) => each > own).length, 2);
});

test('answers to probes do not wait for the compression of long ones', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD, 200, 54.57));
  const app = await serverOf(t, place);
  const encoding = async (url: string) => {
    const { headers } = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    return headers['content-encoding'];
  };
  for (const path of ['/metrics', '/healthz', '/api/pointing-monitor/status', '/pointing-monitor/status'])
    assert.equal(await encoding(path), undefined, path);
  assert.equal(await encoding('/api/pointing_history'), 'gzip');
});

test('an answer that several share is compressed for those who take that, and is the same', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD, 2000, 54.57));
  const app = await serverOf(t, place);
  const url = '/api/pointing/track?max_points=1000';
  const ask = async (encoding: string) => {
    const { headers, rawPayload } = await app.inject({ url, headers: { 'accept-encoding': encoding } });
    const isCompressed = headers['content-encoding'] === 'gzip';
    assert.equal(headers['content-length'], String(rawPayload.length));
    assert.equal(/accept-encoding/.test(String(headers.vary)), isCompressed);
    return { isCompressed, body: isCompressed ? gunzipSync(rawPayload) : rawPayload };
  };
  const asked = [
    'identity',
    'br',
    'gzip;q=0',
    'gzip; q=0.0, br',
    'gzip',
    'gzip, deflate, br',
    'br;q=1, GZIP;q=0.5',
  ];
  const answers = await Promise.all(asked.map(ask));
  assert.deepEqual(
    answers.map(({ isCompressed }) => isCompressed),
    [false, false, false, false, true, true, true],
  );
  for (const { body } of answers) assert.deepEqual(body, answers[0]?.body);
});

test('what is wrong with a heavy question is told as ever', async (t) => {
  const app = await serverOf(t, workspace(t));
  const said = async (url: string) => {
    const { statusCode, body } = await app.inject(url);
    return [statusCode, JSON.parse(body).error.code];
  };
  assert.deepEqual(await said('/api/pointing/observed?ra=1'), [400, 'bad_parameter']);
  assert.deepEqual(await said('/api/pointing/search?q=nothing'), [404, 'not_found']);
  for (const columns of ['colour', 'ra_deg,ra_deg'])
    assert.deepEqual(await said(`/api/pointing_history?columns=${columns}`), [400, 'bad_parameter']);
});

test('a heavy question that is refused leaves nothing behind', async (t) => {
  const app = await serverOf(t, workspace(t));
  const channels = () => Number(queryObjects(MessagePort));
  const refused = () => app.inject('/api/pointing/observed?ra=1');
  await refused();
  const before = channels();
  for (let i = 0; i < 100; i++) await refused();
  // Both threads end a channel when they come to it.
  await waitFor('the end of all channels', () => channels() - before < 50, 20);
});

test('a download that the server’s stop cuts short does not look whole', async (t) => {
  const place = workspace(t);
  // More than the kernel keeps for a client that does not read.
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD - 2000, 8 * ROWS, 54.57));
  const server = new Server(t, place);
  const url = await server.url();
  const downloads = ['api/pointing_history?format=csv', 'api/pointing/track'].map(async (path) => {
    const answer = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    return reader;
  });
  const readers = await Promise.all(downloads);
  server.process.kill('SIGTERM');
  assert.equal((await server.finished).code, 0);
  for (const reader of readers) {
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    }, /terminated/);
  }
});

/** What a process has had of the processors. */
function processorSeconds({ pid }: ChildProcess): number {
  const [user, system] = statOf(`/proc/${pid}/stat`).slice(11, 13).map(Number);
  return ((user as number) + (system as number)) / 100;
}

test('a search ends when its client leaves, also where it finds nothing', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD, 3 * ROWS, 54.57));
  const server = new Server(t, place);
  const url = await server.url();
  const seconds = () => processorSeconds(server.process);
  // So far from all rows that each has to be looked at.
  const search = `${url}vo/cone?RA=0&DEC=-89&SR=11`;
  await (await fetch(search)).text();
  const before = seconds();
  assert.doesNotMatch(await (await fetch(search)).text(), /<TR>/);
  const whole = seconds() - before;
  for (let i = 0; i < 10; i++) {
    const leaving = new AbortController();
    await fetch(search, { signal: leaving.signal });
    leaving.abort();
  }
  await (await fetch(search)).text();
  const spent = seconds() - before - whole;
  assert.ok(spent < 9 * whole, `${spent} s for ten that left and one that stayed, which takes ${whole} s`);
});

test('sums over the history end when their clients leave', async (t) => {
  const place = workspace(t);
  // Rows of the future would be left out.
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD - 2000, 8 * ROWS, 54.57));
  const server = new Server(t, place);
  const url = new URL(await server.url());
  const seconds = () => processorSeconds(server.process);
  const path = (i: number) => `/api/pointing/coverage?ra_bin_deg=${0.1 + i / 1000}`;
  const sum = async (i: number) => {
    const answer = await fetch(new URL(path(i), url));
    assert.equal(answer.status, 200);
    await answer.text();
  };
  // The first take longer.
  for (let i = 0; i < 5; i++) await sum(i);
  const before = seconds();
  for (let i = 5; i < 15; i++) await sum(i);
  const whole = (seconds() - before) / 10;
  const begun = seconds();
  // With the one that stays as many as are taken on at once. After the first answers the others wait for the thread.
  let answers = 0;
  const leaving = Array.from({ length: 15 }, (_, i) => {
    const client = connect(Number(url.port), url.hostname);
    client.write(`GET ${path(20 + i)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    client.once('data', () => {
      if (++answers === 3) for (const each of leaving) each.destroy();
    });
    return client;
  });
  await Promise.all(leaving.map((client) => once(client, 'close')));
  await sum(100);
  const spent = seconds() - begun;
  assert.ok(spent < 9 * whole, `${spent} s for 15 that left and one that stayed, which takes ${whole} s`);
});

test('a track that has begun is sent whole, whatever others ask', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD, 3 * ROWS, 54.57));
  const url = await new Server(t, place).url();
  const answer = await fetch(`${url}api/pointing/track`, { headers: { 'accept-encoding': 'identity' } });
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  let bytes = (await reader.read()).value?.length ?? 0;
  const others = Array.from({ length: QUESTIONS }, (_, i) =>
    fetch(`${url}api/pointing/coverage?start_mjd=${FIRST_MJD + i}`).then((other) => other.text()),
  );
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) bytes += piece.value.length;
  assert.equal(bytes, 3 * ROWS * 40);
  await Promise.all(others);
});

test('an answer whose thread has ended is an error, also after the last piece that came', async () => {
  const { port1, port2 } = new MessageChannel();
  port2.once('message', () => port2.postMessage({ value: 'first', done: false }));
  const pieces = new Pieces(port1);
  await once(port1, 'message');
  port2.close();
  await once(port1, 'close');
  assert.deepEqual(await pieces.next(), { value: 'first', done: false });
  await assert.rejects(pieces.next(), Busy);
});

test('a thread that ends between tasks is reported, and the next task starts another', async (t) => {
  const { path } = workspace(t);
  const worker = join(path, 'worker.mjs');
  writeFileSync(
    worker,
    `export default ({ fails }) => {
      if (fails) setTimeout(() => { throw new Error('lost'); }, 10);
      return 'answered';
    };`,
  );
  const errors: Error[] = [];
  const thread = openThread<{ fails: boolean }, string>(worker, {}, 1, (error) => errors.push(error));
  t.after(() => thread.destroy());
  assert.equal(await thread.run({ fails: true }), 'answered');
  await waitFor('the report', () => errors.some(({ message }) => message === 'lost'));
  assert.equal(await thread.run({ fails: false }), 'answered');
});
