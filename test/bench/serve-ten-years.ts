/** Ten years of history and its ledger: answers beside SQLite's own time for the same rows, with many clients, and while a backfill writes. */

import { query } from '../helpers/database.js';
import { fillHistory, fillLedger, Server, writeStatus } from '../helpers/server.js';
import type { Workspace } from '../helpers/workspace.js';
import { backfillRows } from './serve-backfill.js';
import { askSteadily, loadWith, residentMb, spread } from './serve-load.js';
import { answered, atEnd, milliseconds, nowMjd, print, repeated, rowsUntil, timed } from './serve-tools.js';

const ROWS = 1_000_000;
const TOGETHER = 50;
const TOGETHER_SECONDS = 10;
const HEAVY_CLIENTS = 100;
const HEAVY_SECONDS = 30;
const BACKFILL_SECONDS = 20;

/** Leaves an hour for what arrives. */
export const HISTORY_ENDS_MJD = nowMjd - 1 / 24;

const COVERAGE = 'api/pointing/coverage';
const TRACK = 'api/pointing/track?max_points=10000';
const LATEST = 'api/pointing/latest';
const QUESTIONS = {
  coverage: COVERAGE,
  'coverage, a year': `${COVERAGE}?start_mjd=${nowMjd - 365.25}`,
  gaps: 'api/pointing/gaps',
  changes: 'api/pointing/changes',
  'track, 10,000 points': TRACK,
  'track, whole': 'api/pointing/track',
  'history, a year, JSON': 'api/pointing_history?limit=102000',
  'observed, one position': 'api/pointing/observed?ra=251&dec=54.7',
  'cone, the same position': 'vo/cone?RA=251&DEC=54.7&SR=1.36',
};

/** Makes the database. */
export function fillTenYears({ productsDb }: Workspace): void {
  fillHistory(productsDb, rowsUntil(HISTORY_ENDS_MJD, ROWS));
  fillLedger(productsDb);
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

/** One burst of clients after the other, and one that asks for the newest row all the time. */
async function measureTogether(url: string, path: string): Promise<void> {
  let over = false;
  const latest = askSteadily(url, LATEST, TOGETHER_SECONDS).finally(() => {
    over = true;
  });
  const bursts: number[] = [];
  while (!over) {
    const begun = performance.now();
    await Promise.all(Array.from({ length: TOGETHER }, () => timed(url + path)));
    bursts.push(performance.now() - begun);
  }
  print(`ten years: ${TOGETHER} ask for ${path}`, milliseconds(spread(bursts)));
  print('ten years: latest meanwhile', answered(await latest));
}

async function measureBackfill(url: string, productsDb: string): Promise<void> {
  const [rows, coverage, latest] = await Promise.all([
    backfillRows(productsDb, BACKFILL_SECONDS),
    askSteadily(url, COVERAGE, BACKFILL_SECONDS),
    askSteadily(url, LATEST, BACKFILL_SECONDS),
  ]);
  print('ten years: rows a second of a backfill', (rows / BACKFILL_SECONDS).toFixed(0));
  print('ten years: coverage meanwhile', answered(coverage));
  print('ten years: latest meanwhile', answered(latest));
}

/** Prints what a server of this database takes for its answers. */
export async function measureTenYears({ productsDb, statusFile }: Workspace): Promise<void> {
  const own = sqliteMs(productsDb);
  print('ten years: SQLite sums the same rows', `${own.toFixed(0)} ms`);
  writeStatus(statusFile, {});
  const server = new Server(atEnd, { productsDb, statusFile });
  const url = await server.url();
  const printMemory = (when: string) =>
    print(
      `ten years: server, resident, ${when}`,
      `${residentMb(server.process.pid as number).toFixed(0)} MB`,
    );
  for (const path of Object.values(QUESTIONS)) await timed(url + path);
  printMemory('after one answer each');
  for (const [what, path] of Object.entries(QUESTIONS)) {
    const answers = await repeated(url + path);
    const ratio = `${(answers.median / own).toFixed(2)} times SQLite's sums`;
    print(`ten years: ${what} (${answers.megabytes})`, `${milliseconds(answers)}, ${ratio}`);
  }
  for (const path of [COVERAGE, TRACK]) await measureTogether(url, path);
  // The first has become too old for a healthy monitor.
  writeStatus(statusFile, {});
  const { light } = await loadWith(url, HEAVY_CLIENTS, HEAVY_SECONDS);
  print(`ten years: probes, ${HEAVY_CLIENTS} clients ask for much`, answered(light));
  printMemory('after the load');
  await measureBackfill(url, productsDb);
  server.process.kill();
  await server.finished;
}
