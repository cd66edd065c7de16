import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earthOrientation } from '#src/native/astrometry.js';
import { nowMjdUtc } from '#src/units.js';

/** Time for a release before monitors begin to warn. */
const DAYS = 60;

test('the IERS table lasts for two months more', () => {
  const left = Math.floor(earthOrientation().lastMjdUtc - nowMjdUtc());
  assert.ok(
    left >= DAYS,
    `the IERS table ends in ${left} days: refresh vendor/iers, as its README.md explains`,
  );
});
