import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { Monitor } from '../helpers/monitor.js';
import { Server } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** The server-sent events of a server, as they come. */
async function listen(url: string, signal: AbortSignal) {
  const events: { event: string; data: Record<string, unknown> }[] = [];
  const { body } = await fetch(`${url}api/pointing/events`, { signal });
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body as ReadableStream<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const match = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end));
        if (match) events.push({ event: match[1] as string, data: JSON.parse(match[2] as string) });
        text = text.slice(end + 2);
      }
    }
  };
  const ended = read().catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  return { events, ended };
}

test('a server reports a real monitor’s new rows and its end, over a real socket', async (t) => {
  const place = workspace(t);
  const server = new Server(t, place);
  const url = await server.url();
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const abort = new AbortController();
  t.after(() => abort.abort());
  const { events, ended } = await listen(url, abort.signal);
  const told = (what: string, event: string, condition: (data: Record<string, unknown>) => boolean) =>
    waitFor(what, () => events.find((each) => each.event === event && condition(each.data)));

  await told('that nothing runs', 'health', ({ running }) => running === false);
  const monitor = new Monitor(t, place);
  await told('that the monitor is healthy', 'health', ({ healthy }) => healthy === true);
  simulate(place.incoming, ['--count', '1', '--dec-steps', '16.24:1']);
  const { data } = await told(
    'the new row',
    'observation',
    ({ dec_deg }) => Math.abs((dec_deg as number) - 16.24) < 1e-9,
  );
  const { items } = (await (await fetch(`${url}api/pointing_history`)).json()) as {
    items: Record<string, number>[];
  };
  assert.equal(items.length, 1);
  assert.deepEqual({ timestamp: data.timestamp, ra_deg: data.ra_deg, dec_deg: data.dec_deg }, items[0]);
  assert.equal(typeof data.ra_icrs_deg, 'number');
  const before = events.length;
  await monitor.stop();
  await waitFor('the event that the monitor has stopped', () =>
    events.slice(before).some(({ event, data }) => event === 'health' && data.running === false),
  );
  abort.abort();
  await ended;
});

test('a client that leaves is forgotten', async (t) => {
  const server = new Server(t, workspace(t));
  const url = await server.url();
  const listeners = async () =>
    Number(/^pointing_server_event_listeners (\d+)$/m.exec(await (await fetch(`${url}metrics`)).text())?.[1]);
  const clients = Array.from({ length: 5 }, () => new AbortController());
  await Promise.all(clients.map(({ signal }) => listen(url, signal)));
  await waitFor('five listeners', async () => (await listeners()) === 5);
  assert.equal((await fetch(`${url}api/pointing/events`, { method: 'HEAD' })).status, 404);
  for (const client of clients) client.abort();
  await waitFor('none', async () => (await listeners()) === 0);
});

test('a server stops at once when told, though clients listen', async (t) => {
  const server = new Server(t, workspace(t));
  const abort = new AbortController();
  t.after(() => abort.abort());
  const { events, ended } = await listen(await server.url(), abort.signal);
  await waitFor('the first event', () => events.length > 0);
  server.process.kill('SIGTERM');
  assert.equal((await server.finished).code, 0);
  await ended;
});

test('bad usage is one line and exit 2', async (t) => {
  const { productsDb } = workspace(t);
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await waitFor('the other server', () => other.listening);
  const { port } = other.address() as AddressInfo;
  for (const [args, what] of [
    [[], /no products database/],
    [[productsDb, '--port', '70000'], /--port/],
    [[productsDb, '--port', String(port)], /is in use: choose another/],
    [[productsDb, '--host', '203.0.113.9'], /does not have that address/],
    [[productsDb, '--prot', '1'], /prot/],
  ] as const) {
    const { code, stderr, stdout } = await cli(['serve', ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, what);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.equal(stdout, '');
  }
});
