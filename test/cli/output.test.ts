/** Every command into a full device and into a pipe whose reader is gone. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { commands } from '#src/cli/schema/commands.js';
import { cli, cliPath, environment, spawnCli } from '../helpers/cli.js';
import { needs } from '../helpers/needs.js';
import { simulate } from '../helpers/simulator.js';
import { workspace } from '../helpers/workspace.js';

const NAME = '\u001b]0;owned\u0007\u009b31m_sb00.hdf5';

async function made(t: TestContext) {
  const { path, incoming, productsDb, statusFile } = workspace(t);
  const [file = ''] = simulate(incoming, ['--count', '40']);
  await cli(['backfill', incoming, productsDb]);
  return { path, incoming, productsDb, statusFile, file };
}

type Place = Awaited<ReturnType<typeof made>>;

const lines: Record<string, (place: Place) => string[]> = {
  help: () => ['--help'],
  version: () => ['--version'],
  completion: () => ['completion', 'bash'],
  extract: ({ file }) => ['extract', file],
  'extract --json': ({ file }) => ['extract', file, '--json'],
  backfill: ({ incoming, productsDb }) => ['backfill', incoming, productsDb, '--force'],
  'backfill --json': ({ incoming, productsDb }) => ['backfill', incoming, productsDb, '--force', '--json'],
  merge: ({ path, productsDb }) => ['merge', join(path, 'into.sqlite3'), productsDb],
  verify: ({ incoming, productsDb }) => ['verify', incoming, productsDb, '--paths'],
  retry: ({ productsDb }) => ['retry', productsDb],
  history: ({ productsDb }) => ['history', productsDb],
  'history --json': ({ productsDb }) => ['history', productsDb, '--json'],
  'history --format votable': ({ productsDb }) => ['history', productsDb, '--format', 'votable'],
  transits: () => ['transits', '3C286'],
  crossmatch: ({ productsDb }) => ['crossmatch', '--from', '2025-10-01', '--products-db', productsDb],
  observed: ({ productsDb }) => ['observed', '3C48', '--products-db', productsDb],
  coverage: ({ productsDb }) => ['coverage', productsDb],
  doctor: ({ incoming, productsDb }) => ['doctor', incoming, productsDb],
  backup: ({ path, productsDb }) => ['backup', join(path, 'backup.sqlite3'), productsDb, '--overwrite'],
  maintenance: ({ productsDb }) => ['maintenance', productsDb],
  'status --json': ({ statusFile }) => ['status', '--status-file', statusFile, '--json'],
  serve: ({ productsDb, statusFile }) => ['serve', productsDb, '--status-file', statusFile, '--port', '0'],
};

test('every command that writes to stdout is among them', () => {
  const tried = new Set(Object.keys(lines).map((name) => name.split(' ')[0]));
  const missing = commands.map(({ name }) => name as string).filter((name) => !tried.has(name));
  assert.deepEqual(missing, ['monitor']);
});

test('a full device: one line on stderr names it, exit 1', async (t) => {
  const place = await made(t);
  for (const [name, line] of Object.entries(lines)) {
    const { status, stderr } = spawnSync(process.execPath, [cliPath, ...line(place)], {
      env: environment,
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });
    assert.equal(status, 1, `${name}: ${stderr}`);
    const complaint = stderr.split('\n').filter((each) => each.startsWith('pointing-monitor:'));
    assert.equal(complaint.length, 1, `${name}: ${stderr}`);
    assert.match(complaint[0] as string, /cannot write to standard output: .*ENOSPC/);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
});

test('a closed pipe: nothing more is said, and the status is that of SIGPIPE', async (t) => {
  const place = await made(t);
  for (const [name, line] of Object.entries(lines)) {
    const child = spawnCli(line(place));
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 141, `${name}: ${stderr}`);
    assert.doesNotMatch(stderr, /pointing-monitor:|\n {4}at /, name);
  }
});

test('no command prints a control character of a file name, whatever the format', async (t) => {
  const place = await made(t);
  writeFileSync(join(place.incoming, NAME), readFileSync(place.file));
  writeFileSync(join(place.incoming, `2025-01-01T00:00:00${NAME}`), 'this is text');
  const check = (name: string, text: string) =>
    assert.doesNotMatch(text, /[^\P{Cc}\n\r]/u, `${name}: ${JSON.stringify(text)}`);
  const backfill = await cli(['backfill', place.incoming, place.productsDb]);
  assert.match(backfill.stderr, /\\u001b\]0;owned\\u0007/);
  check('backfill', backfill.stdout + backfill.stderr);
  const json = await cli(['backfill', place.incoming, place.productsDb, '--force', '--json']);
  check('backfill --json', json.stdout);
  assert.equal(JSON.parse(json.stdout.split('\n')[0] as string).path.includes(NAME), true);
  const names = ['verify', 'history', 'history --json', 'crossmatch', 'observed'] as const;
  for (const name of names) {
    const { stdout, stderr } = await cli((lines[name] as (place: Place) => string[])(place));
    check(name, stdout + stderr);
  }
  const extract = await cli(['extract', join(place.incoming, NAME)]);
  assert.match(extract.stdout, /\\u001b\]0;owned/);
  check('extract', extract.stdout + extract.stderr);
  check('a missing file', (await cli(['extract', `/no/${NAME}`])).stderr);
  check('a missing database', (await cli(['history', `/no/${NAME}`])).stderr);
  check('an unknown source', (await cli(['transits', NAME])).stderr);
});

test('a password is never printed, however wrong its URL is', async () => {
  const secret = 'hunter2';
  const urls = [
    `postgresql://me:${secret}/x@host/db`,
    `postgresql://me:${secret}@host:port/db`,
    `postgres://me:a@${secret}@127.0.0.1:1/db`,
    `postgresql://me:${secret}?@/#@127.0.0.1:1/db`,
    `postgresql://127.0.0.1:1/db?password=${secret}`,
    `postgresql://127.0.0.1:1/db?user=me&pass%77ord=${secret}`,
    `postgresql://me:${secret}@[::1/db`,
    `POSTGRESQL://me:${secret}@127.0.0.1:1/`,
  ];
  for (const url of urls) {
    for (const args of [
      ['history', url],
      ['retry', url],
      ['transits', '--products-db', url],
      ['merge', url, url],
    ]) {
      const { code, stdout, stderr } = await cli(args);
      assert.ok(code === 1 || code === 2, `${url}: ${code}`);
      assert.ok(!(stdout + stderr).includes(secret), stderr);
      assert.match(stderr, /^pointing-monitor: [^\n]+\n$/);
    }
  }
});

test('an unreadable directory is one line, exit 2', needs('others'), async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  spawnSync('chmod', ['755', path]);
  spawnSync('chmod', ['000', incoming]);
  t.after(() => spawnSync('chmod', ['755', incoming]));
  for (const command of ['backfill', 'verify']) {
    const child = spawn(process.execPath, [cliPath, command, incoming, productsDb], {
      uid: 65534,
      gid: 65534,
      env: { PATH: process.env.PATH },
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^pointing-monitor: this user cannot read the (data|watch) directory [^\n]+\n$/);
  }
  assert.equal(existsSync(productsDb), false);
});
