import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inDateRange, nameStamp } from '#src/files.js';
import { unixSeconds } from '#src/units.js';

test('the stamp in a name is UTC', () => {
  assert.equal(
    nameStamp('/data/incoming/2025-10-04T15:12:13_sb00.hdf5'),
    Date.UTC(2025, 9, 4, 15, 12, 13) / 1000,
  );
  assert.equal(nameStamp('zen.2457698.40355191.xx.HH.uvh5'), undefined);
  assert.equal(nameStamp('2025-13-04T15:12:13_sb00.hdf5'), undefined);
});

const unix = (time: string) => unixSeconds(Date.parse(time) / 1000);
const range = { start: unix('2025-10-04T00:00:00Z'), end: unix('2025-10-06T00:00:00Z') };

test('the end of a range is the first second after it', () => {
  const inside = (name: string) => inDateRange(name, range);
  assert.equal(inside('2025-10-03T23:59:59_sb00.hdf5'), false);
  assert.equal(inside('2025-10-04T00:00:00_sb00.hdf5'), true);
  assert.equal(inside('2025-10-05T23:59:59_sb00.hdf5'), true);
  assert.equal(inside('2025-10-06T00:00:00_sb00.hdf5'), false);
});

test('a name without a stamp is read only when no dates are asked for', () => {
  assert.equal(inDateRange('zen.uvh5', {}), true);
  assert.equal(inDateRange('zen.uvh5', { start: range.start }), false);
  assert.equal(inDateRange('zen.uvh5', { end: range.end }), false);
});
