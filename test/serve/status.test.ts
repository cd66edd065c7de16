import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '#src/errors.js';
import { fillHistory, recordFiles, rowsFrom, serverOf, writeStatus } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

test('the status file, with its age and every key it has, under /api and without', async (t) => {
  const place = workspace(t);
  writeStatus(place.statusFile, { watch_dir: '/in', ...{ added_by_another_version: { deep: 1 } } });
  const app = await serverOf(t, place);
  for (const url of ['/api/pointing-monitor/status', '/pointing-monitor/status']) {
    const status = (await app.inject(url)).json();
    assert.equal(status.running, true);
    assert.equal(status.healthy, true);
    assert.equal(status.stale, false);
    assert.equal(status.watch_dir, '/in');
    assert.deepEqual(status.added_by_another_version, { deep: 1 });
    assert.ok(status.status_file_age_seconds >= 0 && status.status_file_age_seconds < 60);
  }
  assert.equal((await app.inject('/healthz')).statusCode, 200);
});

test('a stale status is not healthy, and an issue explains why', async (t) => {
  const place = workspace(t);
  writeStatus(place.statusFile, { issues: ['a disk is full'], issue_codes: ['database_full'] }, 121);
  const app = await serverOf(t, place);
  const status = (await app.inject('/api/pointing-monitor/status')).json();
  assert.equal(status.stale, true);
  assert.equal(status.healthy, false);
  assert.match(status.issues[0], /1[2-9]\d s old/);
  assert.equal(status.issues[1], 'a disk is full');
  assert.deepEqual(status.issue_codes, ['status_stale', 'database_full']);
  const probe = await app.inject('/healthz');
  assert.equal(probe.statusCode, 503);
  assert.deepEqual(probe.json().issues.length, 2);
});

test('without a status file nothing runs and nothing is healthy', async (t) => {
  const app = await serverOf(t, workspace(t));
  const status = (await app.inject('/api/pointing-monitor/status')).json();
  assert.equal(status.running, false);
  assert.deepEqual(status.issue_codes, ['status_missing']);
  assert.equal(status.healthy, false);
  assert.match(status.error, /no status file/);
  assert.equal((await app.inject('/healthz')).statusCode, 503);
});

test('those who scrape at the same time get the same counts', async (t) => {
  const place = workspace(t);
  writeStatus(place.statusFile, { host: 'h', metrics: { files_succeeded: 6 } } as never);
  const app = await serverOf(t, place);
  const bodies = await Promise.all(
    Array.from({ length: 6 }, async () => (await app.inject('/metrics')).body),
  );
  for (const body of bodies)
    assert.match(body, /^pointing_monitor_files_processed_total\{host="h",result="succeeded"\} 6$/m);
});

