import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli, type Finished, finished, spawnCli } from '../helpers/cli.js';
import { count, historyRows, query } from '../helpers/database.js';
import { needs } from '../helpers/needs.js';
import { Postgres, queryAt } from '../helpers/postgres.js';
import { childrenOf } from '../helpers/processes.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const SHARDS = [1, 2, 3, 4, 5, 6, 7, 8];

function summaryOf({ code, stdout, stderr }: Finished) {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
}

const LEDGER = `SELECT path, size, mtime_us, state, kind, attempts, timestamp, ra_icrs_deg, dec_icrs_deg, ha_deg
  FROM pointing_files ORDER BY path`;

test('eight shards at once into one SQLite file are the whole, each file once; a rerun skips all', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  simulate(join(incoming, 'a/b'), ['--count', '500', '--dec-steps', '54.57:20,16.24:10']);
  simulate(incoming, ['--count', '100', '--start', '2024-01-01T00:00:00', '--gzip']);
  const run = (index: number) => cli(['backfill', incoming, productsDb, '--shard', `${index}/8`, '--json']);
  const summaries = (await Promise.all(SHARDS.map(run))).map(summaryOf);
  assert.deepEqual(
    summaries.map(({ shard }) => shard),
    SHARDS.map((index) => `${index}/8`),
  );
  const files = summaries.map((summary) => summary.files);
  assert.equal(
    files.reduce((sum, each) => sum + each),
    600,
  );
  for (const each of files) assert.ok(each > 0, String(files));

  const wholeDb = join(path, 'whole.sqlite3');
  summaryOf(await cli(['backfill', incoming, wholeDb, '--json']));
  assert.equal(historyRows(productsDb).length, 600);
  assert.deepEqual(historyRows(productsDb), historyRows(wholeDb));
  assert.deepEqual(query(productsDb, LEDGER), query(wholeDb, LEDGER));

  const again = (await Promise.all(SHARDS.map(run))).map(summaryOf);
  assert.deepEqual(
    again.map((summary) => [summary.files, summary.skipped]),
    files.map((each) => [0, each]),
  );
});

test('each shard into an SQLite file of its own: together the whole, and nothing twice', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '200', '--subbands', '2']);
  const dbOf = (index: number) => join(path, `shard-${index}.sqlite3`);
  const pattern = ['--pattern', '*_sb0?.hdf5'];
  await Promise.all(
    [1, 2, 3].map(async (index) =>
      summaryOf(
        await cli(['backfill', incoming, dbOf(index), '--shard', `${index}/3`, '--json', ...pattern]),
      ),
    ),
  );
  summaryOf(await cli(['backfill', incoming, productsDb, '--json', ...pattern]));
  // By observation, not by file: no history row is in two of them.
  const rows = [1, 2, 3].flatMap((index) => historyRows(dbOf(index)));
  assert.deepEqual(
    rows.sort((a, b) => a.timestamp - b.timestamp),
    historyRows(productsDb),
  );
  const paths = [1, 2, 3]
    .flatMap((index) => query<{ path: string }>(dbOf(index), LEDGER))
    .map((row) => row.path);
  assert.deepEqual(
    paths.sort(),
    query<{ path: string }>(productsDb, LEDGER).map((row) => row.path),
  );
  assert.equal(paths.length, 400);
});

