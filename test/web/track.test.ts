import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dwellsOf } from '#web/data/dwells.js';
import { CADENCE_SECONDS, knowInstrument } from '#web/data/instrument.js';
import { Track } from '#web/data/track.js';

const DAY = 86_400;

/** Observations of the first 30 at one declination, then at another, of which these are sent. */
function thinned(sent: readonly number[], stride: number): Track {
  const rows = sent.flatMap((i) => [60_000 + (i * CADENCE_SECONDS) / DAY, 0, i < 30 ? 10 : 20, 0, 0]);
  return new Track(Float64Array.from(rows), 60, stride);
}

test('a row of a thinned track stands for those up to the next, and for itself around a move', () => {
  const track = thinned([0, 10, 20, 29, 30, 40, 50, 59], 10);
  assert.equal(track.observationsIn(0, track.count), 60);
  assert.deepEqual(
    dwellsOf(track).map(({ observations }) => observations),
    [30, 30],
  );
});

test('rows that come live count as one each', () => {
  const track = thinned([0, 10, 20, 29, 30, 40, 50, 59], 10);
  for (const i of [60, 61, 62]) {
    const timestamp = 60_000 + (i * CADENCE_SECONDS) / DAY;
    track.add({ timestamp, ra_deg: 0, dec_deg: 20, ra_icrs_deg: 0, dec_icrs_deg: 0 } as never);
  }
  assert.deepEqual([track.observations, track.observationsIn(4, track.count)], [63, 33]);
});

test('rows outside a span are left out, and not counted', () => {
  const whole = thinned([0, 10, 20, 29, 30, 40, 50, 59], 10);
  const track = whole.kept({ start: whole.mjd(1), end: whole.mjd(6) });
  assert.deepEqual([track.count, track.observations, track.decDeg(0), track.decDeg(5)], [6, 49, 10, 20]);
  const timestamp = 60_001;
  assert.ok(track.add({ timestamp, ra_deg: 0, dec_deg: 30, ra_icrs_deg: 0, dec_icrs_deg: 0 } as never));
  assert.deepEqual([track.mjd(6), track.decDeg(6)], [timestamp, 30]);
});

test('a row keeps its index for those who hold the track while others take a part of it', () => {
  const whole = thinned([0, 1, 2, 3], 1);
  const times = [0, 1, 2, 3].map(whole.mjd);
  assert.equal(whole.kept({ start: whole.mjd(0), end: Number.POSITIVE_INFINITY }), whole);
  const part = whole.kept({ start: whole.mjd(1), end: Number.POSITIVE_INFINITY });
  part.add({ timestamp: 60_001, ra_deg: 0, dec_deg: 30, ra_icrs_deg: 0, dec_icrs_deg: 0 } as never);
  assert.deepEqual([0, 1, 2, 3].map(whole.mjd), times);
  assert.deepEqual([whole.count, part.count, part.mjd(0)], [4, 4, times[1]]);
});

test('files shorter than the time between them make one dwell, also of a thinned track', () => {
  knowInstrument({
    typical_observation_seconds: 60,
    observation_seconds: 60,
    cadence_seconds: 600,
    beam_fwhm_deg: 2.7,
  } as never);
  const track = thinned([0, 5, 10, 15, 20, 25, 29, 30, 35, 40, 45, 50, 55, 59], 5);
  assert.deepEqual(
    dwellsOf(track).map(({ decDeg, observations }) => [decDeg, observations]),
    [
      [10, 30],
      [20, 30],
    ],
  );
});
