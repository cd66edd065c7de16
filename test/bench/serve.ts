/**
 * `npm run bench:serve [load|ten-years|answers|page|kept]`: ten years of history (1,000,000 rows, each with its file in the ledger) by
 * the API beside SQLite's own time for the same rows, and what 200 clients cost the monitor beside the server; a year and ten on the page.
 * Everything on loopback, bounded in time and count.
 */
import { Monitor } from '../helpers/monitor.js';
import { fillHistory, Server, writeStatus } from '../helpers/server.js';
import { type Workspace, workspace } from '../helpers/workspace.js';
import { machineText, thisMachine } from './report.js';
import { measureLoad } from './serve-arrivals.js';
import { spread } from './serve-load.js';
import { keptByPage } from './serve-memory.js';
import { frameMs, openings } from './serve-page.js';
import { fillTenYears, measureTenYears } from './serve-ten-years.js';
import {
  atEnd,
  endAll,
  milliseconds,
  nowMjd,
  print,
  printTasks,
  repeated,
  rowsUntil,
} from './serve-tools.js';

const YEAR_ROWS = 102_000;

const chosen = process.argv.slice(2);
const wanted = (...parts: string[]) => chosen.length === 0 || parts.some((part) => chosen.includes(part));

async function measureAnswers(url: string): Promise<void> {
  for (const [what, path] of [
    ['history, JSON', 'api/pointing_history'],
    ['history, CSV', 'api/pointing_history?format=csv'],
    ['track with ICRS, binary', 'api/pointing/track'],
    ['coverage', 'api/pointing/coverage'],
    ['latest', 'api/pointing/latest'],
  ] as const) {
    const answers = await repeated(url + path);
    print(`${what} (${answers.megabytes})`, milliseconds(answers));
  }
}

async function measurePage(history: string, url: string): Promise<void> {
  for (const range of ['7d', 'all']) {
    const { firstPaintMs, rowsShownMs, kilobytes } = await openings(atEnd, url, range);
    const page = `page of ${history}, ${range}`;
    print(`${page}: first paint of the map`, milliseconds(spread(firstPaintMs)));
    print(`${page}: all rows on the map`, milliseconds(spread(rowsShownMs)));
    print(`${page}: answers of the API`, `${spread(kilobytes).max.toFixed(0)} kB`);
  }
  for (const [what, ms] of Object.entries(await frameMs(atEnd, url)))
    print(
      `page of ${history}, all, 2560 wide: ${what}`,
      `${milliseconds(spread(ms))} of the processor a frame`,
    );
  await printTasks(history, url);
}

async function measureKept(url: string, { productsDb }: Workspace): Promise<void> {
  for (const { arrivals, heapMb, nodes } of await keptByPage(atEnd, url, productsDb))
    print(`page open for ${arrivals} arrivals`, `heap ${heapMb.toFixed(2)} MB, ${nodes} DOM nodes`);
}

try {
  process.stdout.write(`${machineText(thisMachine())}\n\n`);
  if (wanted('load', 'ten-years', 'page')) {
    const tenYears = workspace(atEnd);
    fillTenYears(tenYears);
    // First, since the other part adds the rows of a backfill.
    if (wanted('load')) await measureLoad(tenYears);
    if (wanted('page')) {
      writeStatus(tenYears.statusFile, {});
      await measurePage('ten years', await new Server(atEnd, tenYears).url());
    }
    if (wanted('ten-years')) await measureTenYears(tenYears);
  }
  if (wanted('answers', 'page', 'kept')) {
    const year = workspace(atEnd);
    fillHistory(year.productsDb, rowsUntil(nowMjd, YEAR_ROWS));
    new Monitor(atEnd, year);
    const url = await new Server(atEnd, year).url();
    if (wanted('answers')) await measureAnswers(url);
    if (wanted('page')) await measurePage('a year', url);
    if (wanted('kept')) await measureKept(url, year);
  }
} finally {
  await endAll();
}
