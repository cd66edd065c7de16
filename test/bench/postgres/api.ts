import type { TestContext } from 'node:test';
import { Server } from '../../helpers/server.js';
import { residentMb, spread } from '../serve-load.js';

const QUESTIONS = {
  latest: 'api/pointing/latest',
  coverage: 'api/pointing/coverage',
  gaps: 'api/pointing/gaps',
  changes: 'api/pointing/changes',
  'track, 10,000 points': 'api/pointing/track?max_points=10000',
  'history, 100,000 rows': 'api/pointing_history?limit=100000',
  'observed, one position': 'api/pointing/observed?ra=251&dec=30',
  failures: 'api/pointing/failures',
  metrics: 'metrics',
};
const LATER = 5;
const LATEST_EVERY_MS = 20;

export interface ApiTimes {
  /** The first answer and the median of later ones, milliseconds. */
  readonly milliseconds: Readonly<Record<keyof typeof QUESTIONS, { first: number; later: number }>>;
  /** The slowest `latest` while all of these were answered, milliseconds. */
  readonly latestMeanwhileMs: number;
  readonly serverMb: number;
}

/** How long a fresh server of this database takes for each question, one after the other. */
export async function apiTimes(productsDb: string): Promise<ApiTimes> {
  const atEnd: (() => unknown)[] = [];
  const context = { after: (end: () => unknown) => atEnd.push(end) } as unknown as TestContext;
  const server = new Server(context, { productsDb });
  try {
    const url = await server.url();
    const milliseconds: Partial<Record<string, { first: number; later: number }>> = {};
    const asking = { done: false };
    const meanwhile = latestMeanwhile(url, asking);
    for (const [name, path] of Object.entries(QUESTIONS)) {
      const first = await timed(url + path);
      const later = [];
      for (let i = 0; i < LATER; i++) later.push(await timed(url + path));
      milliseconds[name] = { first, later: spread(later).median };
    }
    asking.done = true;
    return {
      milliseconds: milliseconds as ApiTimes['milliseconds'],
      latestMeanwhileMs: await meanwhile,
      serverMb: residentMb(server.process.pid as number),
    };
  } finally {
    for (const end of atEnd) await end();
  }
}

async function latestMeanwhile(url: string, asking: { readonly done: boolean }): Promise<number> {
  let worst = 0;
  while (!asking.done) {
    worst = Math.max(worst, await timed(`${url}${QUESTIONS.latest}`));
    await new Promise((resolve) => setTimeout(resolve, LATEST_EVERY_MS));
  }
  return worst;
}

async function timed(url: string): Promise<number> {
  const begun = performance.now();
  const answer = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return performance.now() - begun;
}
