import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mailbox } from '#src/serve/mailbox.js';

const MAX_BYTES = 64 * 1024;
const KILOBYTE = 1024;

/** A text of a kilobyte that tells which it is. */
const numbered = (i: number) => String(i).padStart(KILOBYTE, '.');

/** A mailbox, and how often it has said that it ended. */
function watched() {
  const mailbox = new Mailbox();
  const ends = { count: 0 };
  mailbox.onEnd(() => ends.count++);
  return { mailbox, ends };
}

test('what fits is read whole and in order, however much it comes to', async () => {
  const { mailbox, ends } = watched();
  const read: string[] = [];
  for (let i = 0; i < 64; i++) mailbox.put(numbered(i));
  // As much again as was read has room, three times over.
  for (let i = 64; i < 256; i++) {
    read.push((await mailbox.next()).value);
    mailbox.put(numbered(i));
  }
  for (let i = 0; i < 64; i++) read.push((await mailbox.next()).value);
  assert.deepEqual(
    read,
    Array.from({ length: 256 }, (_, i) => numbered(i)),
  );
  assert.equal(ends.count, 0);
});

test('a reader that is too far behind reads an end, and nothing is kept for it', async () => {
  const { mailbox, ends } = watched();
  mailbox.put('µ'.repeat(MAX_BYTES / 2));
  assert.equal(ends.count, 0);
  mailbox.put('y');
  assert.equal(ends.count, 1);
  mailbox.put('z');
  for (let i = 0; i < 2; i++) assert.deepEqual(await mailbox.next(), { done: true, value: undefined });
  assert.equal(ends.count, 1);
});

test('one who waits is told the next text, and the end', async () => {
  const { mailbox, ends } = watched();
  const text = mailbox.next();
  mailbox.put('first');
  assert.deepEqual(await text, { done: false, value: 'first' });
  const end = mailbox.next();
  mailbox.put('x'.repeat(MAX_BYTES + 1));
  assert.deepEqual(await end, { done: true, value: undefined });
  assert.equal(ends.count, 1);
});

test('a reader that leaves ends it, also for who asks to be told only then', async () => {
  const { mailbox, ends } = watched();
  const waiting = mailbox.next();
  await mailbox.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  assert.equal(ends.count, 1);
  mailbox.put('nobody reads it');
  assert.equal((await mailbox.next()).done, true);
  let told = 0;
  mailbox.onEnd(() => told++);
  assert.equal(told, 1);
});