test('metrics by the conventions, from the status file and the database', async (t) => {
  const place = workspace(t);
  writeStatus(place.statusFile, {
    metrics: { files_succeeded: 7, files_failed: 2, uptime_seconds: 60, recent_error_count: 2 },
    queue: { depth: 5, retrying: 1, in_flight: 2, unwritten: 0, overflowed: 0 },
    reconciliation: { time: 1759590905.5, seconds: 0.25, unaccounted: 4 },
    extraction: {
      hdf5_restarts: 3,
      quarantined_files: 1,
      duration: { bounds_seconds: [0.01, 1], counts: [4, 6], count: 7, sum_seconds: 3.5 },
    },
  } as never);
  fillHistory(place.productsDb, rowsFrom(60952, 2, 54.57));
  const failed = (path: string, code: ErrorCode) => ({ path, error: { code, message: 'it is wrong' } });
  await recordFiles(place.productsDb, [
    failed('/in/b', 'no_header'),
    failed('/in/c', 'crashed'),
    failed('/in/d', 'crashed'),
  ]);
  const app = await serverOf(t, place);
  const scrape = async () => {
    const answer = await app.inject('/metrics');
    assert.match(String(answer.headers['content-type']), /^text\/plain; version=0\.0\.4/);
    return answer.body.split('\n').filter((line) => line.startsWith('pointing_monitor_'));
  };
  // Counters must not grow by being looked at.
  await scrape();
  const lines = await scrape();
  for (const expected of [
    'pointing_monitor_up 1',
    'pointing_monitor_running 1',
    'pointing_monitor_healthy 1',
    'pointing_monitor_files_processed_total{result="succeeded"} 7',
    'pointing_monitor_files_processed_total{result="failed"} 2',
    'pointing_monitor_hdf5_restarts_total 3',
    'pointing_monitor_extraction_seconds_bucket{le="0.01"} 4',
    'pointing_monitor_extraction_seconds_bucket{le="1"} 6',
    'pointing_monitor_extraction_seconds_bucket{le="+Inf"} 7',
    'pointing_monitor_extraction_seconds_sum 3.5',
    'pointing_monitor_extraction_seconds_count 7',
    'pointing_monitor_queue_depth 5',
    'pointing_monitor_files{state="failed",code="no_header"} 1',
    'pointing_monitor_files{state="failed",code="crashed"} 2',
    'pointing_monitor_files{state="failed",code="timeout"} 0',
    'pointing_monitor_unaccounted_files 4',
    'pointing_monitor_reconciliation_seconds 0.25',
    'pointing_monitor_reconciliation_timestamp_seconds 1759590905.5',
    'pointing_monitor_newest_observation_dec_degrees 54.57',
  ]) {
    assert.ok(lines.includes(expected), `${expected} in\n${lines.join('\n')}`);
  }
  assert.ok(!lines.some((line) => line.startsWith('pointing_monitor_files{state="stored"')));
  const newest = lines.find((line) =>
    line.startsWith('pointing_monitor_newest_observation_timestamp_seconds '),
  );
  assert.ok(Math.abs(Number(newest?.split(' ')[1]) - ((60952 - 40587) * 86400 + 309)) < 0.01, newest);
  const failures = (await app.inject('/api/pointing/failures?limit=2')).json();
  assert.equal(failures.total, 3);
  assert.deepEqual(
    failures.items.map(({ path, code }: { path: string; code: string }) => [path, code]),
    [
      ['/in/d', 'crashed'],
      ['/in/c', 'crashed'],
    ],
  );
});

test('a monitor that hangs is not up but running, one that was stopped is neither', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, []);
  const app = await serverOf(t, place);
  const scrape = async () => {
    const { body } = await app.inject('/metrics');
    assert.doesNotMatch(body, /^pointing_monitor_newest_observation_dec_degrees /m);
    return ['up', 'running', 'healthy'].map((name) =>
      Number(new RegExp(`^pointing_monitor_${name} (\\d)$`, 'm').exec(body)?.[1]),
    );
  };
  assert.deepEqual(await scrape(), [0, 0, 0]);
  writeStatus(place.statusFile, {});
  assert.deepEqual(await scrape(), [1, 1, 1]);
  writeStatus(place.statusFile, {}, 121);
  assert.deepEqual(await scrape(), [0, 1, 0]);
  writeStatus(place.statusFile, { running: false, healthy: false });
  assert.deepEqual(await scrape(), [0, 0, 0]);
});

test('the description of the API names parameters, and people can read it', async (t) => {
  const app = await serverOf(t, workspace(t));
  const { openapi, paths } = (await app.inject('/openapi.json')).json();
  assert.match(openapi, /^3\./);
  const names = paths['/api/pointing_history'].get.parameters.map(({ name }: { name: string }) => name);
  assert.deepEqual(names, [
    'start_mjd',
    'end_mjd',
    'instrument',
    'limit',
    'all',
    'time_interval_hours',
    'columns',
    'format',
  ]);
  const page = await app.inject('/api/');
  assert.match(String(page.headers['content-type']), /text\/html/);
  assert.doesNotMatch(String(page.headers['content-security-policy']), /https:|upgrade/);
});

test('a file that lacks what every status says is not taken for one, and a strange histogram is left out', async (t) => {
  const place = workspace(t);
  const app = await serverOf(t, place);
  writeStatus(place.statusFile, { healthy: undefined as unknown as boolean });
  const status = (await app.inject('/api/pointing-monitor/status')).json();
  assert.equal(status.healthy, false);
  assert.match(status.error, /is not a monitor's status: it has no healthy/);
  assert.equal((await app.inject('/healthz')).statusCode, 503);
  const strange = { extraction: { duration: { count: 1 } } } as unknown as Parameters<typeof writeStatus>[1];
  writeStatus(place.statusFile, strange);
  const metrics = await app.inject('/metrics');
  assert.equal(metrics.statusCode, 200);
  assert.doesNotMatch(metrics.body, /extraction_seconds_count/);
});
