import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { createLogger } from '#src/log/logger.js';
import { addressOf } from '#src/serve/proxy.js';
import { createServer } from '#src/serve/server.js';
import { StatusFileSource } from '#src/serve/status-source.js';
import { openSqliteReader } from '#src/store/sqlite/database.js';
import { fillHistory, rowsFrom, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** How many the server makes at once. */
const LONG_ANSWERS = 64;

/** A server that listens, with a status and so many rows. */
async function listening(
  t: TestContext,
  rows: number,
  options: Partial<Parameters<typeof createServer>[0]> = {},
) {
  const { productsDb, statusFile } = workspace(t);
  fillHistory(productsDb, rowsFrom(60000, rows, 54.57));
  writeStatus(statusFile, {});
  const app = await createServer({
    productsDb,
    reader: openSqliteReader({ location: productsDb, missing: 'empty', lockWait: 'short' }),
    status: new StatusFileSource(statusFile),
    log: createLogger('ERROR'),
    ...options,
  });
  t.after(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, url, port: Number(new URL(url).port) };
}

/** A client that asks and does not read, from an address of its own if it is told one, or through a proxy for one. */
async function deafClient(
  t: TestContext,
  port: number,
  path: string,
  localAddress = '127.0.0.1',
  forwardedFor = '',
): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.pause();
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${forwardedFor}\r\n\r\n`);
  return socket;
}

test('clients that leave before their long answer begins take no place', async (t) => {
  const { url, port } = await listening(t, 20_000);
  for (let i = 0; i < LONG_ANSWERS; i++) {
    const socket = await deafClient(t, port, '/api/pointing_history?columns=timestamp,path');
    await new Promise((resolve) => setTimeout(resolve, 1));
    socket.destroy();
  }
  await waitFor(
    'a place',
    async () => {
      const { status, body } = await fetch(`${url}/api/pointing_history?limit=1`);
      await body?.cancel();
      return status === 200;
    },
    10,
  );
});

test('a request under another name than the server’s is refused', async (t) => {
  const { app, port } = await listening(t, 1, { allowHosts: ['Observatory.example'] });
  const statusOf = async (host: string) =>
    (await app.inject({ url: '/api/pointing-monitor/status', headers: { host } })).statusCode;
  for (const good of [
    'localhost',
    `localhost:${port}`,
    '127.0.0.1:80',
    '[::1]:8000',
    'observatory.example:443',
    'OBSERVATORY.EXAMPLE.',
  ])
    assert.equal(await statusOf(good), 200, good);
  for (const bad of [
    'attacker.example',
    'localhost.attacker.example',
    '192.0.2.1',
    'observatory.example.attacker.example',
  ])
    assert.equal(await statusOf(bad), 421, bad);
  const { error } = (await app.inject({ url: '/', headers: { host: 'attacker.example' } })).json();
  assert.equal(error.code, 'wrong_host');
  assert.match(error.message, /--allow-host attacker\.example/);
});

test('pages of other sites can read the answers only where they are allowed to', async (t) => {
  const origin = 'https://dashboard.example';
  const url = '/api/pointing/latest';
  const allowed = async (app: Awaited<ReturnType<typeof listening>>['app'], from: string) =>
    (await app.inject({ url, headers: { origin: from } })).headers['access-control-allow-origin'];
  const { app: closed } = await listening(t, 1);
  assert.equal(await allowed(closed, origin), undefined);
  const { app } = await listening(t, 1, { allowOrigins: [origin] });
  assert.equal(await allowed(app, origin), origin);
  assert.equal(await allowed(app, 'https://other.example'), undefined);
  assert.match(String((await app.inject(url)).headers.vary), /origin/);
  assert.match(String((await app.inject('/api/pointing_history')).headers.vary), /origin.*accept/);
});

test('no page can have it in a frame', async (t) => {
  const { app } = await listening(t, 1);
  const { headers } = await app.inject('/api/pointing/latest');
  assert.equal(headers['x-frame-options'], 'DENY');
  assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
});

test('clients that do not read are cut off, and hold up nobody meanwhile', async (t) => {
  const { app, url, port } = await listening(t, 400_000, { idleSeconds: 2 });
  await (await fetch(`${url}/api/pointing/coverage`)).arrayBuffer();
  const before = process.memoryUsage();
  const clients = await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      deafClient(t, port, '/api/pointing/track', `127.0.0.${1 + (i % 3)}`),
    ),
  );
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  const { rss, external } = process.memoryUsage();
  assert.ok(rss - before.rss < 150e6, `${(rss - before.rss) / 1e6} MB more`);
  assert.ok(external - before.external < 100e6, `${(external - before.external) / 1e6} MB more`);
  // They read nothing, so only the server's side knows. Those that were told to come again may.
  await waitFor('those that were being answered to be cut off', async () => {
    const left = await new Promise<number>((resolve) =>
      app.server.getConnections((_, count) => resolve(count)),
    );
    return left <= clients.length - LONG_ANSWERS + 2;
  });
});

test('whole answers that nobody takes fill no more than their share of memory', async (t) => {
  const { url, port } = await listening(t, 30_000);
  // Everything at this declination, all the time: some 12 MB.
  const path = '/api/pointing/observed?ra=0&dec=89&radius_deg=40';
  const statusOf = async () => {
    const { status, body } = await fetch(`${url}${path}`);
    await body?.cancel();
    return status;
  };
  assert.equal(await statusOf(), 200);
  const clients = await Promise.all(Array.from({ length: 40 }, () => deafClient(t, port, path)));
  await waitFor('answers to be refused', async () => (await statusOf()) === 503);
  for (const client of clients) client.destroy();
  await waitFor('those who left to be forgotten', async () => (await statusOf()) === 200);
});

/** Still open for the other side. Reads what is there, since a paused socket does not see its end. */
function isOpen(client: Socket): boolean {
  client.resume();
  return client.readyState === 'open';
}

test('one address cannot have all connections, nor follow all events', async (t) => {
  const { url, port } = await listening(t, 1);
  const clients = await Promise.all(
    Array.from({ length: 1600 }, () => deafClient(t, port, '/api/pointing/events')),
  );
  await waitFor('connections to be refused', () => clients.filter((client) => !isOpen(client)).length >= 100);
  const others = await Promise.all(
    Array.from({ length: 10 }, () => deafClient(t, port, '/healthz', '127.0.0.2')),
  );
  await waitFor('another address to be answered', () => {
    for (const other of others) other.resume();
    return others.every(({ bytesRead }) => bytesRead > 0);
  });
  for (const client of clients) client.destroy();
  const listeners = async () =>
    Number(
      /^pointing_server_event_listeners (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1],
    );
  await waitFor('those who left to be forgotten', async () => (await listeners().catch(() => -1)) === 0);
});

test('behind a proxy slow readers leave the other half of the places to other addresses', async (t) => {
  const { url, port } = await listening(t, 400_000);
  const path = '/api/pointing_history?all=true';
  const statusFor = async (forwardedFor: string) => {
    const { status, body } = await fetch(`${url}${path}`, { headers: { 'x-forwarded-for': forwardedFor } });
    await body?.cancel();
    return status;
  };
  await Promise.all(
    Array.from({ length: LONG_ANSWERS }, () => deafClient(t, port, path, '127.0.0.1', '192.0.2.1')),
  );
  await waitFor('its share to be taken', async () => (await statusFor('192.0.2.1')) === 503);
  assert.equal(await statusFor('192.0.2.2'), 200);
  // What the client itself sent comes before what the proxy adds.
  assert.equal(await statusFor('192.0.2.2, 192.0.2.1'), 503);
});

test('only a proxy on this host is believed which address it asks for', () => {
  const from = (remoteAddress: string, forwardedFor: string) =>
    addressOf({
      ip: remoteAddress,
      headers: { 'x-forwarded-for': forwardedFor },
      socket: { remoteAddress },
    } as unknown as FastifyRequest);
  assert.equal(from('192.0.2.9', '198.51.100.1'), '192.0.2.9');
  assert.equal(from('::ffff:192.0.2.9', '198.51.100.1'), '::ffff:192.0.2.9');
  assert.equal(from('::ffff:127.0.0.1', '203.0.113.5, 198.51.100.1'), '198.51.100.1');
  assert.equal(from('127.0.0.1', ''), '127.0.0.1');
});

test('of too many different questions at once some are told to come again, and probes are answered', async (t) => {
  const { url } = await listening(t, 300_000);
  const answers = await Promise.all([
    ...Array.from({ length: 250 }, (_, i) => fetch(`${url}/api/pointing/coverage?ra_bin_deg=${1 + i / 100}`)),
    ...['healthz', 'metrics', 'api/pointing-monitor/status'].map((path) => fetch(`${url}/${path}`)),
  ]);
  const statuses = answers.map(({ status }) => status);
  assert.deepEqual(statuses.splice(-3), [200, 200, 200]);
  assert.deepEqual([...new Set(statuses)].sort(), [200, 503]);
  const busy = answers.find(({ status }) => status === 503);
  assert.ok(Number(busy?.headers.get('retry-after')) > 0);
  assert.match((await busy?.text()) ?? '', /"busy"/);
});

test('while one client asks much at once, another waits for few of its questions', async (t) => {
  const { url } = await listening(t, 300_000);
  for (const path of ['coverage?ra_bin_deg=', 'observed?dec=54&ra=']) {
    let pending = 60;
    const ask = (i: number, forwardedFor: string) =>
      fetch(`${url}/api/pointing/${path}${i}`, { headers: { 'x-forwarded-for': forwardedFor } });
    const many = Array.from({ length: pending }, async (_, i) => {
      const { status, body } = await ask(1 + i / 100, '192.0.2.1');
      await body?.cancel();
      pending--;
      return status;
    });
    await Promise.race(many);
    assert.equal((await ask(2, '192.0.2.2')).status, 200);
    assert.ok(pending > 30, `${pending} of the first client's wait`);
    assert.deepEqual([...new Set(await Promise.all(many))], [200]);
  }
});

test('equal questions at once have one answer', async (t) => {
  const { url } = await listening(t, 300_000);
  const bodies = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const answer = await fetch(`${url}/api/pointing/coverage`);
      assert.equal(answer.status, 200);
      return answer.text();
    }),
  );
  assert.equal(new Set(bodies).size, 1);
});
