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

for (const [costs, ms] of [
  ['little', 0],
  ['much', 40],
] as const) {
  test(`an error that costs ${costs} is not kept`, async () => {
    let asked = 0;
    const rested = new Rested(async () => {
      await sleep(ms);
      if (++asked === 1) throw new Error('gone');
      return asked;
    });
    await assert.rejects(rested.get(), /gone/);
    assert.equal(await rested.get(), 2);
  });
}

test('what costs little is asked for each time', async () => {
  let asked = 0;
  const cheap = new Rested(async () => ++asked);
  assert.equal(await cheap.get(), 1);
  assert.equal(await cheap.get(), 2);
});
