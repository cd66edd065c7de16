import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShard, type Shard, shardOf } from '#src/ingest/shard.js';
import { isoOfUnix, unixSeconds } from '#src/units.js';

const shard = (index: number, count: number): Shard => ({ index, count, source: 'test' });
const indexOf = (path: string, count: number) =>
  Array.from({ length: count }, (_, i) => i + 1).filter((index) => inShard(path, shard(index, count)));

test('the shard of a file is fixed forever: by an independent SHA-256', () => {
  // Python: int.from_bytes(hashlib.sha256(name).digest()[:6], 'big') % count + 1
  for (const [name, ...expected] of [
    ['2025-10-04T15:12:13', 2, 4, 4],
    ['2025-10-01T00:00:00', 2, 8, 4],
  ] as const) {
    assert.deepEqual(
      [2, 8, 100].map((count) => indexOf(`/in/${name}_sb00.hdf5`, count)),
      expected.map((each) => [each]),
    );
    // All sub-bands and every directory alike.
    assert.deepEqual(indexOf(`/elsewhere/deep/${name}_sb15.hdf5`, 8), [expected[1]]);
  }
  assert.deepEqual(
    [2, 8, 100].map((count) => indexOf('/in/x', count)),
    [[1], [7], [83]],
  );
});

test('a year of observations is spread evenly', () => {
  const counts = new Array<number>(8).fill(0);
  const year = 365 * 280;
  for (let i = 0; i < year; i++) {
    const name = isoOfUnix(unixSeconds(1_735_689_600 + i * 309)).slice(0, 19);
    const index = [1, 2, 3, 4, 5, 6, 7, 8].find((each) => inShard(`${name}_sb00.hdf5`, shard(each, 8)));
    counts[(index as number) - 1] = (counts[(index as number) - 1] as number) + 1;
  }
  assert.equal(
    counts.reduce((sum, each) => sum + each),
    year,
  );
  for (const count of counts) assert.ok(Math.abs(count - year / 8) < 5 * Math.sqrt(year / 8), String(counts));
});

const AUTO = { shard: 'auto' };

/** What Slurm tells a task of an array. */
const slurm = (id: number, min: number, max: number, count = max - min + 1) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(min),
  SLURM_ARRAY_TASK_MAX: String(max),
  SLURM_ARRAY_TASK_COUNT: String(count),
});

const told = (flags: { shard?: string; shards?: number }, env: NodeJS.ProcessEnv) => {
  const found = shardOf(flags, env);
  return found && [found.index, found.count, found.source];
};

test('by the flag, by Slurm, by Kubernetes, or not at all', () => {
  assert.equal(told({}, {}), undefined);
  // An array of the user's own is not one of shards.
  assert.equal(told({}, slurm(3, 0, 7)), undefined);
  assert.equal(told({}, { JOB_COMPLETION_INDEX: '3' }), undefined);
  assert.deepEqual(told({ shard: '3/8' }, { SLURM_ARRAY_TASK_ID: '1' }), [3, 8, '--shard']);
  for (const [min, max] of [
    [0, 7],
    [1, 8],
  ] as const) {
    const ids = Array.from({ length: 8 }, (_, i) => min + i);
    const indices = ids.map((id) => told(AUTO, slurm(id, min, max))?.[0]);
    assert.deepEqual([...indices].sort(), [1, 2, 3, 4, 5, 6, 7, 8]);
    // Submitted again by themselves, one or two of them, they are the same shards.
    for (const [i, id] of ids.entries()) {
      assert.deepEqual(told({ ...AUTO, shards: 8 }, slurm(id, id, id)), [
        indices[i],
        8,
        'SLURM_ARRAY_TASK_ID',
      ]);
      assert.deepEqual(told({ ...AUTO, shards: 8 }, slurm(id, id, 8, 2)), [
        indices[i],
        8,
        'SLURM_ARRAY_TASK_ID',
      ]);
    }
  }
  assert.deepEqual(told({ ...AUTO, shards: 4 }, { JOB_COMPLETION_INDEX: '3' }), [
    4,
    4,
    'JOB_COMPLETION_INDEX',
  ]);
});

test('what would be a guess is refused', () => {
  for (const [flags, env, words] of [
    [{ shard: '0/8' }, {}, /--shard 0\/8: expected I\/N/],
    [{ shard: '9/8' }, {}, /--shard 9\/8: expected I\/N/],
    [{ shard: '1' }, {}, /expected I\/N/],
    [{ shards: 8 }, {}, /--shards goes with --shard auto/],
    [{ shard: '1/8', shards: 8 }, {}, /--shards goes with --shard auto/],
    [AUTO, {}, /neither Slurm .* nor Kubernetes .*--shard I\/N/],
    [AUTO, { JOB_COMPLETION_INDEX: '0' }, /--shards N/],
    [
      { ...AUTO, shards: 8 },
      { JOB_COMPLETION_INDEX: '8' },
      /JOB_COMPLETION_INDEX is 8, but the last of 8 shards is 7/,
    ],
    // One alone, two alone, steps, and numbers that one alone could not be told from.
    [AUTO, slurm(3, 3, 3), /--shards N/],
    [AUTO, slurm(2, 2, 5, 2), /--shards N/],
    [AUTO, slurm(1, 1, 15, 8), /not 0 to N-1 or 1 to N/],
    [AUTO, slurm(40, 40, 47), /not 0 to N-1 or 1 to N/],
    [{ ...AUTO, shards: 8 }, slurm(9, 1, 15, 8), /SLURM_ARRAY_TASK_ID is 9, but the last of 8 shards is 8/],
    [AUTO, { SLURM_ARRAY_TASK_ID: '3' }, /--shards N/],
  ] as const) {
    assert.throws(() => shardOf(flags, env as NodeJS.ProcessEnv), words);
  }
});
