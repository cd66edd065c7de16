import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Monitor } from './monitor.js';
import { Server } from './server.js';
import { simulate } from './simulator.js';
import type { Workspace } from './workspace.js';

/** What `/metrics` says of a monitor that has read three files, one of them broken. */
export async function scrape(test: TestContext, space: Workspace): Promise<string> {
  simulate(space.incoming, ['--count', '2', '--start', 'now']);
  writeFileSync(join(space.incoming, '2025-10-04T15:12:13_sb00.hdf5'), 'not HDF5');
  await new Monitor(test, space, ['--reconcile-interval', '2']).until(
    'three files',
    ({ metrics, reconciliation }) => metrics.files_processed === 3 && reconciliation?.failed === 1,
  );
  const answer = await fetch(`${await new Server(test, space).url()}metrics`);
  return answer.text();
}

/** The names of the metrics, those of a histogram's parts included. */
export const metricNames = (metrics: string) =>
  new Set([...metrics.matchAll(/^(pointing_\w+)(?=[{ ])/gm)].map(([, name]) => name as string));

/** Which metrics of ours a text speaks of. */
export const metricsNamedIn = (text: string) => [
  ...new Set([...text.matchAll(/\bpointing_(?:monitor|server)_\w+/g)].map(([name]) => name)),
];
