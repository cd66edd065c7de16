import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GapFinder } from '#src/sky/gaps.js';
import { mjdUtc } from '#src/units.js';

const MINUTE = 1 / 1440;
const START = 60_953;

/** Of observations from one minute to another after the start, in the order of their middles. */
function gapsOf(
  longerThanMinutes: number,
  ...observations: readonly (readonly [from: number, to: number])[]
) {
  const finder = new GapFinder(longerThanMinutes, {
    startMjdUtc: mjdUtc(START),
    endMjdUtc: mjdUtc(START + 100 * MINUTE),
  });
  for (const [from, to] of observations) finder.add(START + ((from + to) / 2) * MINUTE, (to - from) * 60);
  return finder
    .finish()
    .map(({ fromMjdUtc, toMjdUtc, openAtStart, openAtEnd }) => [
      Math.round((fromMjdUtc - START) / MINUTE),
      Math.round((toMjdUtc - START) / MINUTE),
      openAtStart,
      openAtEnd,
    ]);
}

test('gaps are between observations and at the ends of the span', () => {
  assert.deepEqual(gapsOf(10, [20, 25], [30, 35], [50, 60]), [
    [0, 20, true, false],
    [35, 50, false, false],
    [60, 100, false, true],
  ]);
});

test('a long observation fills gaps between shorter ones whose middles are earlier', () => {
  // Its middle is minute 40, after those of both short ones.
  assert.deepEqual(gapsOf(10, [0, 5], [30, 35], [2, 78]), [[78, 100, false, true]]);
});

test('what it leaves of a gap counts if it is long enough', () => {
  assert.deepEqual(gapsOf(10, [0, 5], [40, 45], [20, 72]), [
    [5, 20, false, false],
    [72, 100, false, true],
  ]);
  assert.deepEqual(gapsOf(20, [0, 5], [40, 45], [20, 72]), [[72, 100, false, true]]);
  assert.deepEqual(gapsOf(10, [30, 32], [12, 51]), [
    [0, 12, true, false],
    [51, 100, false, true],
  ]);
});
