/**
 * `npm run bench:observed`: ten years of history, 1,000,000 observations at 8 declinations, each with its file in the
 * ledger. What one position, 10,000 positions and the other questions about the sky take beside sqlite3's own scan of the same rows.
 * Processor time, since that depends less on what else the machine does.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { astrometry } from '#src/native/astrometry.js';
import { dsa110 } from '#src/sky/site.js';
import { cliPath } from '../helpers/cli.js';
import { fillHistory, fillLedger } from '../helpers/server.js';
import { machineText, thisMachine } from './report.js';

const ROWS = 1_000_000;
const POSITIONS = 10_000;
const FIRST_MJD = 57_400;
const STEP_DAYS = 315 / 86_400;
const DWELL_DAYS = 17;
const DECLINATIONS = [54.57, 16.24, 30.4, -3.1, 71.6, 33.2, 41, 22];

function* tenYears() {
  const times = Float64Array.from({ length: ROWS }, (_, i) => FIRST_MJD + i * STEP_DAYS);
  const lstDeg = astrometry().apparentSiderealTimesDeg(times, dsa110.longitudeDeg);
  for (const [i, timestamp] of times.entries()) {
    const dwell = Math.floor((timestamp - FIRST_MJD) / DWELL_DAYS);
    yield { timestamp, ra_deg: lstDeg[i], dec_deg: DECLINATIONS[dwell % DECLINATIONS.length] };
  }
}

interface Cost {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly megabytes: number;
}

function costOf(command: string, args: readonly string[]): Cost {
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', command, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(stderr);
  const [seconds = 0, user = 0, system = 0, kilobytes = 0] = (stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { seconds, processorSeconds: user + system, megabytes: kilobytes / 1000 };
}

const directory = mkdtempSync(join(tmpdir(), 'pointing-bench-'));
try {
  const database = join(directory, 'ten-years.sqlite3');
  fillHistory(database, tenYears() as never);
  const positions = join(directory, 'positions.csv');
  const lines = Array.from({ length: POSITIONS }, (_, i) => {
    const dec = (Math.asin((2 * (i + 0.5)) / POSITIONS - 1) * 180) / Math.PI;
    return `${(i * 137.508) % 360},${dec},p${i}`;
  });
  writeFileSync(positions, `ra,dec,name\n${lines.join('\n')}\n`);
  const scan = costOf('sqlite3', [database, 'SELECT timestamp, ra_deg, dec_deg FROM pointing_history']);
  process.stdout.write(`${machineText(thisMachine())}\n\n`);
  process.stdout.write('| | seconds | processor s | of sqlite3 | MB |\n| --- | --- | --- | --- | --- |\n');
  const report = (what: string, { seconds, processorSeconds, megabytes }: Cost) =>
    process.stdout.write(
      `| ${what} | ${seconds.toFixed(2)} | ${processorSeconds.toFixed(2)} | ${(processorSeconds / scan.processorSeconds).toFixed(2)} | ${megabytes.toFixed(0)} |\n`,
    );
  report('sqlite3: all rows as text', scan);
  const ours = (what: string, ...args: string[]) =>
    report(what, costOf(process.execPath, [cliPath, ...args]));
  const from = ['--products-db', database];
  ours('`--version`', '--version');
  ours('`coverage`, without a ledger', 'coverage', database);
  fillLedger(database);
  ours('`observed`, one position', 'observed', '--ra', '251', '--dec', '54.7', ...from);
  ours(
    '`observed`, 10,000 positions',
    'observed',
    '--positions',
    positions,
    '--by',
    'position',
    '--csv',
    ...from,
  );
  ours('`crossmatch`, all calibrators', 'crossmatch', '--from', '2015-01-01', ...from);
  const decade = ['--from', '2016-01-01', '--to', '2026-01-01'];
  ours('`transits`, all calibrators', 'transits', '--at-dec-deg', '54.57', ...decade, ...from);
  ours('`coverage`', 'coverage', database);
  ours('`coverage --moc`', 'coverage', database, '--moc', join(directory, 'sky.fits'));
  for (const format of ['csv', 'json', 'votable'])
    ours(`\`history --format ${format}\``, 'history', database, '--format', format);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
