import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { finished, unhealthyLooks } from '../helpers/cli.js';
import { historyRows } from '../helpers/database.js';
import { install, installedUnit } from '../helpers/installation.js';
import { needs } from '../helpers/needs.js';
import { NotifySocket } from '../helpers/notify-socket.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { root, workspace } from '../helpers/workspace.js';

const MONITOR = 'contimg-pointing-monitor.service';
const API = 'contimg-pointing-api.service';
const BACKFILL = 'contimg-pointing-backfill@.service';
const BACKUP = 'contimg-pointing-backup.service';
const FAILURE = 'contimg-pointing-failure@.service';
const WATCHDOG_SECONDS = 2;

const analyze = (args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync('systemd-analyze', ['--no-pager', ...args], { encoding: 'utf8' });

/** Complaints of systemd's own reading of units; it exits 0 for what it merely ignores. */
function complaints(units: readonly string[]): string {
  const { status, stdout, stderr, error } = analyze(['verify', ...units]);
  assert.equal(error, undefined);
  return `${stdout}${stderr}${status === 0 ? '' : `exit ${status}`}`;
}

let prefix: string;
before(() => {
  prefix = mkdtempSync(join(tmpdir(), 'pointing-host-'));
  install(prefix);
});
after(() => rmSync(prefix, { recursive: true, force: true }));

/** What contimg.env says on the test's own host. */
function site(t: TestContext) {
  const { path, incoming } = workspace(t);
  const state = join(path, 'state');
  mkdirSync(state);
  const productsDb = join(state, 'products.sqlite3');
  const settings = {
    CONTIMG_INPUT_DIR: incoming,
    PIPELINE_STATE_DIR: state,
    PIPELINE_PRODUCTS_DB: productsDb,
    STATE_DIRECTORY: join(path, 'remembered'),
    POINTING_API_PORT: '0',
    POINTING_MONITOR_FLAGS: '--reconcile-interval 1 --health-check-interval 1',
  };
  return { path, incoming, state, productsDb, settings };
}

/** Runs a unit's command as a service manager would: nothing of this environment or directory reaches it. */
function start(t: TestContext, unit: string, env: NodeJS.ProcessEnv, instance?: string) {
  const { command, environment } = installedUnit(prefix, unit);
  Object.assign(environment, env);
  const [program, ...args] = command(instance);
  const service = spawn(program as string, args, {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => service.kill('SIGKILL'));
  return { service, ended: finished(service) };
}

test(
  'systemd reads the units without complaint, and sees what is wrong in one',
  needs('systemd-analyze'),
  (t) => {
    const { path } = workspace(t);
    const source = join(root, 'ops/systemd');
    const units = readdirSync(source).filter((name) => /\.(service|timer)$/.test(name));
    assert.equal(units.length, 5);
    // Those that are installed name the Node of this machine: a command that does not exist is a complaint.
    const folder = join(prefix, 'etc/systemd/system');
    assert.equal(complaints(units.map((name) => join(folder, name))), '');

    mkdirSync(join(folder, `${MONITOR}.d`));
    symlinkSync(join(source, 'postgresql.conf'), join(folder, `${MONITOR}.d/postgresql.conf`));
    assert.equal(complaints([join(folder, MONITOR)]), '');

    copyFileSync(join(root, 'ops/alerting', FAILURE), join(folder, FAILURE));
    symlinkSync(join(root, 'ops/alerting/on-failure.conf'), join(folder, `${MONITOR}.d/on-failure.conf`));
    assert.equal(complaints([join(folder, MONITOR), join(folder, FAILURE)]), '');

    writeFileSync(join(path, MONITOR), '[Service]\nExecStart=/usr/bin/true\nProtectSistem=strict\n');
    assert.match(complaints([join(path, MONITOR)]), /ProtectSistem/);
  },
);

test('the units and the installed command run the program that the package ships', () => {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const program = `/opt/pointing-monitor/${bin['pointing-monitor']}`;
  const launcher = readFileSync(join(prefix, 'usr/local/bin/pointing-monitor'), 'utf8');
  assert.equal(launcher.split(program).length, 3, launcher);
  for (const name of [MONITOR, API, BACKFILL]) {
    assert.match(
      readFileSync(join(prefix, 'etc/systemd/system', name), 'utf8'),
      new RegExp(`^ExecStart=\\S+ ${program} `, 'm'),
    );
  }
});

test('the settings and the units name files of the installation by where they are', () => {
  const files = [
    'etc/contimg/contimg.env',
    ...[MONITOR, API, BACKFILL, BACKUP].map((name) => `etc/systemd/system/${name}`),
  ];
  for (const file of files) {
    const text = readFileSync(join(prefix, file), 'utf8');
    const named = text.match(/\/opt\/pointing-monitor\/[\w./-]*\w/g) ?? [];
    assert.ok(named.length > 0, file);
    for (const path of named) assert.ok(existsSync(join(prefix, path)), `${file}: ${path}`);
    assert.doesNotMatch(text, /(?<!\/opt\/pointing-monitor\/)\b(docs|ops)\/[\w/.-]+\.(md|conf)/, file);
  }
});

test('the units leave little exposed, by systemd’s own reckoning', needs('systemd-analyze'), () => {
  const tenths = { [MONITOR]: 15, [API]: 20, [BACKFILL]: 15, [BACKUP]: 15 };
  const exposure = (path: string, threshold: number) =>
    analyze(['security', '--offline=true', `--threshold=${threshold}`, path]);
  for (const [name, threshold] of Object.entries(tenths)) {
    const { status, stdout } = exposure(join(root, 'ops/systemd', name), threshold);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /Overall exposure level/);
  }
  assert.notEqual(exposure(join(root, 'ops/systemd', MONITOR), 1).status, 0);
});

test('the installed monitor starts, is ready, feeds the watchdog unless its database is unreachable, and stops', async (t) => {
  const { path, incoming, state, productsDb, settings } = site(t);
  const socket = await NotifySocket.open(t, join(path, 'notify'));
  simulate(incoming, ['--count', '3']);
  const { service, ended } = start(t, MONITOR, {
    ...settings,
    NOTIFY_SOCKET: socket.path,
    WATCHDOG_USEC: String(WATCHDOG_SECONDS * 1e6),
  });
  const looks = unhealthyLooks(service);
  await waitFor('READY', () => socket.count('READY=1') === 1);
  await waitFor('three files', () => socket.has(/^STATUS=healthy; 3 files stored, 0 failed since start/));
  const fed = () => socket.count('WATCHDOG=1');
  await waitFor('food for the watchdog', () => fed() >= 2);
  const libraries = readFileSync(`/proc/${service.pid}/maps`, 'utf8').match(/\/\S+\.node$/gm) ?? [];
  assert.ok(libraries.some((library) => basename(library) === 'pointing_monitor.node'));
  for (const library of libraries) assert.ok(library.startsWith(`${prefix}/opt/`), library);

  renameSync(state, `${state}.away`);
  await waitFor('the problem', () => socket.has(/^STATUS=unhealthy: the directory of the database/));
  const hungry = fed();
  await looks(2 * WATCHDOG_SECONDS);
  assert.equal(fed(), hungry);
  renameSync(`${state}.away`, state);
  await waitFor('food again', () => fed() > hungry + 1);

  service.kill('SIGTERM');
  const { code } = await ended;
  assert.equal(code, 0);
  await waitFor('STOPPING', () => socket.count('STOPPING=1') === 1);
  assert.equal(historyRows(productsDb).length, 3);
});

test('a hang-up does not stop a monitor that a service manager runs', async (t) => {
  const { path, settings } = site(t);
  const socket = await NotifySocket.open(t, join(path, 'notify'));
  const { service, ended } = start(t, MONITOR, { ...settings, NOTIFY_SOCKET: socket.path });
  await waitFor('READY', () => socket.count('READY=1') === 1);
  const statuses = () => socket.messages.filter((each) => each.startsWith('STATUS=')).length;
  const soFar = statuses();
  service.kill('SIGHUP');
  await waitFor('further statuses', () => statuses() >= soFar + 2);
  assert.equal(socket.count('STOPPING=1'), 0);
  service.kill('SIGTERM');
  assert.equal((await ended).code, 0);
});

test('the installed API serves the page, and the installed backfill reads the day that it is asked for', async (t) => {
  const { path, incoming, productsDb, settings } = site(t);
  simulate(incoming, ['--count', '2', '--start', '2025-10-01T12:00:00']);
  const backfill = (day: string) => start(t, BACKFILL, settings, day).ended;
  assert.equal((await backfill('2025-09-30')).code, 0);
  assert.equal((await backfill('2025-10-01')).code, 0);
  assert.equal(historyRows(productsDb).length, 2);

  const socket = await NotifySocket.open(t, join(path, 'notify'));
  const { service, ended } = start(t, API, { ...settings, NOTIFY_SOCKET: socket.path });
  const address = await waitFor('its address', () =>
    socket.messages.map((message) => /^STATUS=serving (\S+)$/.exec(message)?.[1]).find(Boolean),
  );
  assert.match(await (await fetch(address)).text(), /<title>/);
  const { items } = (await (await fetch(`${address}api/pointing_history`)).json()) as { items: unknown[] };
  assert.equal(items.length, 2);
  service.kill('SIGTERM');
  assert.equal((await ended).code, 0);
});

test('what the services write is not everybody’s to read, and a monitor that ends itself is not killed', () => {
  for (const name of [MONITOR, API, BACKFILL, BACKUP]) {
    assert.deepEqual(installedUnit(prefix, name).values('UMask'), ['0027'], name);
  }
  const { values } = installedUnit(prefix, MONITOR);
  assert.ok(values('Environment').includes('UV_THREADPOOL_SIZE=16'));
  assert.deepEqual(values('StateDirectory'), ['pointing-monitor']);
  assert.deepEqual(installedUnit(prefix, BACKFILL).values('StateDirectory'), ['pointing-monitor']);
  assert.ok(Number(values('TimeoutStopSec')[0]) > 12);
});

test('a contimg.env without this version’s variables is enough', () => {
  writeFileSync(join(prefix, 'etc/contimg/contimg.env'), 'CONTIMG_INPUT_DIR=/data/incoming\n');
  assert.deepEqual(installedUnit(prefix, MONITOR).command().slice(2), ['monitor']);
  assert.deepEqual(installedUnit(prefix, API).command().slice(-2), ['--port', '8000']);
  const backup = ['backup', '/data/dsa110-contimg/state/backups', '--keep', '14'];
  assert.deepEqual(installedUnit(prefix, BACKUP).command().slice(2), backup);
});
