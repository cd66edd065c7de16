/**
 * `npm run bench:serve`: a year of history (102,000 rows) by the API and on the page, and what 200 clients cost the
 * monitor beside the server. Everything on loopback, bounded in time and count.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openBrowser } from '../helpers/browser.js';
import { spawnCli } from '../helpers/cli.js';
import { fillHistory, rowsFrom } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import type { Workspace } from '../helpers/workspace.js';
import { arrivalLatencyMs, loadWith, residentMb, spread } from './serve-load.js';

const YEAR_ROWS = 102_000;
const ROUNDS = 20;
const CLIENTS = 200;
const SECONDS = 30;

/** The helpers end what they start when a test ends; here that is the end of the whole. */
const atEnd: (() => unknown)[] = [];
const context = { after: (end: () => unknown) => atEnd.push(end) } as unknown as TestContext;

const milliseconds = ({ median, p99 }: { median: number; p99: number }) =>
  `${median.toFixed(1)} ms median, ${p99.toFixed(1)} ms at most`;
const print = (what: string, result: string) => process.stdout.write(`${what.padEnd(46)}${result}\n`);

function start(args: readonly string[]) {
  const child = spawnCli(args);
  let stdout = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.resume();
  atEnd.push(() => child.kill('SIGTERM'));
  return { pid: child.pid as number, url: () => waitFor('the address', () => /^http\S+/.exec(stdout)?.[0]) };
}

async function timed(url: string): Promise<{ ms: number; bytes: number }> {
  const begun = performance.now();
  const body = await (await fetch(url, { headers: { 'accept-encoding': 'identity' } })).arrayBuffer();
  return { ms: performance.now() - begun, bytes: body.byteLength };
}

async function measureAnswers(url: string): Promise<void> {
  for (const [what, path] of [
    ['history, JSON', 'api/pointing_history'],
    ['history, CSV', 'api/pointing_history?format=csv'],
    ['track with ICRS, binary', 'api/pointing/track'],
    ['coverage', 'api/pointing/coverage'],
    ['latest', 'api/pointing/latest'],
  ] as const) {
    await timed(url + path);
    const answers = [];
    for (let i = 0; i < ROUNDS; i++) answers.push(await timed(url + path));
    const megabytes = ((answers[0]?.bytes ?? 0) / 1e6).toFixed(2);
    print(`${what} (${megabytes} MB)`, milliseconds(spread(answers.map(({ ms }) => ms))));
  }
}

/** From the start of the navigation: to the first picture of the sky, and until all rows of the range are in it. */
async function measurePage(url: string): Promise<void> {
  const browser = await openBrowser(context);
  for (const range of ['7d', 'all']) {
    const first: number[] = [];
    const rows: number[] = [];
    for (let i = 0; i < 7; i++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`${url}#${range}`);
      await page.waitForSelector(`body[data-loaded="${range}"]`);
      const marks = await page.evaluate(() => ({
        paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
        sky: performance.getEntriesByName('sky-shown')[0]?.startTime,
        rows: performance.getEntriesByName('rows-shown')[0]?.startTime,
      }));
      first.push(Math.max(marks.paint ?? Number.NaN, marks.sky ?? Number.NaN));
      rows.push(marks.rows ?? Number.NaN);
      await page.close();
    }
    print(`page ${range}: first paint of the map`, milliseconds(spread(first)));
    print(`page ${range}: all rows on the map`, milliseconds(spread(rows)));
  }
}

async function measureLoad(url: string, server: number, place: Workspace): Promise<void> {
  const quiet = await arrivalLatencyMs(place, SECONDS);
  print('arrival to row, no clients', milliseconds(quiet));
  const before = residentMb(server);
  const [load, loaded] = await Promise.all([
    loadWith(url, CLIENTS, SECONDS),
    arrivalLatencyMs(place, SECONDS),
  ]);
  const after = residentMb(server);
  print(`arrival to row, ${CLIENTS} clients`, milliseconds(loaded));
  print(
    'requests',
    `${load.requests}, ${load.failures} failed, ${load.events} events, ${milliseconds(load.latencyMs)}`,
  );
  await loadWith(url, CLIENTS, SECONDS);
  const again = residentMb(server);
  print(
    'server, resident',
    `${before.toFixed(0)} MB before, ${after.toFixed(0)} after, ${again.toFixed(0)} after as much again`,
  );
}

const path = mkdtempSync(join(tmpdir(), 'pointing-bench-'));
const place: Workspace = {
  path,
  incoming: join(path, 'incoming'),
  productsDb: join(path, 'products.sqlite3'),
  statusFile: join(path, 'status.json'),
};
try {
  mkdirSync(place.incoming);
  const nowMjd = Date.now() / 86_400_000 + 40_587;
  fillHistory(place.productsDb, rowsFrom(nowMjd - (YEAR_ROWS * 309) / 86_400, YEAR_ROWS, 54.57));
  start(['monitor', place.incoming, place.productsDb, '--status-file', place.statusFile]);
  const server = start(['serve', place.productsDb, '--status-file', place.statusFile, '--port', '0']);
  const url = await server.url();
  await measureAnswers(url);
  await measurePage(url);
  await measureLoad(url, server.pid, place);
} finally {
  for (const end of atEnd.reverse()) await end();
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}
