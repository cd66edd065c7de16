import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { writeStatus } from '../helpers/server.js';
import { cliOnTerminal, hasTerminals } from '../helpers/terminal.js';
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
  test(`--watch on a screen of ${rows} rows shows its first line`, { skip }, (t) => {
    const { path } = workspace(t);
    const line = ['status', join(path, 'p.sqlite3'), '--watch', '--status-file', join(path, 'none.json')];
    const { output } = cliOnTerminal(line, 80, { keys: 'q', rows });
    const [frame = ''] = (output.split(`${ESC}[H`)[1] ?? '').split(`${ESC}[?25h`);
    const [shown = ''] = frame.replaceAll(`${ESC}[K`, '').split(`${ESC}[J`);
    const lines = shown.split('\n');
    assert.match(lines[0] as string, /^no status file at /);
    // A line break after the last row would scroll the first away.
    if (rows > 0) assert.ok(lines.length <= rows, frame);
    else assert.ok(lines.includes('q leaves'), frame);
  });
}
