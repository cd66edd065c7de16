import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passesOf } from '#web/data/passes.js';

type Sighting = Parameters<typeof passesOf>[0][number];

const sighting = (instrument: string, minute: number, peak_response: number) => ({
  instrument,
  in_utc: new Date(Date.UTC(2025, 9, 4, 12, minute)).toISOString(),
  out_utc: new Date(Date.UTC(2025, 9, 4, 12, minute + 5)).toISOString(),
  peak_response,
  seconds: 300,
});

test('sightings of two telescopes at the same time are two passes', () => {
  const sightings = [
    sighting('DSA-110', 0, 0.6),
    sighting('HERA', 2, 0.7),
    sighting('DSA-110', 5, 0.9),
    sighting('HERA', 7, 0.8),
    sighting('DSA-110', 10, 0.7),
    sighting('DSA-110', 90, 0.7),
  ];
  const passes = passesOf(sightings as unknown as Sighting[]);
  assert.deepEqual(
    passes.map(({ best, observations, seconds }) => [
      best.instrument,
      best.peak_response,
      observations,
      seconds,
    ]),
    [
      ['DSA-110', 0.9, 3, 900],
      ['HERA', 0.8, 2, 600],
      ['DSA-110', 0.7, 1, 300],
    ],
  );
});
