import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldMounts } from '#src/ingest/watch/held-mounts.js';

/** Scans one after the other, each with the mounts at its begin and end, the files that it lists and the directories it meets. */
function scans() {
  const mounts = new HeldMounts();
  return (begin: string[], end: string[], files: string[], directories = ['/in', '/in/a']) => {
    mounts.scanBegins(begin);
    mounts.see(files.map((path) => ({ path })));
    return mounts.scanEnds(end, new Set(directories));
  };
}

test('a mount that held files and is gone is told until it is back', () => {
  const scan = scans();
  assert.deepEqual(scan(['/in/a'], ['/in/a'], ['/in/a/1']), []);
  assert.deepEqual(scan([], [], []), ['/in/a']);
  assert.deepEqual(scan([], [], []), ['/in/a']);
  assert.deepEqual(scan(['/in/a'], ['/in/a'], []), []);
  assert.deepEqual(scan([], [], []), ['/in/a']);
});

test('one that never held files, whose directory is gone, or has files by itself, is not missed', () => {
  const scan = scans();
  assert.deepEqual(scan(['/in/a', '/in/b'], ['/in/a', '/in/b'], ['/in/b/1', '/in/ab/1']), []);
  assert.deepEqual(scan([], [], []), []);
  assert.deepEqual(scan(['/in/a'], ['/in/a'], ['/in/a/1']), []);
  assert.deepEqual(scan([], [], ['/in/a/2']), []);
  assert.deepEqual(scan([], [], []), []);
});

test('of a mount that comes or goes during a scan nothing is known yet', () => {
  const scan = scans();
  assert.deepEqual(scan([], ['/in/a'], ['/in/a/1']), []);
  assert.deepEqual(scan(['/in/a'], [], ['/in/a/1']), []);
  assert.deepEqual(scan([], [], []), []);
});
