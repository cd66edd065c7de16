import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresStore } from '#src/store/postgres/store.js';
import { type Postgres, queryAt } from '../../helpers/postgres.js';
import { quantile } from '../statistics.js';
import { observation } from './rows.js';

/** As a monitor does. */
const OBSERVATION_SECONDS = 309;
const PROBE_SECONDS = 5;
const STATUS_SECONDS = 30;
const SECONDS = 60;

export interface HostsLoad {
  readonly hosts: number;
  readonly commits: number;
  readonly recordMedianMs: number;
  readonly recordP99Ms: number;
  readonly probeP99Ms: number;
  readonly connections: number;
  /** Proportional set size of all of the server's processes. */
  readonly serverMegabytes: number;
  /** Of one core. */
  readonly serverCpuPercent: number;
}

/** So many hosts for a minute, at the rates of real monitors, each with its own connections. */
export async function hostsLoad(postgres: Postgres, hosts: number): Promise<HostsLoad> {
  const url = await postgres.database();
  const status = JSON.stringify({ running: true, healthy: true, issues: [], padding: 'x'.repeat(2500) });
  const stores = Array.from({ length: hosts }, (_, i) => new PostgresStore(url, { host: `host${i}` }));
  await stores[0]?.check();
  for (let i = 0; i < hosts; i += 50)
    await Promise.all(stores.slice(i, i + 50).map((store) => store.check()));
  const records: number[] = [];
  const probes: number[] = [];
  const until = Date.now() + SECONDS * 1000;
  const every = async (seconds: number, work: () => Promise<void>) => {
    await sleep(Math.random() * seconds * 1000);
    while (Date.now() < until) {
      await work();
      await sleep(seconds * 1000);
    }
  };
  const timed = async (times: number[], work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  };
  let observations = 0;
  const cpuBefore = cpuSeconds(postgres);
  const work = stores.flatMap((store, i) => [
    every(PROBE_SECONDS, () =>
      timed(probes, async () => {
        await store.check();
        await store.newest();
      }),
    ),
    every(STATUS_SECONDS, () => store.putStatus(status)),
    every(OBSERVATION_SECONDS, () =>
      timed(records, () => store.record([observation(observations++ * hosts + i, `/data/${i}`)])),
    ),
  ]);
  await sleep((SECONDS * 1000) / 2);
  const serverMegabytes = memoryMegabytes(postgres);
  const [{ connections } = { connections: 0 }] = await queryAt<{ connections: number }>(
    url,
    "SELECT count(*)::int AS connections FROM pg_stat_activity WHERE application_name = 'pointing-monitor'",
  );
  await sleep(until - Date.now());
  const serverCpuPercent = (100 * (cpuSeconds(postgres) - cpuBefore)) / SECONDS;
  // Those that sleep until their next turn have none: they are not waited for.
  void Promise.allSettled(work);
  await Promise.all(stores.map((store) => store.close()));
  return {
    hosts,
    commits: records.length,
    recordMedianMs: quantile(records, 0.5),
    recordP99Ms: quantile(records, 0.99),
    probeP99Ms: quantile(probes, 0.99),
    connections,
    serverMegabytes,
    serverCpuPercent,
  };
}

function processes(postgres: Postgres): number[] {
  const parentOf = (pid: string) => {
    try {
      return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    } catch {
      return 0;
    }
  };
  return readdirSync('/proc')
    .filter(
      (name) => /^\d+$/.test(name) && (Number(name) === postgres.pid || parentOf(name) === postgres.pid),
    )
    .map(Number);
}

const TICKS_PER_SECOND = 100;

/** Of those that have ended since, the postmaster has the sum. */
function cpuSeconds(postgres: Postgres): number {
  const ticks = processes(postgres).map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number);
    const own = (fields[11] as number) + (fields[12] as number);
    return pid === postgres.pid ? own + (fields[13] as number) + (fields[14] as number) : own;
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

function memoryMegabytes(postgres: Postgres): number {
  const kilobytes = processes(postgres).map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}
