import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calendar } from '#src/sky/calendar.js';
import { dsa110 } from '#src/sky/instrument.js';

const OBSERVATION_SECONDS = dsa110.observationSeconds;

const CADENCE_DAYS = 309 / 86_400;
const near = (actual: number | undefined, expected: number, within: number) =>
  assert.ok(Math.abs((actual as number) - expected) < within, `${actual} ${expected}`);

test('time is divided between the hours and the days in which it was observed', () => {
  const calendar = new Calendar('utc');
  // From an hour and a half before midnight to half an hour after; the last row is alone.
  const start = 60_953 - 1.5 / 24 + OBSERVATION_SECONDS / 2 / 86_400;
  const count = Math.round(2 / 24 / CADENCE_DAYS);
  for (let i = 0; i < count; i++)
    calendar.add(start + i * CADENCE_DAYS, i < 10 ? 54.57 : 16.24, OBSERVATION_SECONDS, dsa110);
  calendar.add(60_960.5, -12.5, OBSERVATION_SECONDS, dsa110);
  const [first, second, third, ...none] = calendar.finish();
  assert.deepEqual([first?.mjdUtc, second?.mjdUtc, third?.mjdUtc, none.length], [60_952, 60_953, 60_960, 0]);
  near(first?.seconds, 5400, 1);
  near(first?.hourSeconds[22], 1800, 1);
  near(first?.hourSeconds[23], 3600, 1);
  assert.equal(first?.hourSeconds[21], 0);
  assert.deepEqual(first?.hourDecDeg.slice(21), [null, 54.57, 16.24]);
  near(second?.hourSeconds[0], count * 309 - 5400 + OBSERVATION_SECONDS - 309, 1);
  near(third?.hourSeconds[11], OBSERVATION_SECONDS / 2, 0.01);
  near(third?.hourSeconds[12], OBSERVATION_SECONDS / 2, 0.01);
});

test('by sidereal time the hours are those of astropy', () => {
  const calendar = new Calendar('lst');
  // 3C286 transits then, at apparent right ascension 13h 32m 20s (astropy): that is the sidereal time.
  calendar.add(60_952.854388555, 30, OBSERVATION_SECONDS, dsa110);
  const [day] = calendar.finish();
  near(day?.hourSeconds[13], OBSERVATION_SECONDS, 0.01);
  assert.equal(day?.hourDecDeg.filter((dec) => dec !== null).length, 1);
});

test('the row of one telescope does not end the observation of another', () => {
  const calendar = new Calendar('utc');
  const [a, b] = [{ ...dsa110 }, { ...dsa110 }];
  calendar.add(60_953.5, 54.57, 300, a);
  calendar.add(60_953.5 + 100 / 86_400, -30, 10, b);
  calendar.add(60_960.5, 54.57, 300, b);
  const days = calendar.finish();
  assert.deepEqual(
    days.map(({ mjdUtc }) => mjdUtc),
    [60_953, 60_960],
  );
  near(days[0]?.seconds, 310, 0.01);
  assert.equal(days[0]?.hourDecDeg[12], -30);
  near(days[1]?.seconds, 300, 0.01);
});
