import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIDEREAL_DEG_PER_SECOND } from '#web/data/exposure.js';
import { cellsInBeam } from '#web/map/beam-cells.js';
import { DEC_BIN_DEG, RA_BIN_DEG, RA_BINS } from '#web/map/blocks.js';
import { type Vector, vectorOf } from '#web/map/projection.js';

const RADIUS_DEG = 1.3575;
const apartDeg = (a: Vector, b: Vector) =>
  (Math.atan2(
    Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]),
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2],
  ) *
    180) /
  Math.PI;

const middleOf = (cell: number) =>
  vectorOf(((cell % RA_BINS) + 0.5) * RA_BIN_DEG, (Math.floor(cell / RA_BINS) + 0.5) * DEC_BIN_DEG - 90);

for (const [decDeg, startRaDeg] of [
  [0.4, 100],
  [54.57, 359.2],
  [-77.9, 10],
  [89.2, 200],
  [90, 0],
] as const) {
  test(`the time in the beam that drifts at ${decDeg} is what counting seconds gives`, () => {
    const [rows, seconds] = [7, 309];
    const found = new Map<number, number>();
    const driftDeg = seconds * SIDEREAL_DEG_PER_SECOND;
    for (let i = 0; i < rows; i++) {
      const westDeg = startRaDeg + i * driftDeg;
      cellsInBeam({ seconds, westDeg, eastDeg: westDeg + driftDeg }, decDeg, RADIUS_DEG, (cell, time) =>
        found.set(cell, (found.get(cell) ?? 0) + time),
      );
    }
    const counted = new Map<number, number>();
    for (let cell = 0; cell < RA_BINS * (180 / DEC_BIN_DEG); cell++) {
      const middle = middleOf(cell);
      if (Math.abs(Math.asin(middle[2]) - (decDeg * Math.PI) / 180) > 0.03) continue;
      let time = 0;
      for (let second = 0.5; second < rows * seconds; second++) {
        const beam = vectorOf(startRaDeg + second * SIDEREAL_DEG_PER_SECOND, decDeg);
        if (apartDeg(beam, middle) <= RADIUS_DEG) time++;
      }
      if (time > 0) counted.set(cell, time);
    }
    assert.ok(counted.size > 0);
    for (const cell of new Set([...counted.keys(), ...found.keys()]))
      assert.ok(
        Math.abs((counted.get(cell) ?? 0) - (found.get(cell) ?? 0)) <= 2,
        `cell ${cell}: ${found.get(cell)} s, counted ${counted.get(cell)}`,
      );
  });
}
