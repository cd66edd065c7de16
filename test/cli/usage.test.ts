import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '#src/cli/schema/commands.js';
import { cli, cliPath, environment, finished, spawnCli } from '../helpers/cli.js';
import { needs } from '../helpers/needs.js';
import { fixture, workspace } from '../helpers/workspace.js';

const cases: [string, string[], RegExp, NodeJS.ProcessEnv?][] = [
  ['no command', [], /name a command/],
  ['a misspelt command', ['statsu'], /statsu is not a command\. Did you mean status\?/],
  [
    'a misspelt flag',
    ['history', 'x.db', '--fro', '-1d'],
    /--fro is not a flag of history\. Did you mean --from\?/,
  ],
  ['a missing argument', ['extract'], /extract: name at least one file/],
  ['no database', ['monitor', '/tmp'], /PIPELINE_PRODUCTS_DB/],
  [
    'a directory that does not exist',
    ['backfill', '/no/such/place', '/tmp/x.sqlite3'],
    /\/no\/such\/place does not exist/,
  ],
  [
    'a word for a date',
    ['backfill', '/tmp', '/tmp/x.sqlite3', '--start-date', 'monday'],
    /--start-date monday/,
  ],
  ['an unknown log level', ['monitor', '/tmp', '/tmp/x.sqlite3', '--log-level', 'LOUD'], /LOUD/],
  [
    'a word for a number',
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

test('help and version go to stdout; each command says its exit codes', async () => {
  const help = await cli(['--help']);
  assert.equal(help.code, 0);
  for (const { name } of commands) {
    assert.match(help.stdout, new RegExp(`^  ${name} `, 'm'));
    assert.match((await cli([name, '--help'])).stdout, /^Exit codes: 0 /m, name);
  }
  for (const variable of ['CONTIMG_INPUT_DIR', 'PIPELINE_PRODUCTS_DB', 'PIPELINE_STATE_DIR']) {
    assert.ok(help.stdout.includes(variable), variable);
  }
  assert.match((await cli(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match(
    (await cli(['--version', '--verbose'])).stdout,
    new RegExp(
      [
        '^pointing-monitor \\d+\\.\\d+\\.\\d+',
        `Node ${process.versions.node}`,
        'libhdf5 \\d+\\.\\d+\\.\\d+',
        'ERFA \\d+\\.\\d+\\.\\d+',
        'SQLite 3\\.\\d+\\.\\d+',
        'IERS table measured to \\d{4}-\\d\\d-\\d\\d, predicted to \\d{4}-\\d\\d-\\d\\d\\n$',
      ].join('\\n'),
    ),
  );
});

test(
  'a user who may not read the status file is told which group to join',
  needs('others', 'setuid'),
  async (t) => {
    const { path, statusFile } = workspace(t);
    chmodSync(path, 0o755);
    writeFileSync(statusFile, '{}', { mode: 0o600 });
    const user = { uid: 65534, gid: 65534 };
    const { code, stderr } = await finished(spawnCli(['status', '--status-file', statusFile], {}, user));
    assert.equal(code, 2);
    assert.match(stderr, /this user cannot read the status file \S+: .* needs the group contimg\n/);
  },
);

test('a database file that does not exist: what to do', async (t) => {
  const { productsDb } = workspace(t);
  const { stderr } = await cli(['history', productsDb]);
  assert.match(stderr, /products\.sqlite3 does not exist: check the path, or mount or restore it\n$/);
});

test('status without a status file says that no monitor has run: exit 2', async (t) => {
  const { statusFile } = workspace(t);
  const { code, stderr } = await cli(['status', '--status-file', statusFile]);
  assert.equal(code, 2);
  assert.match(stderr, /no monitor has run here, or it writes elsewhere: check PIPELINE_STATE_DIR\n/);
  const json = await cli(['status', '--status-file', statusFile, '--json']);
  assert.equal(json.code, 2);
  assert.deepEqual(Object.keys(JSON.parse(json.stdout)), [
    'running',
    'healthy',
    'issues',
    'issue_codes',
    'error',
  ]);
});

test('what is no status is said in a line: exit 2', async (t) => {
  const { statusFile } = workspace(t);
  writeFileSync(statusFile, JSON.stringify({ timestamp: Date.now() / 1000, running: true, healthy: true }));
  const { code, stderr } = await cli(['status', '--status-file', statusFile]);
  assert.deepEqual([code, stderr.trimEnd().split('\n').length], [2, 1]);
  assert.match(stderr, /is not a monitor's status: it has no issues/);
});

test('a name that would command a terminal is printed as what it is', async (t) => {
  const { incoming, productsDb } = workspace(t);
  writeFileSync(join(incoming, '\u001b]0;owned\u0007_sb00.hdf5'), 'text');
  const { stderr } = await cli(['backfill', incoming, productsDb]);
  const { stdout } = await cli(['verify', incoming, productsDb]);
  for (const text of [stderr, stdout]) {
    assert.match(text, /\\u001b\]0;owned\\u0007_sb00/);
    assert.ok(!text.includes('\u001b]'));
  }
});

test(
  'too few file descriptors: one line says what to raise; with enough, a backfill runs',
  needs('prlimit'),
  (t) => {
    const { incoming, productsDb } = workspace(t);
    cpSync(fixture('dsa110'), incoming, { recursive: true });
    const run = (limit: number) => {
      const backfill = [
        cliPath,
        'backfill',
        incoming,
        productsDb,
        '--create',
        '--files-at-once',
        '16',
        '--json',
      ];
      return spawnSync('prlimit', [`--nofile=${limit}`, process.execPath, ...backfill], {
        env: environment,
        encoding: 'utf8',
      });
    };
    const { status, stderr } = run(63);
    assert.equal(
      stderr,
      'pointing-monitor: at most 63 files can be open at once, and 64 are needed: raise the limit (LimitNOFILE=, ulimit -n)\n',
    );
    assert.equal(status, 2);
    assert.match(run(64).stdout, /"succeeded":6,/);
  },
);
