import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Archive, doneOf } from '../helpers/archive.js';
import { cli, type Finished, finished, spawnCli } from '../helpers/cli.js';
import { Gate } from '../helpers/gate.js';
import { needs } from '../helpers/needs.js';
import { Postgres } from '../helpers/postgres.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const FILES = 20_000;
const SHARDS = 8;
const AT_ONCE = 4;

function summaryOf({ code, stdout, stderr }: Finished): { files: number; skipped: number; failed: number } {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
}

/** Shards of an archive as processes, killed when the test ends. */
function shardsOf(t: TestContext, archive: Archive, productsDb: string) {
  return (index: number, ...flags: string[]) => {
    const child = spawnCli([
      'backfill',
      archive.directory,
      productsDb,
      '--shard',
      `${index}/${SHARDS}`,
      '--json',
      ...flags,
    ]);
    const ended = finished(child);
    t.after(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return { child, ended };
  };
}

test(
  `${FILES} files in ${SHARDS} shards, two killed and run again, PostgreSQL killed in between`,
  needs('postgres'),
  async (t) => {
    const { path } = workspace(t);
    const archive = await Archive.make(path, FILES);
    const shares = archive.shares(SHARDS);
    const sizes = shares.map(({ length }) => length);
    const postgres = await Postgres.start(t);
    const productsDb = await postgres.database();
    const start = shardsOf(t, archive, productsDb);

    // The tables, which the gate needs.
    mkdirSync(join(path, 'empty'));
    assert.equal((await cli(['backfill', join(path, 'empty'), productsDb])).code, 0);
    const gate = await Gate.close(productsDb, shares);
    // By libhdf5, so that nobody's first transaction holds a whole share.
    const first = [1, 2, 3, 4].map((index) => start(index, '--reader', 'libhdf5'));
    await waitFor('the first rows of each', async () =>
      (await doneOf(shares, productsDb)).slice(0, AT_ONCE).every((done) => done > 0),
    );
    const [killed, survivors] = [first.slice(0, 2), first.slice(2)];
    for (const { child } of killed) child.kill('SIGKILL');
    assert.deepEqual(
      (await Promise.all(killed.map(({ ended }) => ended))).map(({ code, stdout }) => [code, stdout]),
      [
        [null, ''],
        [null, ''],
      ],
    );
    await gate.turnAway();
    const done = await doneOf(shares, productsDb);
    await postgres.end('SIGKILL');
    await gate.open();
    for (const { child } of survivors) assert.equal(child.exitCode, null);
    await postgres.launch();

    const again = [1, 2].map((index) => start(index).ended);
    for (const [i, { ended }] of survivors.entries()) {
      assert.equal(summaryOf(await ended).files, sizes[2 + i]);
    }
    for (const [i, ended] of again.entries()) {
      const [share, before] = [sizes[i] as number, done[i] as number];
      assert.ok(before > 0 && before < share, `${before} of ${share}`);
      const { files, skipped } = summaryOf(await ended);
      assert.deepEqual({ files, skipped }, { files: share - before, skipped: before });
    }
    const rest = await Promise.all([5, 6, 7, 8].map((index) => start(index).ended));
    assert.deepEqual(
      rest.map((each) => summaryOf(each).files),
      sizes.slice(AT_ONCE),
    );

    await archive.assertIn(productsDb);
    const { files, skipped } = summaryOf(
      await cli(['backfill', archive.directory, productsDb, '--shard', '1/1', '--json']),
    );
    assert.deepEqual({ files, skipped }, { files: 0, skipped: FILES });
  },
);
