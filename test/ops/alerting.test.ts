import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { STOPPED } from '#src/health/report.js';
import type { Status } from '#src/health/status.js';
import { issueCodes, isWarning, severityOf } from '#src/issues.js';
import { type Answer, brief, check, script } from '../helpers/alerting.js';
import { Document } from '../helpers/documents.js';
import { HangingMount } from '../helpers/hanging-mount.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { Server, writeStatus } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { root, type Workspace, workspace } from '../helpers/workspace.js';

const tools = needs('jq', 'curl');

/** What it says of a monitor that is healthy but for this. */
function of(space: Workspace, status: object, args: readonly string[] = [], ageSeconds = 0): Answer {
  writeStatus(space.statusFile, status as Partial<Status>, ageSeconds);
  return check([...args, space.statusFile]);
}

test('a real monitor: missing, healthy, with a failed file, unhealthy, stopped', tools, async (t) => {
  const space = workspace(t);
  const { incoming, statusFile } = space;
  assert.equal(
    brief(check([statusFile])),
    `CRITICAL no status file at ${statusFile}: no monitor has run here, or it writes elsewhere: check PIPELINE_STATE_DIR`,
  );
  simulate(incoming, ['--count', '3', '--start', 'now']);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '2']);
  await monitor.until('three files', ({ healthy, newest_observation, reconciliation }) =>
    Boolean(healthy && newest_observation && reconciliation?.with_row === 3),
  );
  const well = check([statusFile]);
  assert.match(brief(well), /^OK healthy; newest observation \d{4}-.+Z at declination 54\.57 deg$/);
  const { age, iers_days_left, ...others } = well.performance;
  assert.match(age as string, /^\d+s;;120;0$/);
  assert.match(iers_days_left as string, /^\d+;0:;;0$/);
  assert.deepEqual(others, {
    files_processed: '3c;;;0',
    files_failed: '0c;;;0',
    queue_depth: '0;;;0',
    unwritten: '0;;;0',
    recent_errors: '0;0;;0',
    quarantined: '0;;;0',
  });

  // Renamed, so that it is seen once.
  const broken = join(space.path, 'broken');
  writeFileSync(broken, 'not HDF5');
  renameSync(broken, join(incoming, '2025-10-04T15:12:13_sb00.hdf5'));
  await monitor.until('the failure', ({ metrics, reconciliation }) =>
    Boolean(metrics.recent_error_count === 1 && reconciliation?.failed === 1),
  );
  assert.match(
    brief(check([statusFile])),
    /^WARNING files that failed in the last hour: 1, the latest .*not_hdf5/,
  );
  assert.equal(check(['--warn-errors', '1', statusFile]).state, 'OK');
  const quarantine = check(['--warn-errors', '1', '--warn-quarantined', '0', statusFile]);
  assert.equal(brief(quarantine), 'WARNING files in state failed: 1');
  assert.equal(quarantine.performance.quarantined, '1;0;;0');
  assert.match(
    brief(check(['--warn-errors', '1', '--warn-iers-days', '100000', statusFile])),
    /^WARNING the IERS/,
  );

  rmSync(incoming, { recursive: true });
  await monitor.until('the issue', ({ healthy }) => !healthy);
  assert.match(brief(check([statusFile])), /^CRITICAL the watch directory .* does not exist/);
  await monitor.stop();
  assert.match(brief(check([statusFile])), /^CRITICAL the monitor has stopped: start it/);
});

test('a monitor that was killed is stale by its own clock, in the file and by the API', tools, async (t) => {
  const space = workspace(t);
  const monitor = new Monitor(t, space);
  const status = await monitor.healthy();
  const url = (await new Server(t, space).url()).replace(/\/$/, '');
  assert.match(brief(check(['--url', url])), /^OK healthy/);
  assert.match(brief(check(['--url', `${url}/`, '--host', status.host])), /^OK healthy/);
  monitor.process.kill('SIGKILL');
  await monitor.finished;
  writeFileSync(space.statusFile, JSON.stringify({ ...status, timestamp: status.timestamp - 300 }));
  const silence = /^CRITICAL the status is 3\d\d s old, more than 120 s: the monitor hangs or was killed$/;
  assert.match(brief(check([space.statusFile])), silence);
  assert.match(brief(check(['--url', url])), silence);
  assert.match(
    brief(check(['--url', url, '--host', 'nobody&x=1'])),
    /^UNKNOWN .* no monitor of nobody&x=1 has/,
  );
  rmSync(space.statusFile);
  assert.match(brief(check(['--url', url])), /^CRITICAL no status file at/);
});

