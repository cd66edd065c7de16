import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibratorsInBeam, directionOf } from '#src/sky/in-beam.js';
import { dsa110 } from '#src/sky/instrument.js';
import { degrees, mjdUtc } from '#src/units.js';
import { madeObservation } from '../helpers/observations.js';

/** 3C286 crosses the meridian then, at apparent declination 30.378 (astropy). */
const TRANSIT_MJD = 60952.854387429;
const MINUTE = 1 / 1440;
const meridian = { haDeg: degrees(0), decDeg: degrees(30.378) };
const names = (mjd: number, direction = meridian) =>
  calibratorsInBeam(direction, mjdUtc(mjd), dsa110).map(
    ({ calibrator }) => calibrator.altName || calibrator.name,
  );

test('a calibrator is in the beam while it is within half the width, and the strongest comes first', () => {
  const [first] = calibratorsInBeam(meridian, mjdUtc(TRANSIT_MJD - 2 * MINUTE), dsa110);
  assert.equal(first?.calibrator.altName, '3C286');
  assert.ok(Math.abs((first?.minutesToTransit ?? 0) - 2) < 0.01);
  // Two minutes are half a degree of hour angle, less by the cosine of the declination.
  assert.ok(Math.abs((first?.separationDeg ?? 0) - 0.50137 * Math.cos((30.378 * Math.PI) / 180)) < 0.001);
});

test('it is not there before and after, nor at another declination or hour angle', () => {
  // The beam's half width of 1.358 degrees takes 6.3 minutes at this declination.
  assert.ok(names(TRANSIT_MJD + 6 * MINUTE).includes('3C286'));
  assert.ok(!names(TRANSIT_MJD + 6.6 * MINUTE).includes('3C286'));
  assert.ok(!names(TRANSIT_MJD, { ...meridian, decDeg: degrees(32) }).includes('3C286'));
  assert.ok(!names(TRANSIT_MJD, { ...meridian, haDeg: degrees(3) }).includes('3C286'));
  assert.ok(names(TRANSIT_MJD + 12 * MINUTE, { ...meridian, haDeg: degrees(3) }).includes('3C286'));
});

test('it leaves the beam when the drift has taken it to half power', () => {
  // Minutes after the transit at which astropy's HADec has 3C286 1.35764 degrees from the direction.
  for (const [haDeg, decDeg, leavesMinutes] of [
    [0, 30.378, 6.27767],
    [3, 30.378, 18.24491],
    [0, 31.4, 4.15451],
    [-2, 29.5, -3.21118],
  ] as const) {
    const direction = { haDeg: degrees(haDeg), decDeg: degrees(decDeg) };
    const time = mjdUtc(TRANSIT_MJD + (leavesMinutes - 2) * MINUTE);
    const found = calibratorsInBeam(direction, time, dsa110).find(
      ({ calibrator }) => calibrator.altName === '3C286',
    );
    const minutes = ((found?.outMjdUtc as number) - TRANSIT_MJD) / MINUTE;
    assert.ok(Math.abs(minutes - leavesMinutes) < 0.001, `${minutes} ${leavesMinutes}`);
  }
});

test('what a wide beam around the pole has in it never leaves', () => {
  const pole = { haDeg: degrees(0), decDeg: degrees(90) };
  const found = calibratorsInBeam(pole, mjdUtc(TRANSIT_MJD), { ...dsa110, dishDiameterM: 1 }, 0);
  assert.ok(found.length > 0);
  assert.ok(found.every(({ outMjdUtc }) => outMjdUtc === undefined));
});

test('only sources of at least the flux density asked for are told', () => {
  const found = (minFluxJy: number) =>
    calibratorsInBeam(meridian, mjdUtc(TRANSIT_MJD), dsa110, minFluxJy).map(
      ({ calibrator }) => calibrator.altName,
    );
  assert.ok(found(0).includes('3C286'));
  assert.ok(found(10).includes('3C286'));
  assert.deepEqual(found(20), []);
});

test('the direction of a history row is its hour angle and declination', () => {
  for (const haDeg of [0, -30, 179, 5.25]) {
    const direction = directionOf(madeObservation({ mjd: 60952.1, decDeg: 54.57, haDeg }), dsa110);
    assert.ok(Math.abs(direction.haDeg - haDeg) < 1e-9);
    assert.equal(direction.decDeg, 54.57);
  }
});
