import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Block, blocksOfLevels, DEC_BINS, RA_BINS } from '#web/map/blocks.js';
import { random } from '../helpers/random.js';

const MAX_LEVEL = 5;

/** Discs of levels at random places, some over a pole and some over right ascension 0, and a few single cells. */
function sky(seed: number): Uint8Array {
  const next = random(seed);
  const levels = new Uint8Array(RA_BINS * DEC_BINS);
  for (let i = 0; i < 60; i++) {
    const [column, row, radius] = [next() * RA_BINS, next() * DEC_BINS, i < 40 ? next() * 30 : 0.5];
    const level = Math.floor(next() * (MAX_LEVEL + 1));
    for (let cell = 0; cell < levels.length; cell++) {
      const across = Math.abs((cell % RA_BINS) - column);
      const up = Math.floor(cell / RA_BINS) - row;
      if (Math.hypot(Math.min(across, RA_BINS - across), up) <= radius) levels[cell] = level;
    }
  }
  return levels;
}

const cellsOf = (blocks: readonly Block[]) =>
  new Set(
    blocks.flatMap(({ row, toRow, from, to }) =>
      Array.from(
        { length: (toRow - row) * (to - from) },
        (_, i) => (row + Math.floor(i / (to - from))) * RA_BINS + from + (i % (to - from)),
      ),
    ),
  );

const besides = (cell: number, columns: number) =>
  cell - (cell % RA_BINS) + (((cell % RA_BINS) + columns + RA_BINS) % RA_BINS);

for (const seed of [1, 2, 3]) {
  test(`levels one over the other are the sky again, without seams (${seed})`, () => {
    const levels = sky(seed);
    const drawn = blocksOfLevels(levels, MAX_LEVEL).map(cellsOf);
    const seen = new Uint8Array(levels.length);
    for (const [i, cells] of drawn.entries()) for (const cell of cells) seen[cell] = i + 1;
    assert.deepEqual(seen, levels);

    let borders = 0;
    for (let cell = 0; cell < levels.length - RA_BINS; cell++)
      for (const neighbour of [besides(cell, 1), cell + RA_BINS]) {
        const [lower, higher] = [cell, neighbour].sort(
          (a, b) => (levels[a] as number) - (levels[b] as number),
        ) as [number, number];
        const level = levels[lower] as number;
        if (level === 0 || level === levels[higher]) continue;
        borders++;
        assert.ok(drawn[level - 1]?.has(higher), `${level} ends at the edge of cell ${higher}`);
      }
    assert.ok(borders > 100, `${borders}`);
  });

  test(`a level is not drawn where a higher one lies on it, but for its border (${seed})`, () => {
    const levels = sky(seed);
    for (const [i, cells] of blocksOfLevels(levels, MAX_LEVEL).map(cellsOf).entries())
      for (const cell of cells) {
        const around = [cell, besides(cell, 1), besides(cell, -1), cell + RA_BINS, cell - RA_BINS];
        const isNear = around.some((other) => levels[other] === i + 1);
        assert.ok(isNear, `level ${i + 1} at ${cell}`);
      }
  });
}
