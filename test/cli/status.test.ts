import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { HangingMount } from '../helpers/hanging-mount.js';
import { needs } from '../helpers/needs.js';
import { writeStatus } from '../helpers/server.js';
import { cliUntil, hasTerminals } from '../helpers/terminal.js';
import { workspace } from '../helpers/workspace.js';

const ESC = '\u001b';
const skip = hasTerminals ? false : 'script(1) is not installed';

test('--json of a monitor that was killed, or of none, names an issue', async (t) => {
  const { path } = workspace(t);
  const file = join(path, 'status.json');
  const ask = async () => {
    const { code, stdout } = await cli(['status', '--status-file', file, '--json']);
    const { healthy, issues, issue_codes: codes, stale } = JSON.parse(stdout);
    return { code, healthy, codes, stale, issues: issues.length };
  };
  assert.deepEqual(await ask(), {
    code: 2,
    healthy: false,
    codes: ['status_missing'],
    stale: undefined,
    issues: 1,
  });
  writeStatus(file, { issue_codes: [] }, 300);
  assert.deepEqual(await ask(), { code: 1, healthy: false, codes: ['status_stale'], stale: true, issues: 1 });
  writeStatus(file, { issue_codes: [] });
  assert.deepEqual(await ask(), { code: 0, healthy: true, codes: [], stale: false, issues: 0 });
});

for (const rows of [1, 3, 0]) {
  test(`--watch on a screen of ${rows} rows shows its first line`, { skip }, async (t) => {
    const { path } = workspace(t);
    const line = ['status', join(path, 'p.sqlite3'), '--watch', '--status-file', join(path, 'none.json')];
    const output = await cliUntil(line, 80, path, [[/no status file at/, 'q']], rows);
    const [frame = ''] = (output.split(`${ESC}[H`)[1] ?? '').split(`${ESC}[?25h`);
    const [shown = ''] = frame.replaceAll(`${ESC}[K`, '').split(`${ESC}[J`);
    const lines = shown.split('\n');
    assert.match(lines[0] as string, /^no status file at /);
    // A line break after the last row would scroll the first away.
    if (rows > 0) assert.ok(lines.length <= rows, frame);
    else assert.ok(lines.includes('q quits'), frame);
  });
}

test('the status file of the Python monitor, which has the keys of the guide alone, is shown', async (t) => {
  const { path } = workspace(t);
  const file = join(path, 'status.json');
  const now = Date.now() / 1000;
  const status = {
    running: true,
    healthy: true,
    issues: [],
    watch_dir: '/data/incoming',
    products_db: '/data/products.sqlite3',
    metrics: { files_processed: 3, files_succeeded: 3, files_failed: 0 },
    timestamp: now,
    timestamp_iso: new Date(now * 1000).toISOString(),
  };
  writeFileSync(file, JSON.stringify(status));
  const { code, stdout, stderr } = await cli(['status', '--status-file', file]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^files +3 stored, 0 failed since start$/m);
});

test('a file system that hangs is named in time', needs('bindfs'), async (t) => {
  const { path } = workspace(t);
  const shown = join(path, 'shown');
  const state = join(path, 'state');
  for (const directory of [state, shown]) mkdirSync(directory);
  const mount = await HangingMount.mount(t, state, shown);
  mount.hang();
  const { code, stderr } = await cli(['status', '--status-file', join(shown, 'status.json')]).finally(() =>
    mount.goOn(),
  );
  assert.equal(code, 2);
  assert.match(stderr, /^the status file \S+ is not responding: check its file system\n$/);
});
