/**
 * `npm run soak [MINUTES]`: chaos around a monitor for as long as asked (10 minutes by default), and what it takes of memory
 * meanwhile. Ends with exit 1 if the database is not what the files say.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, cliPath } from '../helpers/cli.js';
import { historyRows } from '../helpers/database.js';
import { simulate } from '../helpers/simulator.js';
import { Chaos } from './chaos.js';

const minutes = Number(process.argv[2] ?? 10);
const OBSERVATIONS_PER_MINUTE = 400;
const REPORT_SECONDS = 30;

const base = mkdtempSync(join(tmpdir(), 'pointing-soak-'));
const incoming = join(base, 'incoming');
const productsDb = join(base, 'products.sqlite3');
mkdirSync(incoming);

let child: ChildProcess = start();
function start(): ChildProcess {
  const args = ['monitor', incoming, productsDb, '--reconcile-interval', '10', '--log-level', 'ERROR'];
  return spawn(process.execPath, [cliPath, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}
const ended = (process: ChildProcess) => new Promise((resolve) => process.once('exit', resolve));

function memory(): void {
  try {
    const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8'))?.[1];
    process.stdout.write(`${new Date().toISOString()}  ${Math.round(Number(pss) / 1024)} MB\n`);
  } catch {
    // Between two processes there is nothing to measure.
  }
}

try {
  const files = simulate(join(base, 'made'), [
    '--count',
    String(Math.ceil(minutes * OBSERVATIONS_PER_MINUTE)),
  ]);
  const truthDb = join(base, 'truth.sqlite3');
  await cli(['backfill', join(base, 'made'), truthDb]);
  const chaos = new Chaos(
    {
      incoming,
      productsDb,
      signal: (name) => child.kill(name),
      killAndRestart: async () => {
        const gone = ended(child);
        child.kill('SIGKILL');
        await gone;
        child = start();
      },
    },
    files,
    historyRows(truthDb),
    Date.now() % 1_000_000,
  );
  const timer = setInterval(memory, REPORT_SECONDS * 1000);
  await chaos.run(minutes * 60, 250);
  await chaos.verify();
  clearInterval(timer);
  memory();
  process.stdout.write(
    `the database is what the files say, after ${JSON.stringify(Object.fromEntries(chaos.done))}\n`,
  );
} finally {
  child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
}
