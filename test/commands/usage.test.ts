import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

const cases: [string, string[], RegExp, NodeJS.ProcessEnv?][] = [
  ['no command', [], /name a command/],
  ['an unknown command', ['observe'], /observe/],
  ['an unknown flag', ['extract', 'x.hdf5', '--fast'], /fast/],
  ['a missing argument', ['extract'], /not enough|files/i],
  ['no database', ['monitor', '/tmp'], /PIPELINE_PRODUCTS_DB/],
  [
    'a directory that does not exist',
    ['backfill', '/no/such/place', '/tmp/x.sqlite3'],
    /\/no\/such\/place does not exist/,
  ],
  [
    'a date that is none',
    ['backfill', '/tmp', '/tmp/x.sqlite3', '--start-date', 'monday'],
    /--start-date monday/,
  ],
  ['a log level that is none', ['monitor', '/tmp', '/tmp/x.sqlite3', '--log-level', 'LOUD'], /LOUD/],
  [
    'a number that is none',
    ['monitor', '/tmp', '/tmp/x.sqlite3', '--reconcile-interval', 'often'],
    /--reconcile-interval/,
  ],
  ['a bad environment', ['extract', 'x.hdf5'], /LOUD/, { CONTIMG_LOG_LEVEL: 'LOUD' }],
  ['no status file', ['status'], /--status-file/],
  [
    'a database that does not exist',
    ['verify', '/tmp', '/no/such.sqlite3'],
    /\/no\/such\.sqlite3 does not exist/,
  ],
  ['an unknown error code', ['retry', '/tmp/x.sqlite3', '--code', 'bad'], /code/],
];

for (const [what, args, message, env] of cases) {
  test(`${what}: one clear line and exit 2`, async () => {
    const { code, stdout, stderr } = await cli(args, env);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  });
}

test('help and version go to stdout', async () => {
  const help = await cli(['--help']);
  assert.equal(help.code, 0);
  const commands =
    'monitor backfill merge extract status verify retry history transits crossmatch coverage doctor';
  for (const command of commands.split(' ')) {
    assert.match(help.stdout, new RegExp(`pointing-monitor ${command}`));
  }
  assert.match((await cli(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('status without a status file says that no monitor has run: exit 2', async (t) => {
  const { statusFile } = workspace(t);
  const { code, stderr } = await cli(['status', '--status-file', statusFile]);
  assert.equal(code, 2);
  assert.match(stderr, /no monitor has run here/);
  const json = await cli(['status', '--status-file', statusFile, '--json']);
  assert.equal(json.code, 2);
  assert.deepEqual(Object.keys(JSON.parse(json.stdout)), ['running', 'healthy', 'error']);
});
