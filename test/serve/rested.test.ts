import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rested } from '#src/serve/rested.js';

test('what costs much is asked for once, and stands for as long as it may rest', async () => {
  let asked = 0;
  const dear = new Rested(async () => {
    await sleep(40);
    return ++asked;
  });
  assert.deepEqual(await Promise.all([dear.get(), dear.get()]), [1, 1]);
  assert.equal(await dear.get(), 1);
});

test('what costs little is asked for each time, and an error is not kept', async () => {
  let asked = 0;
  const cheap = new Rested(async () => {
    if (++asked === 2) throw new Error('gone');
    return asked;
  });
  assert.equal(await cheap.get(), 1);
  await assert.rejects(cheap.get(), /gone/);
  assert.equal(await cheap.get(), 3);
});
