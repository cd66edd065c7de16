import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LogFiles } from '#src/log/log-files.js';
import { createLogger } from '#src/log/logger.js';
import { plainLine } from '#src/log/plain-line.js';
import { UNLIMITED } from '#src/log/repeat-limiter.js';
import { cliPath, environment, finished, spawnCli } from '../helpers/cli.js';
import { Monitor } from '../helpers/monitor.js';
import { mountTmpfs } from '../helpers/mount.js';
import { needs } from '../helpers/needs.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const linesOf = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

function collector() {
  const lines: Record<string, unknown>[] = [];
  return { lines, write: (line: string) => void lines.push(JSON.parse(line)) };
}

test('a plain line is one line, whatever a name holds', () => {
  const line = plainLine(
    JSON.stringify({
      level: 'WARNING',
      time: '2025-10-04T15:14:41.000Z',
      path: '/in/a\n\u001b[2J\u0085b',
      msg: 'is\nbad',
    }),
    'of day',
  );
  assert.equal(line, '15:14:41 WARNING is\\nbad  path=/in/a\\n\\u001b[2J\u{FFFD}b\n');
});

test('what repeats itself is logged a few times, then counted; other kinds are not held up by it', () => {
  const sink = collector();
  const log = createLogger('INFO', sink);
  for (let i = 0; i < 5000; i++) log.warn({ path: `/in/${i}`, code: 'not_hdf5' }, `it is text, line ${i}`);
  for (let i = 0; i < 5000; i++) log.error(`the database is unreachable for ${i} s`);
  log.warn({ path: '/in/x', code: 'truncated' }, 'it is cut off');
  log.info('healthy');
  assert.equal(sink.lines.length, 42);
  assert.deepEqual(sink.lines.at(-1)?.msg, 'healthy');
  process.emit('exit', 0);
  assert.deepEqual(
    sink.lines.slice(42).map(({ level, repeats, msg }) => ({ level, repeats, msg })),
    [
      { level: 'WARNING', repeats: 4980, msg: '4980 more like this: it is text, line 0' },
      { level: 'ERROR', repeats: 4980, msg: '4980 more like this: the database is unreachable for 0 s' },
    ],
  );
});

test('kinds without end are bounded as well', () => {
  const sink = collector();
  const log = createLogger('INFO', sink);
  const word = (i: number) =>
    i.toString().replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string);
  for (let i = 0; i < 10_000; i++) log.warn(`problem ${word(i)}`);
  assert.ok(sink.lines.length <= 520, String(sink.lines.length));
});

test('two files: every line, and those worth a look; reopened after a rotation', (t) => {
  const { path } = workspace(t);
  const out = join(path, 'logs', 'pointing-monitor.out');
  const err = join(path, 'logs', 'pointing-monitor.err');
  const files = new LogFiles(out, { format: 'json' });
  const log = createLogger('INFO', files);
  log.info('one');
  log.error('two');
  assert.deepEqual(
    linesOf(out).map(({ msg }) => msg),
    ['one', 'two'],
  );
  assert.deepEqual(
    linesOf(err).map(({ msg }) => msg),
    ['two'],
  );
  renameSync(out, `${out}.1`);
  log.info('three');
  assert.deepEqual(
    linesOf(`${out}.1`).map(({ msg }) => msg),
    ['one', 'two', 'three'],
  );
  files.reopen();
  log.info('four');
  assert.deepEqual(
    linesOf(out).map(({ msg }) => msg),
    ['four'],
  );
});

