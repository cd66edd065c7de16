import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { finished } from '../helpers/cli.js';
import { historyRows } from '../helpers/database.js';
import { installedPath } from '../helpers/installed.js';
import { needs } from '../helpers/needs.js';
import { Postgres, queryAt } from '../helpers/postgres.js';
import { simulate } from '../helpers/simulator.js';
import { root, workspace } from '../helpers/workspace.js';

const script = join(root, 'ops', 'slurm', 'backfill.sbatch');
const directives = new Map(
  [...readFileSync(script, 'utf8').matchAll(/^#SBATCH --([\w-]+)(?:=(.*))?$/gm)].map(([, name, value]) => [
    name,
    value,
  ]),
);

/** Runs the script as a task of its array, without a scheduler: there is none to be asked for another run. */
function runTask(
  id: number,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  user: { uid?: number; gid?: number } = {},
) {
  const [first = Number.NaN, last = Number.NaN] = (directives.get('array') ?? '').split('-').map(Number);
  const variables = {
    SLURM_ARRAY_JOB_ID: '7',
    SLURM_ARRAY_TASK_ID: String(id),
    SLURM_ARRAY_TASK_MIN: String(first),
    SLURM_ARRAY_TASK_MAX: String(last),
    SLURM_ARRAY_TASK_COUNT: String(last - first + 1),
  };
  return finished(
    spawn('bash', [script, ...args], {
      env: { ...variables, ...env },
      ...user,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

test('its directives stand before its first command, where Slurm reads them', () => {
  execFileSync('bash', ['-n', script]);
  const lines = readFileSync(script, 'utf8').split('\n');
  const firstCommand = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  assert.ok(lines.findLastIndex((line) => line.startsWith('#SBATCH')) < firstCommand);
  assert.equal(directives.get('array'), '0-7');
  assert.ok(directives.has('requeue'));
  assert.equal(directives.get('open-mode'), 'append');
});

test(
  'its tasks read what the environment file says, whatever is in the values',
  needs('postgres'),
  async (t) => {
    const { path, incoming, productsDb } = workspace(t);
    simulate(incoming, ['--count', '60']);
    const postgres = await Postgres.start(t);
    const url = await postgres.database();
    assert.match(url, /&/);
    const file = join(path, 'contimg.env');
    writeFileSync(
      file,
      `# A comment\n\nCONTIMG_INPUT_DIR=${incoming}\nPOINTING_MONITOR_FLAGS=--expect-every 309 $(exit)\nPIPELINE_PRODUCTS_DB=${url}`,
    );
    const env = { PATH: installedPath(path), CONTIMG_ENV: file };
    let files = 0;
    for (let id = 0; id < 8; id++) {
      const { code, stdout, stderr } = await runTask(id, ['--json'], env);
      assert.equal(code, 0, stderr);
      const summary = JSON.parse(stdout);
      assert.equal(summary.shard, `${id + 1}/8`);
      files += summary.files;
    }
    assert.equal(files, 60);
    assert.deepEqual(
      await queryAt(url, 'SELECT host, count(*)::int AS files FROM pointing_files GROUP BY host'),
      [{ host: 'shared', files: 60 }],
    );
    // Arguments win over the file.
    const { code } = await runTask(3, [incoming, productsDb, '--shard', '1/1'], env);
    assert.equal(code, 0);
    assert.equal(historyRows(productsDb).length, 60);
  },
);

test('a pair of quotes around a value is not part of it, as for systemd', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '8']);
  const file = join(path, 'contimg.env');
  writeFileSync(file, `CONTIMG_INPUT_DIR='${incoming}'\nPIPELINE_PRODUCTS_DB= "${productsDb}" \n`);
  const env = { PATH: installedPath(path), CONTIMG_ENV: file };
  const { code, stderr } = await runTask(0, ['--shard', '1/1'], env);
  assert.equal(code, 0, stderr);
  assert.equal(historyRows(productsDb).length, 8);
});

test('the environment of the user who submits overrides the file', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '3']);
  const file = join(path, 'contimg.env');
  writeFileSync(file, `CONTIMG_INPUT_DIR=${incoming}\nPIPELINE_PRODUCTS_DB=${join(path, 'other.sqlite3')}\n`);
  const env = { PATH: installedPath(path), CONTIMG_ENV: file, PIPELINE_PRODUCTS_DB: productsDb };
  const { code, stderr } = await runTask(0, ['--shard', '1/1'], env);
  assert.equal(code, 0, stderr);
  assert.equal(historyRows(productsDb).length, 3);
});

test(
  'the service’s password file is passed over where the user who submits cannot read it',
  needs('others'),
  async (t) => {
    const { path } = workspace(t);
    chmodSync(path, 0o755);
    const [program, file, passwords] = ['pointing-monitor', 'contimg.env', 'pgpass'].map((name) =>
      join(path, name),
    ) as [string, string, string];
    writeFileSync(program, '#!/bin/sh\necho "$PGUSER $PGPASSFILE"\n', { mode: 0o755 });
    writeFileSync(file, `PGPASSFILE=${passwords}\nPGUSER=contimg\n`);
    writeFileSync(passwords, '', { mode: 0o600 });
    const env = { PATH: `${path}:${process.env.PATH}`, CONTIMG_ENV: file };
    const said = async (user: object) => (await runTask(0, [], env, user)).stdout;
    assert.equal(await said({}), `contimg ${passwords}\n`);
    assert.equal(await said({ uid: 65534, gid: 65534 }), 'contimg \n');
  },
);

test('a wrong argument ends a task, and no other run is asked for', async (t) => {
  const { path, productsDb } = workspace(t);
  const env = { PATH: installedPath(path), CONTIMG_ENV: join(path, 'none') };
  const { code, stderr } = await runTask(3, [join(path, 'nowhere'), productsDb], env);
  assert.equal(code, 2);
  assert.match(stderr, /^pointing-monitor: the data directory .* does not exist\n$/);
});
