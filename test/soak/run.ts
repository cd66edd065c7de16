/**
 * `npm run soak -- PRESET`: the promise at a scale that a test has no time for. It ends with exit status 1 if anything is lost, wrong
 * or untruly reported; see test/bench/README.md.
 */
import { parseArgs } from 'node:util';
import { arrivals } from './arrivals.js';
import { chaos } from './chaos.js';
import { clients } from './clients.js';
import { damaged } from './damaged.js';
import { databaseFaults } from './database-faults.js';
import { kills } from './kills.js';
import { Run } from './owner.js';
import { processFaults } from './process-faults.js';
import { treeFaults } from './tree-faults.js';

const USAGE = `usage: npm run soak -- PRESET [--count N | --minutes N] [--seed N]

  chaos      every fault there is, against a model of the database and of health; needs root (--minutes 120)
  kills      kill -9 of the monitor, its children and PostgreSQL (--count 1000)
  arrivals   bursts beyond the kernel's queue of events (--count 1000000)
  damaged    damaged files among good ones (--count 1000000)
  clients    1,000 clients that follow the events, and 20 slow ones (--minutes 10)
`;

const { values, positionals } = parseArgs({
  options: { count: { type: 'string' }, minutes: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const count = (otherwise: number) => Number(values.count ?? otherwise);
const seed = Number(values.seed ?? Date.now() % 1_000_000);

const run = new Run();
const presets: Record<string, () => Promise<void>> = {
  chaos: () =>
    chaos(run, {
      seconds: Number(values.minutes ?? 120) * 60,
      seed,
      faults: [...processFaults, ...databaseFaults, ...treeFaults],
      pauseMs: 1000,
    }),
  kills: () => kills(run, count(1000), seed),
  arrivals: () => arrivals(run, count(1_000_000)),
  clients: () => clients(run, Number(values.minutes ?? 10) * 60),
  damaged: () => damaged(run, count(1_000_000), seed),
};
const name = positionals[0] ?? 'chaos';
const preset = presets[name];
if (!preset) {
  process.stderr.write(USAGE);
  process.exit(2);
}
try {
  run.diagnostic(`${name}, seed ${seed}`);
  await preset();
  run.diagnostic('nothing lost, nothing wrong');
} catch (error) {
  run.diagnostic(`found: ${(error as Error).stack}`);
  process.exitCode = 1;
} finally {
  await run.end();
}
