/** Many who follow the events, and some who ask for much and read nothing: the server's memory stays where it was. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMb } from '../bench/serve-load.js';
import { fillHistory, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { type Owner, workspace } from '../helpers/workspace.js';

const FOLLOWERS = 1000;
const SLOW = 20;
const ROWS = 400_000;
const FIRST_MJD = 57_000;
const PROBES = ['api/pointing-monitor/status', 'healthz', 'metrics'];
const WARM_UP_SECONDS = 20;
const REPORT_SECONDS = 20;
/** For the answer to a probe, while all this goes on: what is wanted, and what no machine is slow enough for. */
const WANTED_MS = 100;
const MAX_MS = 1000;

export async function clients(run: Owner, seconds: number): Promise<void> {
  const place = workspace(run);
  fillHistory(place.productsDb, rowsFrom(FIRST_MJD, ROWS, 54.57));
  const server = new Server(run, place);
  const url = await server.url();
  const port = Number(new URL(url).port);
  await (await fetch(`${url}api/pointing/coverage`)).arrayBuffer();

  let events = 0;
  const open = (path: string, localAddress: string) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    run.after(() => socket.destroy());
    socket.on('error', () => {});
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return socket;
  };
  for (let i = 0; i < FOLLOWERS; i++) {
    open('/api/pointing/events', `127.0.0.${2 + (i % 4)}`).on('data', (data) => {
      events += data.toString().split('event: observation').length - 1;
    });
  }
  const listeners = async () =>
    Number(/^pointing_server_event_listeners (\d+)$/m.exec(await (await fetch(`${url}metrics`)).text())?.[1]);
  await waitFor('all to follow', async () => (await listeners()) === FOLLOWERS);
  // Those that are cut off come again.
  const slow = Array.from({ length: SLOW }, () => undefined as ReturnType<typeof open> | undefined);

  const begun = performance.now();
  const end = begun + seconds * 1000;
  let steadyMb = 0;
  let worstMs = 0;
  for (let i = 0, reportAt = begun + WARM_UP_SECONDS * 1000; performance.now() < end; i++) {
    fillHistory(place.productsDb, rowsFrom(FIRST_MJD + 2000 + i / 100, 1, 54.57));
    for (const [k, socket] of slow.entries())
      if (!socket || socket.destroyed) slow[k] = open('/api/pointing/track', '127.0.0.9').pause();
    writeStatus(place.statusFile, {});
    for (const path of PROBES) {
      const asked = performance.now();
      assert.equal((await fetch(url + path)).status, 200, path);
      worstMs = Math.max(worstMs, performance.now() - asked);
    }
    if (performance.now() > reportAt) {
      reportAt += REPORT_SECONDS * 1000;
      const megabytes = residentMb(server.process.pid as number);
      steadyMb ||= megabytes;
      run.diagnostic(
        `${megabytes.toFixed(0)} MB, ${events} events, a probe at most ${worstMs.toFixed(0)} ms`,
      );
      assert.ok(megabytes < steadyMb * 1.15 + 10, `${megabytes} MB after ${steadyMb}`);
    }
    await sleep(1000);
  }
  assert.equal(await listeners(), FOLLOWERS);
  assert.ok(events >= FOLLOWERS, `${events} events`);
  const verdict = worstMs <= WANTED_MS ? 'within' : 'over';
  run.diagnostic(`status, health and metrics ${verdict} ${WANTED_MS} ms: ${worstMs.toFixed(0)} ms at most`);
  assert.ok(worstMs < MAX_MS, `a probe took ${worstMs} ms`);
}
