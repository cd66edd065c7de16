import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError, UsageError } from '#src/errors.js';
import { openedOnce } from '#src/serve/opened-once.js';

test('it is opened once for all, and again after it could not be', async () => {
  let tries = 0;
  const opened = openedOnce(async () => {
    tries++;
    if (tries === 1) throw new UsageError('the certificate cannot be read');
    return tries;
  });
  const both = await Promise.allSettled([opened(), opened()]);
  for (const each of both) {
    assert.ok(each.status === 'rejected' && each.reason instanceof StoreError);
    assert.equal(each.reason.message, 'the certificate cannot be read');
  }
  assert.deepEqual(await Promise.all([opened(), opened()]), [2, 2]);
  assert.equal(await opened(), 2);
});
