import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { historyRows } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { simulate } from '../helpers/simulator.js';
import { workspace } from '../helpers/workspace.js';
import { Chaos } from '../soak/chaos.js';

const SECONDS = 40;
const OBSERVATIONS = 1200;

test('chaos: whatever happens around it, the database is in the end what the files say', async (t) => {
  const space = workspace(t);
  const made = join(space.path, 'made');
  const files = simulate(made, ['--count', String(OBSERVATIONS)]);
  const truthDb = join(space.path, 'truth.sqlite3');
  await cli(['backfill', made, truthDb]);
  let monitor = new Monitor(t, space, ['--reconcile-interval', '3']);
  const subject = {
    ...space,
    signal: (name: 'SIGSTOP' | 'SIGCONT') => monitor.process.kill(name),
    killAndRestart: async () => {
      monitor.process.kill('SIGKILL');
      await monitor.finished;
      monitor = new Monitor(t, space, ['--reconcile-interval', '3']);
    },
  };
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const chaos = new Chaos(subject, files, historyRows(truthDb), seed);
  await chaos.run(SECONDS, 80);
  await chaos.verify();
  await monitor.until(
    'the proof',
    ({ reconciliation }) => reconciliation?.unaccounted === 0 && reconciliation.with_row > 0,
  );
  t.diagnostic(JSON.stringify(Object.fromEntries(chaos.done)));
});
