import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodes } from '#src/errors.js';
import { headers } from '#src/native/headers.js';

test('TypeScript has the codes of C++ in the same places, and after them the one for what the database refuses', () => {
  assert.deepEqual([...headers().errorCodes, 'not_stored'], [...errorCodes]);
});