test('an unreachable or silent server is critical, an unusable address unknown', tools, async (t) => {
  const silent = createServer().listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  assert.match(
    brief(check(['--url', url, '--timeout', '1'])),
    /^CRITICAL http.* is not responding: .*timed out/,
  );
  assert.match(
    brief(check(['--url', 'http://127.0.0.1:1'])),
    /^CRITICAL http.* is not responding: .*connect/,
  );
  assert.match(brief(check(['--url', `file://${root}`])), /^UNKNOWN cannot query file:/);
});

test('a running first scan is a warning, any other issue critical', tools, (t) => {
  const space = workspace(t);
  const scan = 'the first scan of /in is still running';
  const starting = { healthy: false, issues: [scan], issue_codes: ['first_scan'] };
  assert.equal(brief(of(space, starting)), `WARNING ${scan}`);
  const two = { ...starting, issue_codes: ['first_scan', 'first_scan'] };
  assert.equal(of(space, two).state, 'WARNING');
  const both = { ...starting, issues: [scan, 'late'], issue_codes: ['first_scan', 'observation_overdue'] };
  assert.equal(brief(of(space, both)), `CRITICAL ${scan}; late`);
});

test('an issue has the state of its severity: page is critical, day and note are warnings', tools, (t) => {
  const space = workspace(t);
  const states = { page: 'CRITICAL', day: 'WARNING', note: 'WARNING' };
  for (const code of issueCodes) {
    const message = `it is ${code}`;
    const status = isWarning(code)
      ? { healthy: true, warnings: [message], warning_codes: [code] }
      : { healthy: false, issues: [message], issue_codes: [code] };
    assert.equal(brief(of(space, status)), `${states[severityOf(code)]} ${message}`);
  }
});

test('in maintenance it is OK with the same words, until it ends', tools, async (t) => {
  const space = workspace(t);
  const now = Date.now() / 1000;
  const ill = { healthy: false, issues: ['the disk is full'], issue_codes: ['database_full'] };
  const until = (unix: number) => ({ until: unix, until_iso: 'noon', reason: 'new | disk' });
  const note = (value: unknown) => writeFileSync(`${space.statusFile}.maintenance`, JSON.stringify(value));
  note(until(now + 60));
  const silenced = 'OK in maintenance until noon (new / disk): the disk is full';
  assert.equal(brief(of(space, ill)), silenced);
  assert.match(
    brief(of(space, { running: false })),
    /^OK in maintenance .*: the monitor has stopped: start it, as a service with .*$/,
  );
  assert.match(brief(of(space, {}, [], 500)), /^OK in maintenance .*: the status is 5\d\d s old/);
  assert.equal(of(space, { healthy: 'yes' }).state, 'UNKNOWN');
  assert.equal(brief(of(space, {})), 'OK healthy');
  // The last was noted by a clock that ran ahead.
  for (const ended of [until(now - 1), until(now + 30 * 86_400), null, 'text', { until: 'never' }, []]) {
    note(ended);
    assert.equal(brief(of(space, ill)), 'CRITICAL the disk is full', JSON.stringify(ended));
  }
  note(until(now + 60));
  const url = await new Server(t, space).url();
  assert.equal(brief(of(space, ill)), silenced);
  assert.equal(brief(check(['--url', url])), silenced);
  // Ended after the monitor had stopped, whose last status still has it.
  rmSync(`${space.statusFile}.maintenance`);
  const stopped = { running: false, healthy: false, maintenance: until(now + 60) };
  assert.equal(brief(of(space, stopped)), `CRITICAL ${STOPPED.message}`);
  assert.equal(brief(check(['--url', url])), `CRITICAL ${STOPPED.message}`);
});

