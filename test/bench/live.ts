/**
 * `npm run bench:live`: the monitor as it runs. Rename to committed row; a scan of 140,000 known entries; what an idle
 * monitor takes of memory and processor.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Status } from '#src/health/status.js';
import { cliPath } from '../helpers/cli.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';

const ARRIVALS = 200;
const BETWEEN_MS = 150;
const ENTRIES = 140_000;
const SUBBANDS = 16;
/** ext4 allows 65,000 names for one file. */
const SOURCES = 5;
const IDLE_SECONDS = 60;
const CLOCK_TICKS_PER_SECOND = 100;

const base = mkdtempSync(join(tmpdir(), 'pointing-bench-'));

interface Running {
  readonly child: ChildProcess;
  readonly productsDb: string;
  readonly status: () => Status | undefined;
}

function startMonitor(name: string, incoming: string, args: readonly string[] = []): Running {
  const productsDb = join(base, `${name}.sqlite3`);
  const statusFile = join(base, `${name}.json`);
  const child = spawn(
    process.execPath,
    [cliPath, 'monitor', incoming, productsDb, '--status-file', statusFile, ...args],
    { stdio: 'ignore' },
  );
  const status = () => {
    try {
      return JSON.parse(readFileSync(statusFile, 'utf8')) as Status;
    } catch {
      return undefined;
    }
  };
  return { child, productsDb, status };
}

async function stop({ child }: Running): Promise<void> {
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
}

const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;

async function latency() {
  const incoming = join(base, 'live');
  mkdirSync(incoming);
  const files = simulate(join(base, 'made'), ['--count', String(ARRIVALS)]);
  const monitor = startMonitor('live', incoming);
  await waitFor('a healthy monitor', () => monitor.status()?.healthy);
  const database = new Database(monitor.productsDb, { readonly: true });
  const rows = database.prepare('SELECT count(*) FROM pointing_history').pluck();
  const milliseconds: number[] = [];
  for (const [i, file] of files.entries()) {
    const target = join(incoming, basename(file));
    const temporary = join(incoming, `.${basename(file)}.Ab12Cd`);
    copyFileSync(file, temporary);
    await sleep(BETWEEN_MS);
    const renamedAt = performance.now();
    renameSync(temporary, target);
    while (rows.get() !== i + 1) await sleep(1);
    milliseconds.push(performance.now() - renamedAt);
  }
  database.close();
  await stop(monitor);
  milliseconds.sort((a, b) => a - b);
  return {
    arrivals: ARRIVALS,
    median_ms: quantile(milliseconds, 0.5),
    p99_ms: quantile(milliseconds, 0.99),
    max_ms: milliseconds.at(-1),
  };
}

/** Names for hard links to a few observations: what counts here is how many entries there are. */
function fill(directory: string, allMatch: boolean): void {
  mkdirSync(directory);
  const files = simulate(`${directory}-made`, ['--count', String(SOURCES)]);
  for (let i = 0; i < ENTRIES; i++) {
    const band = allMatch ? 0 : i % SUBBANDS;
    linkSync(files[i % SOURCES] as string, join(directory, `${i}_sb${String(band).padStart(2, '0')}.hdf5`));
  }
}

const pssMb = (pid: number) =>
  Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

async function standing(name: string, allMatch: boolean) {
  const incoming = join(base, name);
  fill(incoming, allMatch);
  const matching = allMatch ? ENTRIES : ENTRIES / SUBBANDS;
  const first = startMonitor(name, incoming);
  await waitFor('the first reading', () => first.status()?.reconciliation?.with_row === matching, 300);
  await stop(first);
  const monitor = startMonitor(name, incoming);
  const known = await waitFor('a healthy monitor', () => {
    const status = monitor.status();
    return status?.pid === monitor.child.pid && status?.healthy ? status : undefined;
  });
  const pid = monitor.child.pid as number;
  await sleep(5000);
  const cpuBefore = cpuSeconds(pid);
  await sleep(IDLE_SECONDS * 1000);
  const result = {
    entries: ENTRIES,
    matching,
    scan_seconds: known.reconciliation?.seconds,
    later_scan_seconds: monitor.status()?.reconciliation?.seconds,
    idle_pss_mb: pssMb(pid),
    idle_cpu_percent: ((cpuSeconds(pid) - cpuBefore) / IDLE_SECONDS) * 100,
  };
  await stop(monitor);
  return result;
}

try {
  const results = {
    rename_to_row: await latency(),
    directory: await standing('typical', false),
    directory_all_matching: await standing('matching', true),
  };
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
} finally {
  rmSync(base, { recursive: true, force: true });
}
