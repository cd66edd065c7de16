import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localFace, siderealFace, utcFace } from '#web/data/face.js';
import { ticksOf } from '#web/panels/time-ticks.js';

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const unixOf = (iso: string) => Date.parse(`${iso}Z`) / 1000;
const isoOf = (unix: number) => new Date(unix * 1000).toISOString().slice(0, 16);
const ticks = (face: typeof utcFace, from: string, to: string, step: number) =>
  ticksOf(face, unixOf(from), unixOf(to), step).map(isoOf);

/** `05 02:00 +120`: the day, the time and the offset in minutes. */
function localTicks(zone: string, from: string, to: string, step: number): string[] {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    return ticksOf(localFace, unixOf(from), unixOf(to), step).map((unix) => {
      const date = new Date(unix * 1000);
      const [day, hours, minutes] = [date.getDate(), date.getHours(), date.getMinutes()].map((part) =>
        String(part).padStart(2, '0'),
      );
      return `${day} ${hours}:${minutes} ${-date.getTimezoneOffset()}`;
    });
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

test('ticks stand at whole steps of UTC, and at the first of months and years', () => {
  assert.deepEqual(ticks(utcFace, '2026-03-08T05:00', '2026-03-08T12:00', 3 * HOUR), [
    '2026-03-08T06:00',
    '2026-03-08T09:00',
    '2026-03-08T12:00',
  ]);
  assert.deepEqual(ticks(utcFace, '2025-12-02', '2026-05-20', 2 * 30 * DAY), [
    '2026-01-01T00:00',
    '2026-03-01T00:00',
    '2026-05-01T00:00',
  ]);
  assert.deepEqual(ticks(utcFace, '2023-12-02', '2026-05-20', 365 * DAY), [
    '2024-01-01T00:00',
    '2025-01-01T00:00',
    '2026-01-01T00:00',
  ]);
  // No label could tell them apart.
  assert.equal(ticksOf(utcFace, 0, 3, 0.001).length, 4);
});

test('local ticks stand at whole steps on either side of a change of the clocks', () => {
  const berlin = (from: string, to: string, step: number) => localTicks('Europe/Berlin', from, to, step);
  assert.deepEqual(berlin('2026-03-28T21:00', '2026-03-29T05:00', 2 * HOUR), [
    '28 22:00 60',
    '29 00:00 60',
    // 02:00 is skipped, and 04:00 has no room beside it.
    '29 03:00 120',
    '29 06:00 120',
  ]);
  assert.deepEqual(berlin('2026-10-24T23:30', '2026-10-25T02:30', HOUR), [
    '25 02:00 120',
    '25 02:00 60',
    '25 03:00 60',
  ]);
  // Begun and ended in the hour that is repeated.
  assert.deepEqual(berlin('2026-10-25T00:45', '2026-10-25T01:15', 15 * MINUTE), [
    '25 02:45 120',
    '25 02:00 60',
    '25 02:15 60',
  ]);
  assert.deepEqual(berlin('2026-10-23T12:00', '2026-10-26T12:00', DAY), [
    '24 00:00 120',
    '25 00:00 120',
    '26 00:00 60',
  ]);
});

test('a local day whose midnight is skipped or repeated has one tick', () => {
  assert.deepEqual(localTicks('Africa/Cairo', '2026-04-23T12:00', '2026-04-25T12:00', DAY), [
    '24 01:00 180',
    '25 00:00 180',
  ]);
  assert.deepEqual(localTicks('America/Havana', '2026-10-31T12:00', '2026-11-02T12:00', DAY), [
    '01 00:00 -240',
    '02 00:00 -300',
  ]);
});

test('sidereal ticks stand on whole sidereal minutes, however short the step', () => {
  const rate = 1.00273790935;
  const start = unixOf('2026-03-08T05:00');
  const clock = siderealFace(start - 12_345, 54_321.5, rate);
  for (const [step, whole] of [
    [5, MINUTE],
    [15 * MINUTE, 15 * MINUTE],
    [6 * HOUR, 6 * HOUR],
  ] as const) {
    const found = ticksOf(clock, start, start + 20 * whole, step);
    assert.equal(found.length, 20);
    for (const [i, unix] of found.entries()) {
      const face = clock.faceOf(unix) / whole;
      assert.ok(Math.abs(face - Math.round(face)) < 1e-6, `${face}`);
      if (i > 0) assert.ok(Math.abs(unix - (found[i - 1] as number) - whole / rate) < 1e-4);
    }
  }
});
