import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { Monitor } from '../helpers/monitor.js';
import { Server } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

test('maintenance silences, with its end and reason in the status, and changes no health', async (t) => {
  const space = workspace(t);
  const ask = (...args: string[]) => cli(['maintenance', '--status-file', space.statusFile, ...args]);
  assert.equal((await ask()).stdout, 'alerts are not silenced\n');
  const monitor = new Monitor(t, space, ['--reconcile-interval', '1', '--expect-every', '309']);
  await monitor.issue('observation_overdue', /./);
  const before = Date.now() / 1000;
  const said = await ask('--until', '+2h', '--reason', 'new disk');
  assert.match(said.stdout, /^alerts are silenced until 20\d\d-.*Z: new disk\n$/);
  const status = await monitor.until('the maintenance', ({ maintenance }) => maintenance !== null);
  assert.deepEqual([status.healthy, status.issue_codes], [false, ['observation_overdue']]);
  assert.equal(status.maintenance?.reason, 'new disk');
  assert.ok(Math.abs((status.maintenance?.until ?? 0) - before - 7200) < 60);
  const shown = await cli(['status', '--status-file', space.statusFile]);
  assert.equal(shown.code, 1);
  assert.match(shown.stdout, /^silenced +until 20\d\d-.*: new disk\nissue /m);
  const server = await new Server(t, space).url();
  const metrics = async () => (await fetch(`${server}metrics`)).text();
  assert.match(await metrics(), /^pointing_monitor_maintenance\{host=".*"\} 1$/m);
  assert.equal((await fetch(`${server}healthz`)).status, 503);

  assert.equal((await ask('--end')).stdout, 'alerts are not silenced\n');
  await monitor.until('its end', ({ maintenance }) => maintenance === null);
  assert.match(await metrics(), /^pointing_monitor_maintenance_end_timestamp_seconds\{host=".*"\} 0$/m);

  // A stopped monitor cannot know; a reader of its status does.
  await monitor.stop();
  await ask('--until', '+1h', '--reason', 'reboot');
  const answer = await (await fetch(`${server}api/pointing-monitor/status`)).json();
  assert.deepEqual([answer.running, answer.healthy, answer.maintenance.reason], [false, false, 'reboot']);
});

test('it ends by itself, and what is not a note silences nothing', async (t) => {
  const space = workspace(t);
  const note = `${space.statusFile}.maintenance`;
  const monitor = new Monitor(t, space, ['--reconcile-interval', '1']);
  await monitor.healthy();
  // It looks for notes every five seconds.
  const ending = { until: Date.now() / 1000 + 30, until_iso: 'soon', reason: 'short' };
  writeFileSync(note, JSON.stringify(ending));
  await monitor.until('the maintenance', ({ maintenance }) => maintenance?.until_iso === 'soon');
  await monitor.until('its end', ({ maintenance }) => maintenance === null);
  for (const text of ['', 'null', '[]', '{"until":"never"}', '{"until":1e400']) {
    writeFileSync(note, text);
    const { stdout } = await cli(['maintenance', '--status-file', space.statusFile]);
    assert.equal(stdout, 'alerts are not silenced\n', text);
  }
  await waitFor('a healthy monitor', () => JSON.parse(readFileSync(space.statusFile, 'utf8')).healthy);
});

test('what makes no sense is refused', async (t) => {
  const { statusFile } = workspace(t);
  const refusal = async (...args: string[]) => {
    const { code, stderr } = await cli(['maintenance', '--status-file', statusFile, ...args]);
    return `${code} ${stderr}`;
  };
  assert.match(await refusal('--until', '+2h'), /^2 .*--until and --reason belong together\n$/);
  assert.match(await refusal('--until', '+2h', '--end'), /^2 .*exclude each other\n$/);
  assert.match(await refusal('--until', '-1h', '--reason', 'x'), /^2 .*a time within 7 days from now\n$/);
  // The longest is not refused in some parts of a second.
  for (let i = 0; i < 5; i++) assert.match(await refusal('--until', '+1w', '--reason', 'x'), /^0 $/);
  assert.match(await refusal('--until', '+8d', '--reason', 'x'), /^2 .*a time within 7 days from now\n$/);
});
