import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ServiceManager } from '#src/health/service-manager.js';
import { finished, spawnCli, unhealthyLooks } from '../helpers/cli.js';
import { NotifySocket } from '../helpers/notify-socket.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const WATCHDOG_SECONDS = 2;

test('under a service manager: ready, fed while the promise holds, silent while it does not, stopping', async (t) => {
  const { path, incoming, statusFile } = workspace(t);
  const state = join(path, 'state');
  mkdirSync(state);
  const socket = await NotifySocket.open(t, join(path, 'notify'));
  const monitor = spawnCli(
    [
      'monitor',
      incoming,
      join(state, 'products.sqlite3'),
      '--status-file',
      statusFile,
      '--reconcile-interval',
      '1',
      '--health-check-interval',
      '1',
    ],
    { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: String(WATCHDOG_SECONDS * 1e6) },
  );
  const ended = finished(monitor);
  const looks = unhealthyLooks(monitor);
  t.after(() => monitor.kill('SIGKILL'));
  simulate(incoming, ['--count', '3']);
  await waitFor('READY', () => socket.count('READY=1') === 1);
  await waitFor('the status line', () =>
    socket.has(/^STATUS=healthy; 3 files stored, 0 failed since start; newest 2025-10-01T/),
  );
  const fed = () => socket.count('WATCHDOG=1');
  await waitFor('food for the watchdog', () => fed() >= 2);

  renameSync(state, `${state}.away`);
  await waitFor('the problem', () =>
    socket.has(/^STATUS=unhealthy: the directory of the database .* does not exist/),
  );
  const hungry = fed();
  await looks(2 * WATCHDOG_SECONDS);
  assert.equal(fed(), hungry);

  renameSync(`${state}.away`, state);
  await waitFor('food again', () => fed() > hungry + 1);

  // A restart would not bring the directory back, and would forget that it was there.
  renameSync(incoming, `${incoming}.away`);
  await waitFor('the other problem', () =>
    socket.has(/^STATUS=unhealthy: the watch directory .* does not exist/),
  );
  const then = fed();
  await waitFor('food all the same', () => fed() > then + 1);
  monitor.kill('SIGTERM');
  assert.equal((await ended).code, 0);
  await waitFor('the last status', () => socket.messages.at(-1) === 'STATUS=stopped');
  assert.equal(socket.count('STOPPING=1'), 1);
  assert.equal(socket.count('READY=1'), 1);
});

test('a watchdog that is meant for another process is not fed by this one', async (t) => {
  const { path, incoming, productsDb, statusFile } = workspace(t);
  const socket = await NotifySocket.open(t, join(path, 'notify'));
  const line = ['monitor', incoming, productsDb, '--status-file', statusFile, '--reconcile-interval', '1'];
  const monitor = spawnCli(line, {
    NOTIFY_SOCKET: socket.path,
    WATCHDOG_USEC: '200000',
    WATCHDOG_PID: '1',
  });
  const ended = finished(monitor);
  t.after(() => monitor.kill('SIGKILL'));
  // A status is written when it would be fed.
  await waitFor(
    'some statuses',
    () => socket.messages.filter((each) => /^STATUS=healthy/.test(each)).length >= 4,
  );
  assert.equal(socket.count('WATCHDOG=1'), 0);
  monitor.kill('SIGTERM');
  assert.equal((await ended).code, 0);
});

test('without a service manager, and with a socket that is gone, it runs the same', async (t) => {
  const { path, incoming, productsDb, statusFile } = workspace(t);
  const monitor = spawnCli(['monitor', incoming, productsDb, '--status-file', statusFile], {
    NOTIFY_SOCKET: join(path, 'nobody'),
  });
  const ended = finished(monitor);
  t.after(() => monitor.kill('SIGKILL'));
  simulate(incoming, ['--count', '1']);
  let stderr = '';
  monitor.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  await waitFor('health in the log', () => stderr.includes('"healthy"'));
  monitor.kill('SIGTERM');
  assert.equal((await ended).code, 0);
});

test('the server says that it is ready, and is alive while it answers', async (t) => {
  const { path, productsDb, statusFile } = workspace(t);
  const socket = await NotifySocket.open(t, join(path, 'notify'));
  const server = spawnCli(['serve', productsDb, '--status-file', statusFile, '--port', '0'], {
    NOTIFY_SOCKET: socket.path,
    WATCHDOG_USEC: '400000',
  });
  const ended = finished(server);
  t.after(() => server.kill('SIGKILL'));
  await waitFor('food for the watchdog', () => socket.count('WATCHDOG=1') >= 2);
  assert.equal(socket.messages[0], 'READY=1');
  assert.match(socket.messages[1] as string, /^STATUS=serving http:\/\/127\.0\.0\.1:\d+\/$/);
  server.kill('SIGTERM');
  assert.equal((await ended).code, 0);
  await waitFor('its last words', () => socket.messages.at(-1) === 'STOPPING=1');
});

test('what the service manager did not take is said again', async (t) => {
  const { path } = workspace(t);
  const service = new ServiceManager({ NOTIFY_SOCKET: join(path, 'notify'), WATCHDOG_USEC: '2000000' });
  service.ready();
  assert.equal(service.alive(), false);
  const socket = await NotifySocket.open(t, join(path, 'notify'));
  await waitFor('READY', () => socket.count('READY=1') === 1);
  assert.equal(service.alive(), true);
  await waitFor('food for the watchdog', () => socket.count('WATCHDOG=1') === 1);
});
