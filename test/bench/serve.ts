/**
 * `npm run bench:serve [ten-years|answers|page|load|kept]`: ten years of history (1,000,000 rows) by the API beside SQLite's own time
 * for the same rows, a year on the page, and what 200 clients cost the monitor beside the server. Everything on loopback, bounded in
 * time and count.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { spawnCli } from '../helpers/cli.js';
import { query } from '../helpers/database.js';
import { fillHistory } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import type { Workspace } from '../helpers/workspace.js';
import { arrivalLatencyMs, loadWith, residentMb, spread } from './serve-load.js';
import { keptByPage } from './serve-memory.js';
import { frameMs, longestTaskMs, openings } from './serve-page.js';

const YEAR_ROWS = 102_000;
const TEN_YEARS_ROWS = 1_000_000;
const DECLINATIONS_DEG = [54.57, 16.24, -5, 30, 40, 71.6, 22, 10];
/** A week at each. */
const DWELL_ROWS = 1957;
const TOGETHER = 50;
const ROUNDS = 20;
const CLIENTS = 200;
const HEAVY_CLIENTS = 100;
const SECONDS = 30;

const nowMjd = Date.now() / 86_400_000 + 40_587;
const chosen = process.argv.slice(2);
const wanted = (part: string) => chosen.length === 0 || chosen.includes(part);

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

/** Rows up to a time, at one declination after the other. */
function* rowsUntil(endMjd: number, count: number) {
  const start = endMjd - (count * 309) / 86_400;
  for (let i = 0; i < count; i++) {
    const decDeg = DECLINATIONS_DEG[Math.floor(i / DWELL_ROWS) % DECLINATIONS_DEG.length] as number;
    yield { timestamp: start + (i * 309) / 86_400, ra_deg: (i * 1.2915) % 360, dec_deg: decDeg };
  }
}

/** The measure for another machine: SQLite's own sums over the same rows. */
function sqliteMs(productsDb: string): number {
  const sql = 'SELECT count(*) AS n, sum(timestamp), sum(ra_deg), sum(dec_deg) FROM pointing_history';
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    query(productsDb, sql);
    return performance.now() - begun;
  });
  return Math.min(...times);
}

async function measureTenYears(path: string): Promise<void> {
  const productsDb = join(path, 'ten-years.sqlite3');
  fillHistory(productsDb, rowsUntil(nowMjd, TEN_YEARS_ROWS));
  const own = sqliteMs(productsDb);
  print('ten years: SQLite sums the same rows', `${own.toFixed(0)} ms`);
  const server = start(['serve', productsDb, '--status-file', join(path, 'none.json'), '--port', '0']);
  const url = await server.url();
  for (const [what, path] of [
    ['coverage', 'api/pointing/coverage'],
    ['gaps', 'api/pointing/gaps'],
    ['changes', 'api/pointing/changes'],
    ['track, 10,000 points', 'api/pointing/track?max_points=10000'],
    ['track, whole', 'api/pointing/track'],
    ['history, a year, JSON', 'api/pointing_history?limit=102000'],
  ] as const) {
    await timed(url + path);
    const answers = [];
    for (let i = 0; i < ROUNDS; i++) answers.push(await timed(url + path));
    const { median, p99 } = spread(answers.map(({ ms }) => ms));
    const ratio = `${(median / own).toFixed(2)} times SQLite's sums`;
    print(`ten years: ${what}`, `${milliseconds({ median, p99 })}, ${ratio}`);
  }
  for (const path of ['api/pointing/coverage', 'api/pointing/track?max_points=10000']) {
    let worstMs = 0;
    const asking = new AbortController();
    const latest = (async () => {
      while (!asking.signal.aborted)
        worstMs = Math.max(worstMs, (await timed(`${url}api/pointing/latest`)).ms);
    })();
    const begun = performance.now();
    await Promise.all(Array.from({ length: TOGETHER }, () => timed(url + path)));
    const ms = performance.now() - begun;
    asking.abort();
    await latest;
    print(
      `ten years: ${TOGETHER} ask for ${path}`,
      `${ms.toFixed(0)} ms, latest at most ${worstMs.toFixed(0)} ms`,
    );
  }
  const { lightMs } = await loadWith(url, HEAVY_CLIENTS, SECONDS);
  print(`ten years: probes while ${HEAVY_CLIENTS} clients ask for much`, milliseconds(lightMs));
  await measureTasks('ten years', url);
  print('ten years: server, resident', `${residentMb(server.pid).toFixed(0)} MB`);
}

/** A page that answers the mouse has no task over 100 ms. */
async function measureTasks(what: string, url: string): Promise<void> {
  for (const [act, ms] of Object.entries(await longestTaskMs(context, url)))
    print(`page ${what}: longest task, ${act}`, `${ms.toFixed(0)} ms of the processor`);
}

async function measurePage(url: string): Promise<void> {
  for (const range of ['7d', 'all']) {
    const { firstPaintMs, rowsShownMs } = await openings(context, url, range);
    print(`page ${range}: first paint of the map`, milliseconds(spread(firstPaintMs)));
    print(`page ${range}: all rows on the map`, milliseconds(spread(rowsShownMs)));
  }
  for (const [what, ms] of Object.entries(await frameMs(context, url)))
    print(`page all, 2560 wide: ${what}`, `${milliseconds(spread(ms))} of the processor a frame`);
  await measureTasks('all', url);
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
  for (const [what, spreadMs] of Object.entries({ light: load.lightMs, heavy: load.heavyMs }))
    print(`${spreadMs.count} ${what} questions`, milliseconds(spreadMs));
  print('failed questions; events', `${load.failures}; ${load.events}`);
  await loadWith(url, CLIENTS, SECONDS);
  const again = residentMb(server);
  print(
    'server, resident',
    `${before.toFixed(0)} MB before, ${after.toFixed(0)} after, ${again.toFixed(0)} after as much again`,
  );
}

async function measureKept(url: string, { productsDb }: Workspace): Promise<void> {
  for (const { arrivals, heapMb, nodes } of await keptByPage(context, url, productsDb))
    print(`page open for ${arrivals} arrivals`, `heap ${heapMb.toFixed(2)} MB, ${nodes} DOM nodes`);
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
  if (wanted('ten-years')) await measureTenYears(path);
  fillHistory(place.productsDb, rowsUntil(nowMjd, YEAR_ROWS));
  start(['monitor', place.incoming, place.productsDb, '--status-file', place.statusFile]);
  const server = start(['serve', place.productsDb, '--status-file', place.statusFile, '--port', '0']);
  const url = await server.url();
  if (wanted('answers')) await measureAnswers(url);
  if (wanted('page')) await measurePage(url);
  if (wanted('load')) await measureLoad(url, server.pid, place);
  if (wanted('kept')) await measureKept(url, place);
} finally {
  for (const end of atEnd.reverse()) await end();
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}