test('a log on a full disk goes to stderr until there is room', needs('mounts'), (t) => {
  const disk = mountTmpfs(t, '64k');
  const fallback = collector();
  const out = join(disk, 'monitor.out');
  const log = createLogger('INFO', new LogFiles(out, { fallback }));
  log.info('one');
  const filler = join(disk, 'filler');
  assert.throws(() => writeFileSync(filler, Buffer.alloc(1 << 17)), /ENOSPC/);
  for (let i = 0; i < 300; i++)
    log.info(`${'x'.repeat(100)} ${String.fromCharCode(97 + (i % 26), 97 + i / 26)}`);
  assert.match(String(fallback.lines[0]?.msg), /cannot write the log .* \(ENOSPC.*logging here instead/);
  assert.ok(fallback.lines.length > 100);
  rmSync(filler);
  const before = fallback.lines.length;
  log.info('room again');
  assert.equal(fallback.lines.length, before);
  assert.match(readFileSync(out, 'utf8'), /room again/);
});

function startLogging(t: TestContext, args: string[], env: NodeJS.ProcessEnv = {}) {
  const space = workspace(t);
  const monitor = spawnCli(
    [
      'monitor',
      space.incoming,
      space.productsDb,
      '--status-file',
      space.statusFile,
      '--reconcile-interval',
      '1',
      ...args,
    ],
    env,
  );
  const ended = finished(monitor);
  t.after(() => monitor.kill('SIGKILL'));
  return { space, monitor, ended };
}

test('a monitor goes on through rotations of its log, by SIGHUP', async (t) => {
  const { path } = workspace(t);
  const out = join(path, 'logs/pointing-monitor.out');
  const { monitor, ended } = startLogging(t, ['--log-file', out]);
  await waitFor('its first lines', () => existsSync(out) && readFileSync(out, 'utf8').includes('healthy'));
  renameSync(out, `${out}.1`);
  monitor.kill('SIGHUP');
  monitor.kill('SIGHUP');
  monitor.kill('SIGTERM');
  const { code, stderr } = await ended;
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.match(readFileSync(out, 'utf8'), /Z INFO {4}pointing monitor stopped$/m);
});

test('without a log file the end of its terminal is an orderly stop', async (t) => {
  const { space, monitor, ended } = startLogging(t, []);
  await waitFor('its status', () => existsSync(space.statusFile));
  monitor.kill('SIGHUP');
  assert.equal((await ended).code, 0);
  assert.equal(JSON.parse(readFileSync(space.statusFile, 'utf8')).running, false);
});

test('thousands of bad files make some lines, not thousands, and every one is in the ledger', async (t) => {
  const space = workspace(t);
  for (let i = 0; i < 3000; i++) {
    writeFileSync(join(space.incoming, `2025-10-04T${String(i).padStart(6, '0')}_sb00.hdf5`), 'this is text');
  }
  const [good] = simulate(join(space.path, 'made'), ['--count', '1']);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  const status = await monitor.until(
    'all of them settled',
    ({ reconciliation }) => reconciliation?.failed === 3000,
  );
  assert.equal(status.metrics.files_failed, 3000);
  copyFileSync(good as string, join(space.incoming, basename(good as string)));
  // A copy is written in place: what is read in the middle of it is read again.
  await monitor.until('the good one', ({ metrics }) => metrics.files_succeeded >= 1);
  const { stderr } = await monitor.stop();
  const lines = stderr.split('\n').filter(Boolean);
  assert.ok(lines.length < 60, `${lines.length} lines`);
  assert.match(stderr, /"repeats":2980,/);
});

test('in the journal each line has its priority, and no second time of day', async (t) => {
  const { path } = workspace(t);
  const log = join(path, 'journal');
  writeFileSync(log, '');
  const descriptor = openSync(log, 'a');
  const { dev, ino } = fstatSync(descriptor);
  const child = spawn(
    process.execPath,
    [
      cliPath,
      'monitor',
      join(path, 'missing'),
      join(path, 'p.sqlite3'),
      '--status-file',
      join(path, 's.json'),
    ],
    { stdio: ['ignore', 'ignore', descriptor], env: { ...environment, JOURNAL_STREAM: `${dev}:${ino}` } },
  );
  t.after(() => child.kill('SIGKILL'));
  await waitFor('a warning in the journal', () =>
    /^<4>unhealthy {2}issues=/m.test(readFileSync(log, 'utf8')),
  );
  assert.match(readFileSync(log, 'utf8'), /^<6>pointing monitor starting {2}version=/);
});

test('health lines come as often as they are asked for, and what is counted keeps its level', () => {
  const sink = collector();
  const log = createLogger('INFO', sink);
  for (let i = 0; i < 50; i++) log.info({ [UNLIMITED]: true }, 'healthy');
  assert.equal(sink.lines.length, 50);
  assert.deepEqual(Object.keys(sink.lines[0] ?? {}).sort(), ['level', 'msg', 'time']);
  for (let i = 0; i < 50; i++) log.info('routine');
  process.emit('exit', 0);
  const { level, msg } = sink.lines.at(-1) ?? {};
  assert.deepEqual([level, msg], ['INFO', '30 more like this: routine']);
});
