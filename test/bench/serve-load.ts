import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { median, quantile } from './statistics.js';

export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Of times, ms. */
export const spread = (values: readonly number[]): Spread => ({
  count: values.length,
  median: median(values),
  p99: quantile(values, 0.99),
  max: quantile(values, 1),
});

/** Resident memory of a process, MB. */
export const residentMb = (pid: number) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

export interface Load {
  /** Streams of events that ended too soon. */
  readonly lost: number;
  readonly events: number;
  readonly light: Answers;
  readonly heavy: Answers;
}

const LIGHT = ['api/pointing/latest', 'api/pointing-monitor/status', 'healthz', 'metrics'];
const HEAVY = [
  'api/pointing_history?start_mjd=61300&limit=2000',
  'api/pointing/coverage',
  'api/pointing/track?max_points=10000',
  'api/pointing/observed?ra=251&dec=54.7',
];

const PROBES = 10;
const PAUSE_MS = 1000;

/** Questions of each client in turn, and its pause after each. */
interface Asking {
  readonly url: string;
  readonly paths: readonly string[];
  readonly clients: number;
  readonly seconds: number;
  readonly pauseMs: number;
}

export interface Answers {
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
    inThread({ url, paths: LIGHT, clients: PROBES, seconds, pauseMs: PAUSE_MS }),
    inThread({ url, paths: HEAVY, clients, seconds, pauseMs: PAUSE_MS }),
  ]);
  abort.abort();
  await Promise.all(following);
  return { lost, events, light, heavy };
}

/** One client that asks without a pause, so that it meets whatever else the server does. */
export const askSteadily = (url: string, path: string, seconds: number): Promise<Answers> =>
  inThread({ url, paths: [path], clients: 1, seconds, pauseMs: 0 });

/** Asks in a thread of its own, where nothing else delays the clocks. */
async function inThread(asking: Asking): Promise<Answers> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: asking });
  const [answers] = (await once(worker, 'message')) as [Answers];
  return answers;
}

async function askAll({ url, paths, clients, seconds, pauseMs }: Asking): Promise<Answers> {
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
        if (answer.ok) milliseconds.push(performance.now() - begun);
        else failures++;
      } catch {
        failures++;
      }
      if (pauseMs > 0) await sleep(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, i) => ask(i)));
  return { milliseconds, failures };
}

if (!isMainThread) parentPort?.postMessage(await askAll(workerData as Asking));
