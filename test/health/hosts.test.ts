import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsOf, worstOf } from '#src/health/hosts.js';

const HOUR_SECONDS = 3600;

/** What is said of all hosts together, of which each runs or was stopped, and wrote its status so long ago. */
function together(...hosts: readonly { readonly running: boolean; readonly ageSeconds: number }[]) {
  const statuses = hosts.map(({ running, ageSeconds }, i) => ({
    host: `host${i}`,
    json: JSON.stringify({ running, healthy: running, issues: [], timestamp: 1_759_590_000 }),
    ageSeconds,
  }));
  const worst = worstOf(hostsOf(statuses));
  assert.ok(worst && !('error' in worst));
  const { running, healthy, stale } = worst;
  return { running, healthy, stale };
}

test('some host observes unless each was stopped or hangs', () => {
  const fresh = { running: true, ageSeconds: 1 };
  const hanging = { running: true, ageSeconds: HOUR_SECONDS };
  const stopped = { running: false, ageSeconds: HOUR_SECONDS };
  assert.deepEqual(together(fresh, fresh), { running: true, healthy: true, stale: false });
  for (const other of [hanging, stopped])
    assert.deepEqual(together(other, fresh), { running: true, healthy: false, stale: false });
  assert.deepEqual(together(hanging, stopped), { running: true, healthy: false, stale: true });
  assert.deepEqual(together(stopped, stopped), { running: false, healthy: false, stale: true });
});

test('all are in maintenance when all that are not well are, until the first of them ends', () => {
  const now = Date.now() / 1000;
  const until = (hours: number) => ({
    until: now + hours * HOUR_SECONDS,
    until_iso: `+${hours} h`,
    reason: 'disk',
  });
  const of = (...hosts: readonly object[]) => {
    const statuses = hosts.map((each, i) => ({
      host: `host${i}`,
      json: JSON.stringify({ running: true, healthy: true, issues: [], timestamp: now, ...each }),
      ageSeconds: 1,
    }));
    const worst = worstOf(hostsOf(statuses));
    assert.ok(worst && !('error' in worst));
    return worst;
  };
  const stopped = { running: false, healthy: false, maintenance: until(2) };
  const full = { healthy: false, issues: ['the disk is full'], issue_codes: ['database_full'] };
  assert.equal(of(stopped, {}).maintenance?.until_iso, '+2 h');
  assert.equal(of(stopped, full).maintenance, null);
  assert.equal(of(stopped, { ...full, maintenance: until(1) }).maintenance?.until_iso, '+1 h');
  const warned = { warnings: ['no backup'], warning_codes: ['backup_overdue'] };
  assert.equal(of(stopped, warned).maintenance, null);
  const { warnings, warning_codes: codes } = of(stopped, warned, warned);
  assert.deepEqual(
    [warnings, codes],
    [
      ['host1: no backup', 'host2: no backup'],
      ['backup_overdue', 'backup_overdue'],
    ],
  );
});

test('the age of all is that of one that runs, where the worst was stopped long ago', () => {
  const json = (running: boolean) =>
    JSON.stringify({ running, healthy: running, issues: [], timestamp: Date.now() / 1000 });
  const worst = worstOf(
    hostsOf([
      { host: 'old', json: json(false), ageSeconds: 3 * 24 * HOUR_SECONDS },
      { host: 'new', json: json(true), ageSeconds: 5 },
    ]),
  );
  assert.ok(worst && !('error' in worst));
  assert.deepEqual([worst.stale, worst.status_file_age_seconds], [false, 5]);
});

test('each host tells what it counted on disk, and nothing before its first scan', () => {
  const statuses = [{ with_row: 40, waiting: 2, failed: 3, unaccounted: 0 }, null].map((scan, i) => ({
    host: `host${i}`,
    json: JSON.stringify({
      running: true,
      healthy: true,
      issues: [],
      timestamp: Date.now() / 1000,
      reconciliation: scan,
    }),
    ageSeconds: 1,
  }));
  assert.deepEqual(
    worstOf(hostsOf(statuses))?.hosts?.map(({ files_on_disk: files }) => files),
    [{ stored: 40, waiting: 2, failed: 3, unaccounted: 0 }, null],
  );
});
