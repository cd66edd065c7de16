import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '#src/errors.js';
import { databaseLocation } from '#src/store/location.js';

test('what was meant as the URL of PostgreSQL is refused, and not shown', () => {
  const meant = ['"postgresql://u:hunter2@h/x"', "'postgres://u:hunter2@h/x", 'postgresql:/u:hunter2@h/x'];
  for (const given of meant) {
    assert.throws(
      () => databaseLocation(given),
      (error) => error instanceof UsageError && !error.message.includes('hunter2'),
    );
  }
  assert.equal(databaseLocation('postgres://u@h/x'), 'postgres://u@h/x');
  assert.equal(databaseLocation('/data/postgresql:/x'), '/data/postgresql:/x');
});
