import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateRange } from '#src/cli/config.js';
import { UsageError } from '#src/errors.js';
import { inDateRange, nameStamp } from '#src/files.js';

test('the stamp in a name is UTC', () => {
  assert.equal(
    nameStamp('/data/incoming/2025-10-04T15:12:13_sb00.hdf5'),
    Date.UTC(2025, 9, 4, 15, 12, 13) / 1000,
  );
  assert.equal(nameStamp('zen.2457698.40355191.xx.HH.uvh5'), undefined);
  assert.equal(nameStamp('2025-13-04T15:12:13_sb00.hdf5'), undefined);
});

test('both ends of a date range belong to it', () => {
  const range = dateRange('2025-10-04', '2025-10-05');
  const inside = (name: string) => inDateRange(name, range);
  assert.equal(inside('2025-10-03T23:59:59_sb00.hdf5'), false);
  assert.equal(inside('2025-10-04T00:00:00_sb00.hdf5'), true);
  assert.equal(inside('2025-10-05T23:59:59_sb00.hdf5'), true);
  assert.equal(inside('2025-10-06T00:00:00_sb00.hdf5'), false);
});

test('a name without a stamp is read only when no dates are asked for', () => {
  assert.equal(inDateRange('zen.uvh5', dateRange(undefined, undefined)), true);
  assert.equal(inDateRange('zen.uvh5', dateRange('2025-10-04', undefined)), false);
  assert.equal(inDateRange('zen.uvh5', dateRange(undefined, '2025-10-04')), false);
});

test('a date that is none is refused by name', () => {
  for (const date of ['2025-02-30', '2025-2-3', 'yesterday', '2025-10-04T00:00:00']) {
    assert.throws(
      () => dateRange(date, undefined),
      (error) => error instanceof UsageError && error.message.includes(date),
    );
  }
  assert.throws(() => dateRange('2025-10-05', '2025-10-04'), /after/);
});