test('the documents list every issue under its severity', () => {
  const rows = [...new Document('docs/alerting.md').text.matchAll(/^\| (page|day|note) \|.*\| (.*) \|$/gm)];
  assert.deepEqual(
    Object.fromEntries(rows.map(([, severity, codes]) => [severity, codes?.match(/\w+/g)])),
    Object.fromEntries(
      ['page', 'day', 'note'].map((severity) => [
        severity,
        issueCodes.filter((code) => severityOf(code) === severity),
      ]),
    ),
  );
});

test('limits of age, and clocks that disagree', tools, (t) => {
  const space = workspace(t);
  assert.equal(of(space, {}, [], 90).state, 'OK');
  assert.match(brief(of(space, {}, [], 130)), /^CRITICAL the status is 1[3-9]\d s old, more than 120 s/);
  assert.equal(of(space, {}, ['--max-age', '300'], 130).state, 'OK');
  assert.equal(of(space, {}, [], -60).state, 'OK');
  assert.match(
    brief(of(space, {}, [], -300)),
    /^CRITICAL the status is (300|2\d\d) s in the future: check the clocks/,
  );
});

test('only true is healthy, and anything that is not a status is unknown', tools, (t) => {
  const space = workspace(t);
  const texts = [
    '',
    '\n',
    'garbage',
    '{"running": true, "heal',
    '[]',
    '[{"healthy": true}]',
    '{}',
    'null',
    '{}{}',
  ];
  for (const text of [...texts, '\u0000\u0001\n|;', '<html>502</html>', '{"healthy":true,"running":true}']) {
    writeFileSync(space.statusFile, text);
    assert.match(brief(check([space.statusFile])), /^UNKNOWN .* is not a monitor status: it is/, text);
  }
  for (const healthy of ['true', 1, null, {}]) assert.equal(of(space, { healthy }).state, 'UNKNOWN');
  assert.equal(brief(of(space, { healthy: false })), 'CRITICAL unhealthy, without a reason');
  for (const running of ['true', 1, null, false]) {
    assert.equal(brief(of(space, { running })), `CRITICAL ${STOPPED.message}`);
  }
  writeFileSync(space.statusFile, JSON.stringify({ running: false, healthy: false, error: 'away' }));
  assert.equal(check([space.statusFile]).state, 'CRITICAL');
});

test('hostile words and numbers stay on one line, apart from the performance data', tools, (t) => {
  const space = workspace(t);
  const issues = [
    'a|b=1;2\nPOINTING OK - c',
    '\r\t\u0000\u001b[31m\u0085\u2028\u202e',
    '"q" \'q\' $(id) `id` \\ %s é',
    'x',
  ];
  const { state, words, performance } = of(space, { healthy: false, issues });
  assert.equal(state, 'CRITICAL');
  assert.match(words, /^a\/b=1;2 POINTING OK - c; .*; "q" 'q' \$\(id\) `id` \\ %s é; x$/);
  assert.deepEqual(Object.keys(performance), ['age']);

  const long = of(space, { healthy: false, issues: ['y'.repeat(1e6)] });
  assert.ok(long.words.length <= 600 && long.words.endsWith('...'));
  const odd = [null, { a: '|' }, 3] as unknown as string[];
  assert.equal(of(space, { healthy: false, issues: odd }).words, 'null; {"a":"/"}; 3');
  assert.equal(of(space, { healthy: false, issues: 'one | text' }).words, 'one / text');
  const metrics = { files_processed: '3|x=4', files_failed: 1e300, recent_error_count: -1.5 };
  const numbers = of(space, {
    metrics,
    queue: 'x',
    extraction: null,
    reconciliation: [],
    newest_observation: 7,
  });
  assert.equal(numbers.state, 'OK');
  assert.deepEqual(Object.keys(numbers.performance), ['age', 'recent_errors']);
});

