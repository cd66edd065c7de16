import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodes } from '#src/errors.js';
import { addon } from '#src/native/addon.js';

test('TypeScript and C++ have the same error catalogue', () => {
  assert.deepEqual([...addon.errorCodes], [...errorCodes]);
});
