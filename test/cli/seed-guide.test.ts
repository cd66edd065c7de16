import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { simulate } from '../helpers/simulator.js';
import { workspace } from '../helpers/workspace.js';

/** What sites run against the Python monitor, unchanged but for the paths. */
const ALERT_SCRIPT = `#!/bin/bash
# Check pointing monitor health
STATUS_FILE="$1"

if [ ! -f "$STATUS_FILE" ]; then
    echo "ALERT: Pointing monitor status file not found"
    exit 1
fi

HEALTHY=$(jq -r .healthy "$STATUS_FILE")
if [ "$HEALTHY" != "true" ]; then
    ISSUES=$(jq -r '.issues | join(", ")' "$STATUS_FILE")
    echo "ALERT: Pointing monitor unhealthy - $ISSUES"
    exit 1
fi
`;

test("the seed guide's commands work against a running monitor", needs('jq', 'sqlite3'), async (t) => {
  const space = workspace(t);
  const { path, incoming, productsDb, statusFile } = space;
  simulate(incoming, ['--count', '12', '--dec-steps', '54.57:8,16.24:4']);
  const alert = join(path, 'alert.sh');
  writeFileSync(alert, ALERT_SCRIPT);
  const runAlert = () => spawnSync('bash', [alert, statusFile], { encoding: 'utf8' });
  const jq = (filter: string) => execFileSync('jq', ['-c', filter, statusFile], { encoding: 'utf8' }).trim();
  const sqlite = (sql: string) =>
    execFileSync('sqlite3', [productsDb, sql], { encoding: 'utf8' }).trim().split('\n');

  assert.match(runAlert().stdout, /status file not found/);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.until(
    'twelve rows',
    ({ healthy, reconciliation }) => healthy && reconciliation?.with_row === 12,
  );

  assert.equal(jq('.healthy'), 'true');
  assert.deepEqual(JSON.parse(jq('[.running, .issues, .watch_dir, .products_db]')), [
    true,
    [],
    incoming,
    productsDb,
  ]);
  const metrics = JSON.parse(jq('.metrics'));
  assert.deepEqual(Object.keys(metrics), [
    'files_processed',
    'files_succeeded',
    'files_failed',
    'success_rate_percent',
    'uptime_seconds',
    'last_processed_time',
    'last_success_time',
    'last_error_time',
    'last_error_message',
    'recent_error_count',
  ]);
  assert.deepEqual(
    [metrics.files_processed, metrics.success_rate_percent, metrics.last_error_time],
    [12, 100, null],
  );
  assert.equal(new Date(JSON.parse(jq('.timestamp_iso'))).getTime() / 1000, JSON.parse(jq('.timestamp')));
  assert.deepEqual({ status: runAlert().status, stdout: runAlert().stdout }, { status: 0, stdout: '' });

  assert.deepEqual(sqlite('SELECT COUNT(*) FROM pointing_history;'), ['12']);
  const recent = sqlite(
    'SELECT timestamp, ra_deg, dec_deg FROM pointing_history ORDER BY timestamp DESC LIMIT 10;',
  );
  assert.equal(recent.length, 10);
  assert.match(recent[0] as string, /^60949\.\d+\|\d+\.\d+\|16\.24/);
  const bands = sqlite(
    'SELECT dec_deg, COUNT(*) as count FROM pointing_history GROUP BY ROUND(dec_deg, 1) ORDER BY dec_deg;',
  );
  assert.deepEqual(
    bands.map((line) => line.split('|')[1]),
    ['4', '8'],
  );
  assert.deepEqual(sqlite('SELECT 1;'), ['1']);

  assert.equal((await cli(['status', '--status-file', statusFile])).code, 0);
  rmSync(incoming, { recursive: true });
  await monitor.until('the issue', ({ healthy }) => !healthy);
  assert.match(
    runAlert().stdout,
    /^ALERT: Pointing monitor unhealthy - the watch directory .* does not exist/,
  );
  assert.equal((await cli(['status', '--status-file', statusFile])).code, 1);
  await monitor.stop();
  const stopped = await cli(['status', '--status-file', statusFile]);
  assert.equal(stopped.code, 2);
  assert.match(stopped.stdout, /^monitor +stopped/);
});

test('a status that nobody renews is stale: exit 1', async (t) => {
  const space = workspace(t);
  const monitor = new Monitor(t, space);
  const status = await monitor.healthy();
  monitor.process.kill('SIGKILL');
  await monitor.finished;
  writeFileSync(space.statusFile, JSON.stringify({ ...status, timestamp: status.timestamp - 300 }));
  const { code, stdout } = await cli(['status', '--status-file', space.statusFile, '--json']);
  assert.equal(code, 1);
  const printed = JSON.parse(stdout);
  assert.deepEqual([printed.stale, printed.healthy], [true, false]);
});
