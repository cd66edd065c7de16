import assert from 'node:assert/strict';
import { test } from 'node:test';
import { astrometry } from '#src/native/astrometry.js';
import { dsa110 } from '#src/sky/site.js';
import { mjdUtc, SECONDS_PER_DAY, wrap180 } from '#src/units.js';
import { SIDEREAL_DEG_PER_SECOND } from '#web/data/exposure.js';
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

test('sidereal time is known to half a second within a year of one that was told, and to 3 s within ten', () => {
  // By the addon, which is tested against astropy.
  const exactDeg = (mjd: number) => astrometry().apparentSiderealTimeDeg(mjdUtc(mjd), dsa110.longitudeDeg);
  const wrongSeconds = (toldMjd: number, days: number) => {
    const turnedDeg = days * SECONDS_PER_DAY * SIDEREAL_DEG_PER_SECOND;
    return Math.abs(wrap180(exactDeg(toldMjd) - turnedDeg - exactDeg(toldMjd - days))) * 240;
  };
  const told = Array.from({ length: 25 }, (_, i) => 58_849 + i * 100);
  const worstWithin = (years: number) =>
    Math.max(
      ...told.flatMap((mjd) => Array.from({ length: 25 * years }, (_, i) => wrongSeconds(mjd, i * 14.6))),
    );
  assert.ok(worstWithin(1) < 0.5, `${worstWithin(1)} s`);
  assert.ok(worstWithin(10) < 3, `${worstWithin(10)} s`);
});