test(
  'an unreadable status, a directory and a pipe without a writer are not taken for a healthy one',
  tools,
  (t) => {
    const space = workspace(t);
    writeStatus(space.statusFile, {});
    chmodSync(space.statusFile, 0);
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    assert.match(
      brief(check([space.statusFile], nobody)),
      /^UNKNOWN this user cannot read the status file \S+: .* needs the group contimg$/,
    );
    assert.match(brief(check([space.incoming])), /^UNKNOWN .*Is a directory/);
    const pipe = join(space.path, 'pipe');
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    assert.match(brief(check(['--timeout', '1', pipe])), /^CRITICAL reading .* took more than 1 s/);
  },
);

test('wrong arguments are unknown, and so is a host without jq; Node is not needed', tools, (t) => {
  const space = workspace(t);
  writeStatus(space.statusFile, {});
  for (const args of [
    ['--max-age'],
    ['--max-age', 'x|y\nz'],
    ['--warn-errors', '-1'],
    ['--no|such'],
    ['a', 'b'],
    ['--url', 'http://127.0.0.1:1', 'a'],
    ['--host', 'a', space.statusFile],
  ]) {
    assert.equal(check(args).state, 'UNKNOWN', args.join(' '));
  }
  const help = spawnSync(script, ['--help'], { encoding: 'utf8' });
  assert.equal(help.status, 3);
  assert.match(help.stdout, /^ {2}--max-age S/m);

  const bin = join(space.path, 'bin');
  mkdirSync(bin);
  const offer = (name: string) =>
    symlinkSync(spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim(), join(bin, name));
  for (const name of ['sh', 'cat', 'cut', 'timeout', 'tr']) offer(name);
  const env = { PATH: bin };
  assert.equal(brief(check([space.statusFile], { env })), 'UNKNOWN jq is not installed');
  offer('jq');
  assert.equal(brief(check([space.statusFile], { env })), 'OK healthy');
  assert.equal(brief(check(['--url', 'http://127.0.0.1:1'], { env })), 'UNKNOWN curl is not installed');
  copyFileSync(space.statusFile, join(space.path, 'pointing-monitor-status.json'));
  assert.equal(brief(check([], { env: { ...env, PIPELINE_STATE_DIR: space.path } })), 'OK healthy');
});

test('for sites of the Python monitor: silent while healthy, else the word ALERT and exit 1', tools, (t) => {
  const space = workspace(t);
  const alert = () => {
    const { status, stdout } = spawnSync(script, ['--alert', space.statusFile], { encoding: 'utf8' });
    return [status, stdout];
  };
  assert.deepEqual(alert(), [
    1,
    `ALERT: Pointing monitor - no status file at ${space.statusFile}: no monitor has run here, or it writes elsewhere: check PIPELINE_STATE_DIR\n`,
  ]);
  writeStatus(space.statusFile, { metrics: { recent_error_count: 3 } } as unknown as Status);
  assert.deepEqual(alert(), [0, '']);
  writeStatus(space.statusFile, { healthy: false, issues: ['a | b'] });
  assert.deepEqual(alert(), [1, 'ALERT: Pointing monitor - a / b\n']);
  writeFileSync(space.statusFile, '');
  assert.match(String(alert()), /^1,ALERT: .* it is empty\n$/);
});

test('shellcheck finds nothing wrong', needs('shellcheck'), () => {
  const { status, stdout, error } = spawnSync('shellcheck', ['--shell=sh', script], {
    encoding: 'utf8',
  });
  assert.ok(!error, `shellcheck is missing: "npm run setup" installs it (${error})`);
  assert.equal(status, 0, stdout);
});

test('a status file whose file system hangs is critical in time', needs('jq', 'bindfs'), async (t) => {
  const space = workspace(t);
  const state = join(space.path, 'state');
  const shown = join(space.path, 'shown');
  for (const directory of [state, shown]) mkdirSync(directory);
  writeFileSync(join(state, 'status.json'), '{}');
  const mount = await HangingMount.mount(t, state, shown);
  mount.hang();
  const answer = check(['--timeout', '1', join(shown, 'status.json')]);
  mount.goOn();
  assert.match(brief(answer), /^CRITICAL reading .* took more than 1 s: check its file system/);
});
