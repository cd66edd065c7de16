import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { queryObjects } from 'node:v8';
import { MessagePort } from 'node:worker_threads';
import { fillHistory, rowsFrom, Server, serverOf } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const FIRST_MJD = 60_000;
const ROWS = 100_000;
/** More than are taken on at once. */
const QUESTIONS = 40;

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

test('what is wrong with a heavy question is told as ever', async (t) => {
  const app = await serverOf(t, workspace(t));
  const said = async (url: string) => {
    const { statusCode, body } = await app.inject(url);
    return [statusCode, JSON.parse(body).error.code];
  };
  assert.deepEqual(await said('/api/pointing/observed?ra=1'), [400, 'bad_parameter']);
  assert.deepEqual(await said('/api/pointing/search?q=nothing'), [404, 'not_found']);
  assert.deepEqual(await said('/api/pointing_history?columns=colour'), [400, 'bad_parameter']);
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
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD, ROWS, 54.57));
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