test('the scheduler says which part: by Slurm, requeued, submitted again alone, by Kubernetes', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '60']);
  const slurm = (id: number, first = 0, last = 3) => ({
    SLURM_ARRAY_TASK_ID: String(id),
    SLURM_ARRAY_TASK_MIN: String(first),
    SLURM_ARRAY_TASK_MAX: String(last),
    SLURM_ARRAY_TASK_COUNT: String(last - first + 1),
  });
  const run = async (env: NodeJS.ProcessEnv, ...flags: string[]) => {
    const which = flags.includes('--shard') ? [] : ['--shard', 'auto'];
    const ended = await cli(['backfill', incoming, productsDb, '--json', ...which, ...flags], env);
    const { files, skipped, shard } = summaryOf(ended);
    return { stderr: ended.stderr, files, skipped, shard };
  };
  const third = await run(slurm(2));
  assert.match(third.stderr, /^shard 3 of 4, from SLURM_ARRAY_TASK_ID\n/);
  assert.equal(third.shard, '3/4');
  assert.ok(third.files > 0 && third.files < 60);
  assert.deepEqual(await run(slurm(2)), { ...third, files: 0, skipped: third.files });
  const alone = await run(slurm(2, 2, 2), '--shards', '4');
  assert.deepEqual([alone.files, alone.skipped], [0, third.files]);
  const pod = await run({ JOB_COMPLETION_INDEX: '2' }, '--shards', '4');
  assert.match(pod.stderr, /^shard 3 of 4, from JOB_COMPLETION_INDEX\n/);
  assert.deepEqual([pod.files, pod.skipped], [0, third.files]);
  // The flag wins, and 1/1 is the whole.
  assert.equal((await run(slurm(2), '--shard', '1/1')).files, 60 - third.files);

  // An array of the user's own, over dates say, is no shard.
  const whole = await cli(['backfill', incoming, productsDb, '--force', '--json'], slurm(2));
  assert.deepEqual([summaryOf(whole).files, summaryOf(whole).shard], [60, undefined]);
  const named = await cli(['backfill', incoming, productsDb, '--shard', 'auto'], slurm(2));
  assert.match(named.stdout, /; shard 3\/4\n$/);

  const refused = await cli(['backfill', incoming, productsDb, '--shard', 'auto'], slurm(2, 2, 2));
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^pointing-monitor: the Slurm array has 1 tasks from 2 to 2, not .*--shards N\n$/,
  );
});

test(
  'in PostgreSQL the files of shards are of one host, whichever node reads them',
  needs('postgres'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const productsDb = await postgres.database();
    const { incoming } = workspace(t);
    const [first = ''] = simulate(incoming, ['--count', '40']);
    const shard = async (index: number, env: NodeJS.ProcessEnv = {}) =>
      summaryOf(await cli(['backfill', incoming, productsDb, '--shard', `${index}/2`, '--json'], env));
    await shard(1);
    await shard(2);
    assert.deepEqual(
      await queryAt(productsDb, 'SELECT host, count(*)::int AS files FROM pointing_files GROUP BY host'),
      [{ host: 'shared', files: 40 }],
    );
    assert.equal((await shard(1)).files, 0);

    // The other commands know them under that name, and the history knows no hosts.
    const shared = { PIPELINE_HOST: 'shared' };
    assert.equal((await cli(['verify', incoming, productsDb], shared)).code, 0);
    assert.equal((await cli(['verify', incoming, productsDb], { PIPELINE_HOST: 'north' })).code, 1);
    const history = await cli(['history', productsDb, '--from', '2025-10-01', '--json']);
    const rows = history.stdout.trimEnd().split('\n');
    assert.equal(rows.length, 40);
    assert.equal(JSON.parse(rows[0] as string).path, first);
    await queryAt(
      productsDb,
      "UPDATE pointing_files SET state = 'failed', error_code = 'crashed' WHERE path = $1",
      [first],
    );
    assert.match((await cli(['retry', productsDb], shared)).stdout, /^re-queued 1 failed/);
    const taken = (await shard(1)).files + (await shard(2)).files;
    assert.equal(taken, 1);

    // A name that somebody gave stands.
    const named = { PIPELINE_HOST: 'archive' };
    assert.equal((await shard(1, named)).skipped, 0);
    assert.equal((await shard(1, named)).files, 0);
  },
);

test('a scheduler’s SIGTERM to every process of the job, and again: what was read is committed', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '1500', '--gzip']);
  const args = ['backfill', incoming, productsDb, '--shard', '1/1', '--json'];
  const child = spawnCli(args);
  const ended = finished(child);
  t.after(() => child.kill('SIGKILL'));
  await waitFor('the first rows', () => count(productsDb, 'pointing_history') > 0);
  const word = new Promise<void>((heard) => {
    child.stderr?.on('data', (chunk) => {
      if (String(chunk).includes('finishing work in progress')) heard();
    });
  });
  for (const pid of [...childrenOf(child.pid as number), child.pid as number]) process.kill(pid, 'SIGTERM');
  // At once: it may have little left to finish.
  await word;
  child.kill('SIGTERM');
  const { code, stdout } = await ended;
  assert.equal(code, 130);
  const { succeeded, failed } = JSON.parse(stdout);
  const stored = count(productsDb, 'pointing_history');
  assert.deepEqual([succeeded, failed], [stored, 0]);
  assert.ok(stored < 1500, 'it was over before it could be interrupted');
  const rest = summaryOf(await cli(args));
  assert.deepEqual([rest.skipped, rest.succeeded], [stored, 1500 - stored]);
});
