import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameClock } from '#src/ingest/name-clock.js';
import type { Pointing } from '#src/native/outcome.js';
import { mjdUtc } from '#src/units.js';

const PATH = '/data/incoming/2025-10-04T15:12:13_sb00.hdf5';
const START_MJD = Date.UTC(2025, 9, 4, 15, 12, 13) / 86_400_000 + 40_587;

function issueOf(startSeconds: number, durationSeconds: number | null) {
  const clock = new NameClock();
  const midTimeMjdUtc = mjdUtc(START_MJD + (startSeconds + (durationSeconds ?? 0) / 2) / 86_400);
  clock.compare(PATH, { midTimeMjdUtc, durationSeconds } as Pointing);
  return clock.issue;
}

test('a name is held against the start of its observation, however long that is', () => {
  assert.equal(issueOf(0, 309), undefined);
  assert.equal(issueOf(0, 7200), undefined);
  assert.equal(issueOf(890, 7200), undefined);
  assert.equal(issueOf(154, null), undefined);
});

test('a clock that is off by more than a quarter of an hour is told, with its sign', () => {
  assert.match(issueOf(3600, 7200)?.message ?? '', /^2025-10-04T15:12:13_sb00\.hdf5: .* is 1\.00 h off/);
  assert.match(issueOf(-7200, 309)?.message ?? '', / is -2\.00 h off/);
});
