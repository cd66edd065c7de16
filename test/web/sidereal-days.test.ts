import assert from 'node:assert/strict';
import { test } from 'node:test';
import { siderealDaysOf } from '#web/data/sidereal-days.js';

/** 6 h at the beginning of day 60000, and as much faster than UTC as a sidereal clock. */
const lstDegAt = (mjd: number) => 90 + (mjd - 60_000) * 360.98564;
const near = (a: number, b: number) => Math.abs(a - b) < 1e-3;

test('a time is cut at midnight, and where LST begins again', () => {
  const found = siderealDaysOf(60_000.5, 60_002.25, lstDegAt);
  const expected = [
    [60_000, 18.0329, 24],
    [60_000, 0, 6.0657],
    [60_001, 6.0657, 24],
    [60_001, 0, 6.1314],
    [60_002, 6.1314, 12.1479],
  ] as const;
  assert.equal(found.length, expected.length, JSON.stringify(found));
  for (const [i, [day, from, to]] of expected.entries()) {
    const { dayMjd, fromHours, toHours } = found[i] as (typeof found)[number];
    assert.ok(dayMjd === day && near(fromHours, from) && near(toHours, to), JSON.stringify(found[i]));
  }
});
