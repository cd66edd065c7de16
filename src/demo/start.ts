/**
 * `npm start`: the monitor on simulated observations. The correlator simulator writes files in the telescope's own layout,
 * first a day of past ones, then a new one every few seconds; each new row is printed, and the page shows them. Ctrl-C
 * ends it all.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StoreError } from '../errors.js';
import { openReader } from '../store/open.js';
import type { HistoryReader } from '../store/reader.js';
import type { HistoryRow } from '../store/rows.js';
import { fixed, fixed360, isoOfMjdUtc, type MjdUtc, mjdUtc } from '../units.js';
import { addressOf, pagePort } from './page-server.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, 'dist', 'bundle', 'pointing-monitor.js');
const incoming = join(root, 'demo', 'incoming');
const state = join(root, 'demo', 'state');
const productsDb = join(state, 'products.sqlite3');
const statusFile = join(state, 'pointing-monitor-status.json');

const PAST_OBSERVATIONS = 280;
const SECONDS_BETWEEN = 5;
const FILES_KEPT = 600;
const DECLINATIONS = '54.57:100,16.24:80,71.6:60,33.2:40';
const ROWS_SHOWN = 5;
const FAR_FUTURE = mjdUtc(1e6);
const SIMULATOR_SIZE = ['--nants', '4'];

const children = new Set<ChildProcess>();

function start(command: string, args: string[], wantsOutput = false): ChildProcess {
  const child = spawn(command, args, {
    stdio: ['ignore', wantsOutput ? 'pipe' : 'ignore', 'inherit'],
    env: { ...process.env, CONTIMG_LOG_LEVEL: 'WARNING' },
  });
  children.add(child);
  child.once('exit', (code) => {
    children.delete(child);
    if (code !== 0 && !stopping) void stop(`${command} exited with ${code}`);
  });
  return child;
}

let stopping = false;
async function stop(why: string, exitCode = 0): Promise<void> {
  if (stopping) return;
  stopping = true;
  process.stdout.write(`\n${why}: stopping\n`);
  await Promise.all(
    [...children].map((child) => {
      child.kill('SIGTERM');
      return new Promise((resolve) => child.once('exit', resolve));
    }),
  );
  process.exit(exitCode);
}

const simulator = (args: string[]) =>
  start(join(root, 'build/Release/correlator-simulator'), [incoming, ...SIMULATOR_SIZE, ...args]);
const finished = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

/** As on the telescope, files are deleted once archived; their rows stay. */
function archive(): void {
  const files = readdirSync(incoming).sort();
  for (const name of files.slice(0, Math.max(0, files.length - FILES_KEPT)))
    rmSync(join(incoming, name), { force: true });
}

function show({ timestamp, ra_deg, dec_deg }: HistoryRow): void {
  if (stopping) return;
  process.stdout.write(
    `${isoOfMjdUtc(timestamp)}  RA ${fixed360(ra_deg, 4).padStart(9)}  Dec ${fixed(dec_deg, 4).padStart(9)}\n`,
  );
}

async function showNewRows(store: HistoryReader, after: MjdUtc): Promise<MjdUtc> {
  let last = after;
  const rows: HistoryRow[] = [];
  for await (const row of store.history(after, FAR_FUTURE)) if (row.timestamp > after) rows.push(row);
  for (const row of rows.slice(-ROWS_SHOWN)) {
    show(row);
    last = row.timestamp;
  }
  return last;
}

/** Shows nothing until the monitor has created its database. */
async function showSafely(store: HistoryReader, after: MjdUtc): Promise<MjdUtc> {
  try {
    return await showNewRows(store, after);
  } catch (error) {
    if (error instanceof StoreError) return after;
    throw error;
  }
}

process.on('SIGINT', () => void stop('Ctrl-C')).on('SIGTERM', () => void stop('SIGTERM'));
// Whatever ends this process, its children must not go on alone.
process.on('uncaughtException', (error) => void stop(error.message, 1));

mkdirSync(incoming, { recursive: true });
mkdirSync(state, { recursive: true });
process.stdout.write('creating a day of simulated observations ...\n');
await finished(
  simulator(['--start', 'now', '--count', String(PAST_OBSERVATIONS), '--dec-steps', DECLINATIONS]),
);

start(process.execPath, [
  program,
  'monitor',
  incoming,
  productsDb,
  // Nothing of value was in one that another clone had here.
  '--create',
  '--status-file',
  statusFile,
  '--log-level',
  'WARNING',
]);
simulator([
  '--start',
  'now',
  '--count',
  '0',
  '--every',
  String(SECONDS_BETWEEN),
  '--dec-steps',
  DECLINATIONS,
]);

const page = await addressOf(
  start(
    process.execPath,
    [program, 'serve', productsDb, '--status-file', statusFile, '--port', String(await pagePort())],
    true,
  ),
);

process.stdout.write(`
The monitor runs on simulated observations, a new one every ${SECONDS_BETWEEN} s. Ctrl-C stops it.

  page       ${page}
  API        ${page}api
  files      ${incoming}
  database   ${productsDb}
  status     ${statusFile}

Look at it from another terminal:

  npx pointing-monitor status --status-file demo/state/pointing-monitor-status.json
  sqlite3 demo/state/products.sqlite3 "SELECT * FROM pointing_history ORDER BY timestamp DESC LIMIT 5"

The last rows (mid time UTC; apparent position, equinox of date, in degrees):

`);

const store = await openReader(productsDb);
let shown = mjdUtc(0);
for (;;) {
  shown = await showSafely(store, shown);
  archive();
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
