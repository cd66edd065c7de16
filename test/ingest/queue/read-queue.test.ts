import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ReadQueue } from '#src/ingest/queue/read-queue.js';
import { waitFor } from '../../helpers/wait.js';

function arrivals(capacity = { eventCapacity: 100, scanCapacity: 3 }) {
  const calls = { ready: 0 };
  const queue = new ReadQueue(capacity, () => {
    calls.ready++;
  });
  const paths = () => queue.take(100).map(({ path }) => path);
  return { queue, calls, paths };
}

test('a file is there once however often it is reported, and events go first', () => {
  const { queue, paths } = arrivals();
  queue.offer('/scanned', 'scan');
  queue.offer('/new', 'event');
  queue.offer('/new', 'scan');
  queue.offer('/new', 'event');
  assert.deepEqual(paths(), ['/new', '/scanned']);
  assert.deepEqual(paths(), []);
  assert.equal(queue.size, 2);
  queue.done('/new');
  queue.done('/scanned');
  assert.equal(queue.size, 0);
});

test('a file that changed while it was read is read again', async () => {
  const { queue, paths } = arrivals();
  queue.offer('/a', 'event');
  assert.deepEqual(paths(), ['/a']);
  queue.offer('/a', 'event', 'updated');
  queue.done('/a');
  assert.equal(queue.has('/a'), true);
  await waitFor('the second look', () => queue.take(1)[0]?.path === '/a', 5);
});

test('retries come when they are due, with the number of attempts so far', async (t) => {
  const { queue } = arrivals();
  t.after(() => queue.close());
  queue.offer('/a', 'event');
  queue.offer('/b', 'event');
  queue.take(2);
  queue.retry('/a', 1000);
  queue.retry('/b', 0.05);
  assert.equal(queue.waiting, 2);
  assert.deepEqual(queue.take(2), []);
  const first = await waitFor('the first retry', () => queue.take(1)[0], 5);
  assert.deepEqual([first.path, first.attempts], ['/b', 2]);
  queue.retry('/b', 0.05);
  const second = await waitFor('the second retry', () => queue.take(1)[0], 5);
  assert.deepEqual([second.path, second.attempts], ['/b', 3]);
  assert.equal(queue.waiting, 1);
});

test('an event for a file that waits brings its retry forward', async () => {
  const { queue } = arrivals();
  queue.offer('/a', 'event');
  queue.take(1);
  queue.retry('/a', 1000);
  queue.offer('/a', 'event', 'updated');
  await waitFor('the retry', () => queue.take(1)[0], 5);
});

test('events beyond the capacity are counted and left to the scan', () => {
  const { queue } = arrivals({ eventCapacity: 2, scanCapacity: 3 });
  assert.equal(queue.offer('/1', 'event'), true);
  assert.equal(queue.offer('/2', 'event'), true);
  assert.equal(queue.offer('/3', 'event'), false);
  assert.equal(queue.overflowed, 1);
});

test('a scan waits for room, and goes on once there is some', async () => {
  const { queue, paths } = arrivals();
  for (const path of ['/1', '/2', '/3']) queue.offer(path, 'scan');
  let resumed = false;
  const room = queue.roomForScan().then(() => {
    resumed = true;
  });
  await setImmediate();
  assert.equal(resumed, false);
  paths();
  await room;
});

test('closing lets a waiting scan go', async () => {
  const { queue } = arrivals();
  for (const path of ['/1', '/2', '/3']) queue.offer(path, 'scan');
  const room = queue.roomForScan();
  queue.close();
  await room;
});

test('a file that has failed is tried as one that nobody waits for', () => {
  const { queue } = arrivals();
  queue.offer('/failed', 'scan', 'created', { hasFailed: true });
  queue.offer('/new', 'scan');
  const [failed, fresh] = queue.take(2);
  assert.equal(failed?.firstTriedAt, Number.NEGATIVE_INFINITY);
  assert.ok(Number.isFinite(fresh?.firstTriedAt));
});

test('files that wait to be retried are hastened; those being read, done or unknown are not', (t) => {
  const { queue, paths } = arrivals();
  t.after(() => queue.close());
  for (const path of ['/a', '/b', '/c', '/d']) queue.offer(path, 'event');
  paths();
  queue.retry('/a', 3600);
  queue.retry('/b', 3600);
  queue.done('/c');
  queue.hasten(['/a', '/c', '/d', '/e']);
  assert.deepEqual(paths(), ['/a']);
  assert.equal(queue.waiting, 1);
});
