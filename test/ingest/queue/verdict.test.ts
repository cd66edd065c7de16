import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '#src/errors.js';
import { judge } from '#src/ingest/queue/verdict.js';
import type { Outcome } from '#src/native/outcome.js';
import { unixSeconds } from '#src/units.js';

const NOW = unixSeconds(1_800_000_000);
const HOUR = 3600;
/** Of a process that has run for twelve days, whatever its clock says. */
const MONOTONIC = 1e6;

const failure = (code: ErrorCode, changedSecondsAgo: number): Outcome => ({
  path: '/x',
  version: { sizeBytes: 1, mtimeUs: (NOW - changedSecondsAgo) * 1e6, ctimeUs: NOW * 1e6 },
  error: { code, message: '' },
});
const verdict = (outcome: Outcome, attempts = 1, triedSecondsAgo = 0) =>
  judge(outcome, { attempts, firstTriedAt: MONOTONIC - triedSecondsAgo }, HOUR, {
    unix: NOW,
    monotonic: MONOTONIC,
  });

test('what cannot pass fails at once', () => {
  assert.deepEqual(verdict(failure('not_hdf5', 0)), { state: 'failed' });
  assert.deepEqual(verdict(failure('out_of_range', 0)), { state: 'failed' });
});

test('a file that may still be arriving is retried at doubling intervals up to a minute', () => {
  const intervals = [1, 2, 3, 4, 8, 9, 20].map((attempts) => {
    const { state, ...rest } = verdict(failure('truncated', 10), attempts);
    assert.equal(state, 'waiting');
    return (rest as { retryInSeconds: number }).retryInSeconds;
  });
  assert.deepEqual(intervals, [0.25, 0.5, 1, 2, 32, 60, 60]);
});

test('a truncated file is given up an hour after its last change, however new it is to us', () => {
  assert.equal(verdict(failure('truncated', HOUR - 1)).state, 'waiting');
  assert.equal(verdict(failure('truncated', HOUR)).state, 'failed');
});

test('an old file that cannot be read is tried for an hour', () => {
  assert.equal(verdict(failure('io_error', 1e6), 5, HOUR - 1).state, 'waiting');
  assert.equal(verdict(failure('io_error', 1e6), 5, HOUR).state, 'failed');
  assert.equal(verdict({ path: '/x', error: { code: 'io_error', message: '' } }).state, 'waiting');
});

test('a truncated file of a time to come is given up an hour after our own first sight of it', () => {
  assert.equal(verdict(failure('truncated', -1e6), 5, HOUR - 1).state, 'waiting');
  assert.equal(verdict(failure('truncated', -1e6), 5, HOUR).state, 'failed');
});

test('a file that cannot be read, and has failed before, stays failed', () => {
  assert.equal(verdict(failure('io_error', 2 * HOUR)).state, 'waiting');
  assert.equal(verdict(failure('io_error', 2 * HOUR), 1, Number.POSITIVE_INFINITY).state, 'failed');
});
