import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { Extractor, extractorDefaults } from '#src/extract/extractor.js';
import { type BackfillStages, backfill, noCounts } from '#src/ingest/backfill.js';
import type { FileResult } from '#src/store/rows.js';
import { simulate } from '../helpers/simulator.js';
import { workspace } from '../helpers/workspace.js';

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
    aborted: () => false,
  };
  const counts = noCounts(incoming);
  const options = { directory: incoming, pattern: '*.hdf5', followLinks: false, range: {}, shard: undefined };
  await backfill({ ...options, force: false, giveUpAfterSeconds: 3600 }, stages, counts);
  assert.deepEqual(
    recorded.map(({ outcome, state }) => [outcome.path, state]),
    [[kept, 'stored']],
  );
  const { files, succeeded, failed, waiting } = counts;
  assert.deepEqual([files, succeeded, failed, waiting], [1, 1, 0, 0]);
});
