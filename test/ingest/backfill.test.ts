import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Extractor, extractorDefaults } from '#src/extract/extractor.js';
import { type BackfillStages, backfill, noCounts } from '#src/ingest/backfill.js';
import type { FileResult } from '#src/store/rows.js';
import { writeManyEndless } from '../helpers/endless.js';
import { childrenOf } from '../helpers/processes.js';
import { simulate } from '../helpers/simulator.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const optionsFor = (directory: string) => ({
  directory,
  pattern: '*.hdf5',
  followLinks: false,
  range: {},
  shard: undefined,
  force: false,
  giveUpAfterSeconds: 3600,
});

test('nothing is recorded of a file that was removed after it was listed', async (t) => {
  const { incoming } = workspace(t);
  const [gone, kept] = simulate(incoming, ['--count', '2']) as [string, string];
  const extractor = new Extractor(extractorDefaults);
  t.after(() => extractor.close());
  const recorded: FileResult[] = [];
  const stages: BackfillStages = {
    extractor,
    classify: async (files) => {
      rmSync(gone);
      return files.map(() => ({ state: 'unread', errorCode: null }));
    },
    record: async (results) => {
      recorded.push(...results);
    },
    signal: new AbortController().signal,
  };
  const counts = noCounts(incoming);
  await backfill(optionsFor(incoming), stages, counts);
  assert.deepEqual(
    recorded.map(({ outcome, state }) => [outcome.path, state]),
    [[kept, 'stored']],
  );
  const { files, succeeded, failed, waiting } = counts;
  assert.deepEqual([files, succeeded, failed, waiting], [1, 1, 0, 0]);
});

test('nothing is recorded once it has failed, neither of a file that libhdf5 reads nor of those that wait for it', async (t) => {
  const { path, incoming } = workspace(t);
  // Listed in several batches.
  writeManyEndless(join(path, 'sample'), incoming, 2500);
  const extractor = new Extractor(extractorDefaults);
  t.after(() => extractor.close());
  const readers = () => childrenOf(process.pid, 'hdf5-child');
  const recorded: FileResult[] = [];
  let batches = 0;
  const stages: BackfillStages = {
    extractor,
    classify: async (files) => {
      if (batches++ === 0) return files.map(() => ({ state: 'unread', errorCode: null }));
      await waitFor('the processes of libhdf5', () => readers().length === extractor.hdf5Processes);
      for (const pid of readers()) process.kill(pid, 'SIGSTOP');
      throw new Error('out of order');
    },
    record: async (results) => {
      recorded.push(...results);
    },
    signal: new AbortController().signal,
  };
  await assert.rejects(backfill(optionsFor(incoming), stages, noCounts(incoming)), /out of order/);
  const before = recorded.length;
  // As the command does.
  await extractor.close();
  await waitFor('the end of the processes', () => readers().length === 0);
  await sleep(200);
  assert.deepEqual(recorded.slice(before), []);
});
