import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Abandoned, type AskedHistory } from '#src/serve/history/block.js';
import { answerers, type QuestionName } from '#src/serve/history/questions.js';
import { Instruments } from '#src/sky/instruments.js';
import { mjdUtc } from '#src/units.js';
import { rowsFrom } from '../../helpers/server.js';
import { byHera } from '../../helpers/two-telescopes.js';

const BLOCKS = 5;
const BLOCK_ROWS = 100;

const rows = rowsFrom(60_000, BLOCKS * BLOCK_ROWS, 54.57);
const blocks = Array.from({ length: BLOCKS }, (_, i) =>
  Float64Array.from(
    rows
      .slice(i * BLOCK_ROWS, (i + 1) * BLOCK_ROWS)
      .flatMap(({ timestamp, ra_deg, dec_deg }) => [timestamp, ra_deg, dec_deg, 309, 0, 0, 0]),
  ),
);
/** One telescope that never observed, so that its last observation before a time is looked for in all blocks. */
const instruments = new Instruments([
  {
    id: 1,
    ...byHera.instrument,
    firstMjdUtc: mjdUtc(60_000),
    lastMjdUtc: mjdUtc(60_000),
    longestSeconds: 0,
    lowestHz: null,
  },
]);
const all = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
const middleMjd = blocks[2]?.[0] as number;

/** Every question that reads more than one block. */
const QUESTIONS: Record<Exclude<QuestionName, 'trackPiece'>, (history: AskedHistory) => unknown> = {
  calendar: (history) => answerers.calendar(history, { ...all, hourOf: 'utc' }),
  coverage: (history) => answerers.coverage(history, { ...all, decBinDeg: 1, raBinDeg: 1 }),
  gaps: (history) => answerers.gaps(history, { longerThanMinutes: 30, limit: 1000 }),
  changes: (history) =>
    answerers.changes(history, { ...all, start: middleMjd, thresholdDeg: 0.1, limit: 1000 }),
  moc: (history) => answerers.moc(history, { ...all, kind: 'time', form: 'json' }),
  outline: (history) => answerers.outline(history, { ...all, maxPoints: 100 }),
};

for (const [name, answer] of Object.entries(QUESTIONS)) {
  test(`${name}: at the next block for a client that has left, and whole for one that waits`, () => {
    for (let before = 0; before < BLOCKS; before++) {
      let looks = 0;
      const isAbandoned = () => looks++ === before;
      assert.throws(() => answer({ blocks, instruments, isAbandoned }), Abandoned);
      assert.equal(looks, before + 1);
    }
    assert.ok(answer({ blocks, instruments, isAbandoned: () => false }));
  });
}
