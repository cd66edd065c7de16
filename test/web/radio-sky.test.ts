import assert from 'node:assert/strict';
import { test } from 'node:test';
import { geoArea, geoContains } from 'd3-geo';
import { toGalactic } from '#web/data/galactic.js';
import { brighterThan, brightness } from '#web/data/radio-sky.js';

/** Integrated by numpy in steps of 1 pc: galactic longitude and latitude, and the brightness relative to the poles. */
const KNOWN = [
  [0, 0, 46.55],
  [0, 10, 12.49],
  [0, 30, 2.6],
  [30, 5, 17.57],
  [60, 20, 3.31],
  [90, 0, 9.62],
  [120, 30, 1.75],
  [180, 0, 5.0],
  [180, 60, 1.07],
  [77, 90, 1.0],
] as const;

test('the brightness agrees with another integration', () => {
  for (const [lDeg, bDeg, expected] of KNOWN) {
    const found = brightness(lDeg, bDeg);
    assert.ok(Math.abs(found / expected - 1) < 0.01, `${found} at ${lDeg}, ${bDeg}: expected ${expected}`);
  }
});

test('it is brightest towards the galactic centre, falls with latitude and longitude, and is symmetric', () => {
  const latitudes = Array.from({ length: 19 }, (_, i) => i * 5);
  const longitudes = Array.from({ length: 37 }, (_, i) => i * 5);
  for (const l of longitudes)
    for (const b of latitudes) {
      const here = brightness(l, b);
      // Towards a pole all longitudes are nearly one direction.
      if (b < 75) assert.ok(brightness(l, b + 5) < here, `${l}, ${b}`);
      if (l < 180 && b < 75) assert.ok(brightness(l + 5, b) < here, `${l}, ${b}`);
      for (const [otherL, otherB] of [
        [-l, b],
        [l, -b],
        [360 - l, -b],
      ] as const)
        assert.ok(Math.abs(brightness(otherL, otherB) / here - 1) < 1e-9);
    }
});

test('a contour encloses what is brighter, in ICRS', () => {
  let largerArea = 4 * Math.PI;
  for (const level of [2, 4, 8, 16]) {
    const contour = brighterThan(level);
    // Sgr A*, ICRS.
    assert.ok(geoContains(contour as never, [266.4168, -29.0078]));
    for (let l = -175; l < 180; l += 10)
      for (let b = -85; b < 90; b += 10) {
        const share = brightness(l, b) / level;
        if (Math.abs(share - 1) > 0.15)
          assert.equal(
            geoContains(contour as never, toGalactic.invert([l, b])),
            share > 1,
            `${level} at ${l}, ${b}`,
          );
      }
    const area = geoArea(contour as never);
    assert.ok(area < largerArea, `${level}: ${area}`);
    largerArea = area;
  }
});
