/**
 * `npm run test:slurm`: the shipped array of eight on a real Slurm and a real PostgreSQL. Two tasks are killed, one is told
 * that its time is up, PostgreSQL is killed and started again; at the end exactly the right rows must be there. Exit 1 if not.
 */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive, doneOf } from '../helpers/archive.js';
import { cli } from '../helpers/cli.js';
import { Gate } from '../helpers/gate.js';
import { installedPath } from '../helpers/installed.js';
import { Postgres } from '../helpers/postgres.js';
import { waitFor } from '../helpers/wait.js';
import { root } from '../helpers/workspace.js';
import { Slurm } from './cluster.js';

const FILES = 20_000;
const TASKS = 8;
const PROGRAMS = ['/usr/sbin/munged', '/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/bin/sbatch'];

const say = (text: string) => process.stderr.write(`test:slurm: ${text}\n`);

function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root: slurmd starts tasks for any user';
  const missing = PROGRAMS.filter((program) => !existsSync(program));
  return missing.length > 0 ? `needs ${missing.join(', ')}: apt-get install slurm-wlm munge` : undefined;
}

interface Summary {
  readonly files: number;
  readonly skipped: number;
  readonly failed: number;
}

/** The summaries in a task's log, one a run that came to its end. */
const summariesIn = (log: string): Summary[] =>
  log
    .split('\n')
    .filter((line) => line.startsWith('{"files"'))
    .map((line) => JSON.parse(line));

async function scenario(base: string, slurm: Slurm, postgres: Postgres): Promise<void> {
  say(`${FILES} observations`);
  const archive = await Archive.make(base, FILES);
  const shares = archive.shares(TASKS);
  const productsDb = await postgres.database();
  mkdirSync(join(base, 'empty'));
  assert.equal((await cli(['backfill', join(base, 'empty'), productsDb])).code, 0);
  const gate = await Gate.close(productsDb, shares);

  const logOf = (task: number) => join(base, `task-${task}.log`);
  const read = (task: number) => (existsSync(logOf(task)) ? readFileSync(logOf(task), 'utf8') : '');
  const script = join(root, 'ops', 'slurm', 'backfill.sbatch');
  const job = slurm.command(
    'sbatch',
    [
      '--parsable',
      `--output=${base}/task-%a.log`,
      script,
      archive.directory,
      productsDb,
      '--reader',
      'libhdf5',
      '--json',
    ],
    { PATH: installedPath(base), CONTIMG_ENV: join(base, 'none') },
  );
  say(`array ${job}: four tasks run, held after their first rows`);
  await waitFor('the first rows of four tasks', async () =>
    (await doneOf(shares, productsDb)).slice(0, 4).every((done) => done > 0),
  );

  say('the backfill of task 0 is killed: its script asks for another run');
  const [backfill] = slurm.processesOf(job, 0, 'pointing-monitor.js');
  assert.ok(backfill, 'no process of task 0');
  process.kill(backfill, 'SIGKILL');
  say('all of task 1 is killed, then requeued by an operator');
  slurm.command('scancel', ['--signal=KILL', '--full', `${job}_1`]);
  const stateOf = (task: number) => {
    const shown = slurm.command('scontrol', ['show', 'job', `${job}_${task}`]);
    return /JobState=(\S+)/.exec(shown)?.[1] ?? '';
  };
  await waitFor('the end of task 1', () => ['FAILED', 'CANCELLED'].includes(stateOf(1)));
  slurm.command('scontrol', ['requeue', `${job}_1`]);
  await gate.turnAway();
  const done = await doneOf(shares, productsDb);
  say('task 2 is told that its time is up');
  // As slurmd does two minutes before the end, to the script alone.
  const [batch] = slurm.processesOf(job, 2, 'slurm_script');
  assert.ok(batch, 'no script of task 2');
  process.kill(batch, 'SIGUSR1');
  await waitFor('its word', () => read(2).includes('finishing work in progress'));

  say('PostgreSQL is killed and started again');
  assert.equal(stateOf(3), 'RUNNING');
  await postgres.end('SIGKILL');
  await gate.open();
  assert.equal(summariesIn(read(3)).length, 0);
  await postgres.launch();

  await waitFor('the end of all tasks', () => slurm.command('squeue', ['--noheader', '--array']) === '', 300);
  for (let task = 0; task < TASKS; task++) {
    const [share, log] = [(shares[task] as string[]).length, read(task)];
    const runs = log
      .split('\n')
      .filter((line) => line === `shard ${task + 1} of ${TASKS}, from SLURM_ARRAY_TASK_ID`);
    const summaries = summariesIn(log);
    const { files, skipped, failed } = summaries.at(-1) as Summary;
    say(`task ${task}: ${runs.length} runs, the last read ${files} and skipped ${skipped} of ${share}`);
    assert.equal(stateOf(task), 'COMPLETED');
    assert.deepEqual([files + skipped, failed], [share, 0]);
    assert.equal(runs.length, task < 3 ? 2 : 1);
    // A run that was killed has no summary. The one that ended in good order went on writing after PostgreSQL's end.
    assert.equal(summaries.length, task === 2 ? 2 : 1);
    if (task < 2) assert.ok(skipped === done[task] && skipped > 0 && files > 0);
    else if (task === 2) assert.ok(skipped >= (done[task] as number) && skipped > 0);
    else assert.equal(skipped, 0);
  }
  await archive.assertIn(productsDb);
  say(`exactly ${FILES} right rows in both tables`);
}

const missing = whatIsMissing();
if (missing) {
  say(missing);
  process.exit(1);
}
const base = mkdtempSync(join(tmpdir(), 'pointing-slurm-'));
// munged wants its socket where anybody may come to it.
chmodSync(base, 0o755);
let slurm: Slurm | undefined;
let postgres: Postgres | undefined;
try {
  await Slurm.start(join(base, 'slurm'), (made) => {
    slurm = made;
  });
  postgres = await Postgres.start();
  await scenario(base, slurm as unknown as Slurm, postgres);
} catch (error) {
  say(`failed: ${(error as Error).stack}\n${slurm?.logs() ?? ''}`);
  process.exitCode = 1;
} finally {
  await slurm?.end();
  await postgres?.remove();
  rmSync(base, { recursive: true, force: true });
}
