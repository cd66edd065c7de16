import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from '../helpers/clock.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { Postgres } from '../helpers/postgres.js';
import { Server } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

test(
  'after the clock went back two hours, the health of a shared database and its events are still new',
  needs('faketime', 'postgres'),
  async (t) => {
    const place = workspace(t);
    const clock = new Clock(place.path);
    const productsDb = await (await Postgres.start(t)).database();
    const monitor = new Monitor(t, { ...place, productsDb }, [], { env: clock.env });
    await monitor.until('health', ({ healthy }) => healthy);
    const url = await new Server(t, { productsDb }, { env: clock.env }).url();
    const left = new AbortController();
    t.after(() => left.abort());
    const { body } = await fetch(`${url}api/pointing/events`, { signal: left.signal });
    let events = '';
    void (async () => {
      const decoder = new TextDecoder();
      for await (const piece of body as ReadableStream<Uint8Array>)
        events += decoder.decode(piece, { stream: true });
    })().catch(() => {});
    const health = async () => (await fetch(`${url}healthz`)).status;
    await waitFor('the monitor’s health', async () => (await health()) === 200);
    const told = await waitFor('the first event', () => events.length);

    clock.set(-2 * 3600);
    assert.equal((await monitor.stop()).code, 0);
    await waitFor('health that says it has stopped', async () => (await health()) === 503, 20);
    await waitFor('an event that reports it', () => /"running":false/.test(events.slice(told)), 20);
  },
);
