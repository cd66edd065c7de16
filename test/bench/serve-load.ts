import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { query } from '../helpers/database.js';
import { startSimulator } from '../helpers/simulator.js';
import type { Workspace } from '../helpers/workspace.js';

export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { count: sorted.length, median: at(0.5), p99: at(0.99) };
}

/** Resident memory of a process, MB. */
export const residentMb = (pid: number) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const EVERY_SECONDS = 1;

/** From a file's rename into place to its row, ms, for files that arrive all this time. */
export async function arrivalLatencyMs(place: Workspace, seconds: number): Promise<Spread> {
  const begun = Date.now() / 1000;
  const simulator = startSimulator(place.incoming, [
    '--start',
    'now',
    '--count',
    '0',
    '--every',
    String(EVERY_SECONDS),
  ]);
  await sleep(seconds * 1000);
  simulator.kill('SIGTERM');
  await new Promise((resolve) => simulator.once('exit', resolve));
  await sleep(1000);
  const rows = query<{ path: string; recordedAt: number }>(
    place.productsDb,
    "SELECT path, recorded_at AS recordedAt FROM pointing_files WHERE state = 'stored' AND recorded_at > ?",
    begun,
  );
  // A rename changes the inode's time of change.
  return spread(rows.map(({ path, recordedAt }) => recordedAt * 1000 - statSync(join(path)).ctimeMs));
}

export interface Load {
  readonly failures: number;
  readonly events: number;
  readonly lightMs: Spread;
  readonly heavyMs: Spread;
}

const LIGHT = ['api/pointing/latest', 'api/pointing-monitor/status', 'healthz', 'metrics'];
const HEAVY = [
  'api/pointing_history?start_mjd=61300&limit=2000',
  'api/pointing/coverage',
  'api/pointing/track?max_points=10000',
  'api/pointing/observed?ra=251&dec=54.7',
];

const PROBES = 10;

interface Asking {
  readonly url: string;
  readonly paths: readonly string[];
  readonly clients: number;
  readonly seconds: number;
}
interface Answers {
  readonly milliseconds: readonly number[];
  readonly failures: number;
}

/**
 * So many clients, each following the events and asking for something heavy every second, and a few that probe. Each kind in a thread
 * of its own, so that none waits for another's work. Bounded in time.
 */
export async function loadWith(url: string, clients: number, seconds: number): Promise<Load> {
  const abort = new AbortController();
  let events = 0;
  let lost = 0;
  const follow = async () => {
    try {
      const { body } = await fetch(`${url}api/pointing/events`, { signal: abort.signal });
      for await (const _ of body as ReadableStream<Uint8Array>) events++;
    } catch {
      if (!abort.signal.aborted) lost++;
    }
  };
  const following = Array.from({ length: clients }, follow);
  const [light, heavy] = await Promise.all([
    inThread({ url, paths: LIGHT, clients: PROBES, seconds }),
    inThread({ url, paths: HEAVY, clients, seconds }),
  ]);
  abort.abort();
  await Promise.all(following);
  return {
    failures: lost + light.failures + heavy.failures,
    events,
    lightMs: spread(light.milliseconds),
    heavyMs: spread(heavy.milliseconds),
  };
}

async function inThread(asking: Asking): Promise<Answers> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: asking });
  const [answers] = (await once(worker, 'message')) as [Answers];
  return answers;
}

async function askAll({ url, paths, clients, seconds }: Asking): Promise<Answers> {
  const until = performance.now() + seconds * 1000;
  const milliseconds: number[] = [];
  let failures = 0;
  const ask = async (client: number) => {
    await sleep((client * 997) % 1000);
    for (let i = client; performance.now() < until; i++) {
      const begun = performance.now();
      try {
        const answer = await fetch(`${url}${paths[i % paths.length]}`);
        await answer.arrayBuffer();
        if (!answer.ok) failures++;
        milliseconds.push(performance.now() - begun);
      } catch {
        failures++;
      }
      await sleep(1000);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, i) => ask(i)));
  return { milliseconds, failures };
}

if (!isMainThread) parentPort?.postMessage(await askAll(workerData as Asking));
