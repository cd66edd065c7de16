import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issuesOf, promiseHolds } from '#src/health/issues.js';
import type { IngestSnapshot, MonitorSettings, ScanReport, Snapshot } from '#src/health/snapshot.js';
import type { IssueCode } from '#src/issues.js';
import { unixSeconds } from '#src/units.js';

const settings = {
  watchDir: '/data/incoming',
  productsDb: '/data/products.sqlite3',
  scanIntervalSeconds: 60,
} as MonitorSettings;

/** Of a monitor whose last scan ended so many seconds ago, and left so many files without row or error. */
function snapshot(secondsSinceScan: number, unaccounted: number, ...watchIssues: IssueCode[]): Snapshot {
  const ingest = {
    watchIssues: watchIssues.map((code) => ({ code, message: code })),
    hangs: false,
    report: { endedAt: 10_000 - secondsSinceScan, seconds: 1, unaccounted } as ScanReport,
    direct: { unanswered: 0 },
    hdf5: { waiting: 0 },
  } as unknown as IngestSnapshot;
  return {
    now: 10_000,
    nowUnix: unixSeconds(Date.UTC(2026, 0, 1) / 1000),
    ingest,
    database: { silentSeconds: 0, hasAnswered: true, implausible: {} },
    statusFile: {},
    notes: {},
  } as unknown as Snapshot;
}

const codesOf = (given: Snapshot) => issuesOf(given, settings).map(({ code }) => code);

test('scans that stop are told, and not hidden by what does not stop scans', () => {
  for (const code of ['places_unreadable', 'events_missing', 'directory_unmounted'] as const) {
    const fresh = snapshot(70, 0, code);
    assert.deepEqual(codesOf(fresh), [code]);
    assert.equal(promiseHolds(fresh, settings), true);
    const late = snapshot(600, 0, code);
    assert.deepEqual(codesOf(late), [code, 'scan_overdue']);
    assert.equal(promiseHolds(late, settings), false, 'a restart could help');
  }
});

test('a directory that cannot be scanned is the reason why scans are late', () => {
  for (const code of ['directory_missing', 'directory_silent', 'directory_unreadable'] as const)
    assert.deepEqual(codesOf(snapshot(600, 0, code)), [code]);
});

test('files without row or error are told where the whole tree is known', () => {
  assert.deepEqual(codesOf(snapshot(10, 3)), ['files_unaccounted']);
  assert.deepEqual(codesOf(snapshot(10, 3, 'places_unreadable')), ['places_unreadable']);
});

test('an observation is overdue only once the database has told its newest', () => {
  const empty = snapshot(10, 0);
  const unasked = { ...empty, database: { ...empty.database, hasAnswered: false } };
  const codes = (given: Snapshot) =>
    issuesOf(given, { ...settings, expectEverySeconds: 309 }).map(({ code }) => code);
  assert.deepEqual(codes(empty), ['observation_overdue']);
  assert.deepEqual(codes(unasked), []);
});

test('while the database fails, neither the correlator nor libhdf5 is blamed for what waits for it', () => {
  const well = snapshot(10, 0);
  const waiting = { waiting: 3, oldest: { path: '/in/a', seconds: 3000 } };
  const late = {
    ...well,
    ingest: { ...well.ingest, hdf5: waiting } as unknown as IngestSnapshot,
    database: { ...well.database, newest: { timestamp: 60_000 } } as unknown as Snapshot['database'],
  };
  const expecting = { ...settings, expectEverySeconds: 309 };
  const codes = (given: Snapshot) => issuesOf(given, expecting).map(({ code }) => code);
  assert.deepEqual(codes(late), ['reading_delayed', 'observation_overdue']);
  const issue = { code: 'database_locked', message: 'locked' } as const;
  assert.deepEqual(codes({ ...late, database: { ...late.database, issue } }), ['database_locked']);
});
