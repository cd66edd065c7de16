import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodes } from '#src/errors.js';
import { headers } from '#src/native/headers.js';

test('TypeScript and C++ have the same error catalogue', () => {
  assert.deepEqual([...headers().errorCodes], [...errorCodes]);
});
