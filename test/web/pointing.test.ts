import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knowInstrument } from '#web/data/instrument.js';
import { predict } from '#web/data/pointing.js';

type Observation = NonNullable<Parameters<typeof predict>[0]>;
type Instrument = Parameters<typeof knowInstrument>[0];

const NOW = 61_000;
const SIDEREAL_DEG_PER_SECOND = (360 * 1.0027379) / 86_400;

/** Of a telescope whose files and beam are given, its newest file as old as given. */
function predicted(fileSeconds: number, ageSeconds: number, hourAngleDeg = 0) {
  knowInstrument({
    typical_observation_seconds: fileSeconds,
    observation_seconds: fileSeconds,
    cadence_seconds: fileSeconds,
    beam_fwhm_deg: 2.7,
  } as Instrument);
  const observation = {
    timestamp: NOW - ageSeconds / 86_400,
    ra_deg: 100,
    dec_deg: 60,
    ra_icrs_deg: null,
    dec_icrs_deg: null,
  } as Observation;
  return predict(observation, NOW, 100 + ageSeconds * SIDEREAL_DEG_PER_SECOND + hourAngleDeg, true);
}

test('the next of short files is overdue before the pointing is unknown', () => {
  assert.deepEqual(
    [20, 75, 120, 200].map((ageSeconds) => predicted(20, ageSeconds)?.state),
    ['on time', 'on time', 'overdue', 'unknown'],
  );
  assert.deepEqual(
    [300, 500, 600, 1000].map((ageSeconds) => predicted(309, ageSeconds)?.state),
    ['on time', 'on time', 'overdue', 'unknown'],
  );
});

test('a telescope is on the meridian while that passes through its beam', () => {
  // At this declination a degree of hour angle is half a degree on the sky.
  for (const [hourAngleDeg, isOn] of [
    [0, true],
    [2.6, true],
    [-2.6, true],
    [2.8, false],
    [359, true],
    [180, false],
  ] as const)
    assert.equal(predicted(309, 100, hourAngleDeg)?.isOnMeridian, isOn, String(hourAngleDeg));
});
