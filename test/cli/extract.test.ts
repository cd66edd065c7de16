import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { simulate } from '../helpers/simulator.js';
import { fixture, workspace } from '../helpers/workspace.js';

const good = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');
const KEYS = [
  'path',
  'kind',
  'mjd',
  'ra_deg',
  'dec_deg',
  'ra_icrs_deg',
  'dec_icrs_deg',
  'ha_deg',
  'lst_deg',
  'n_times',
  'quality',
];

test('each bad file gets its code and one line, and the others are done', async (t) => {
  const { path } = workspace(t);
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(path, name), content);
    return join(path, name);
  };
  const whole = readFileSync(good);
  const [noDec] = simulate(join(path, 'dec'), ['--skip', 'phase_center_dec']);
  const [noHa] = simulate(join(path, 'ha'), ['--skip', 'ha_phase_center']);
  const [noTimes] = simulate(join(path, 'time'), ['--skip', 'time_array']);
  mkdirSync(join(path, 'directory'));
  const expected: [string, string][] = [
    [join(path, 'missing.hdf5'), 'io_error'],
    [file('empty.hdf5', ''), 'truncated'],
    [file('text.hdf5', 'The quick brown fox jumps over the lazy dog.\n'.repeat(100)), 'not_hdf5'],
    [file('cut.hdf5', whole.subarray(0, whole.length - 1)), 'truncated'],
    [file('short.hdf5', whole.subarray(0, 3000)), 'truncated'],
    [join(path, 'directory'), 'not_hdf5'],
    [noDec as string, 'no_declination'],
    [noHa as string, 'no_hour_angle'],
    [noTimes as string, 'no_time_array'],
  ];
  const { code, stdout, stderr } = await cli(['extract', ...expected.map(([name]) => name), good]);
  assert.equal(code, 1);
  const lines = stderr.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => line.split(': ').slice(0, 2)),
    expected,
  );
  assert.match(
    stdout,
    /^\S+2025-10-04T15:12:13_sb00\.hdf5 +2025-10-04T15:14:41Z {2}RA 123\.9537 .* hadec\n$/,
  );
});

test('--json prints one object per file, in the order given, with stable names', async (t) => {
  const { path } = workspace(t);
  copyFileSync(good, join(path, 'good.hdf5'));
  const missing = join(path, 'missing.hdf5');
  const { code, stdout, stderr } = await cli(['extract', '--json', missing, join(path, 'good.hdf5')]);
  assert.equal(code, 1);
  assert.equal(stderr, '');
  const [first, second] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(Object.keys(first), ['path', 'error']);
  assert.equal(first.path, missing);
  assert.equal(first.error.code, 'io_error');
  assert.deepEqual(Object.keys(second), KEYS);
  assert.equal(second.n_times, 24);
});

test('all good is exit 0', async () => {
  const { code, stderr } = await cli(['extract', good]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});
