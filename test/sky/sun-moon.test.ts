import assert from 'node:assert/strict';
import { test } from 'node:test';
import { astrometry } from '#src/native/astrometry.js';
import { angularSeparationDeg } from '#src/sky/separation.js';
import { dsa110 } from '#src/sky/site.js';
import { degrees, mjdUtc } from '#src/units.js';
import { goldenTable } from '../helpers/golden.js';

const TOLERANCE_DEG = 0.01;

test('the Sun and the Moon stand where astropy sees them from the site, within 0.01 degrees', () => {
  for (const row of goldenTable('sun-moon.tsv')) {
    const found = astrometry().sunAndMoon(mjdUtc(Number(row.mjd)), dsa110)[row.body as 'sun' | 'moon'];
    const expected = [degrees(Number(row.ra_icrs_deg)), degrees(Number(row.dec_icrs_deg))] as const;
    const offDeg = angularSeparationDeg(found.raIcrsDeg, found.decIcrsDeg, ...expected);
    assert.ok(offDeg < TOLERANCE_DEG, `${row.body} at ${row.mjd}: ${offDeg} degrees off`);
    assert.ok(
      Math.abs(found.elevationDeg - Number(row.elevation_deg)) < TOLERANCE_DEG,
      `elevation, ${row.body}`,
    );
  }
});

test('a date outside the tables is refused', () => {
  assert.throws(() => astrometry().sunAndMoon(mjdUtc(1000), dsa110), RangeError);
});
