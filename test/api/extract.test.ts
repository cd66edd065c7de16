import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { test } from 'node:test';
import { extractPointings, openExtractor, type Reader, UsageError } from 'pointing-monitor';
import { goldenFiles } from '../helpers/golden.js';
import { simulate } from '../helpers/simulator.js';
import { workspace } from '../helpers/workspace.js';

const golden = goldenFiles();
const near = (actual: number | undefined, expected: number, tolerance: number, what: string) =>
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) <= tolerance,
    `${what}: ${actual}, expected ${expected}`,
  );

test('the values that h5py and astropy give, in the order given, under the paths given', async () => {
  const paths = golden.map(({ path }, i) => (i % 2 ? path : relative(process.cwd(), path)));
  const outcomes = await extractPointings(paths);
  assert.deepEqual(
    outcomes.map(({ path }) => path),
    paths,
  );
  for (const [i, expected] of golden.entries()) {
    const { pointing, error } = outcomes[i] ?? {};
    assert.equal(error, undefined);
    assert.equal(pointing?.kind, expected.kind);
    near(pointing?.midTimeMjdUtc, expected.mjd, 2e-9, 'MJD');
    near(pointing?.raDeg, expected.ra_deg, 1e-6, 'RA');
    near(pointing?.decDeg, expected.dec_deg, 1e-6, 'Dec');
    near(pointing?.raIcrsDeg, expected.ra_icrs_deg, 1e-6, 'ICRS RA');
    near(pointing?.decIcrsDeg, expected.dec_icrs_deg, 1e-6, 'ICRS Dec');
    near(pointing?.haDeg, expected.ha_deg, 1e-6, 'HA');
    near(pointing?.lstDeg, expected.lst_deg, 1e-6, 'LST');
  }
});

test('an extractor takes many files and several calls at once, and keeps their order', async (t) => {
  const { path } = workspace(t);
  const simulated = simulate(path, ['--count', '3']);
  const many = Array.from({ length: 300 }, (_, i) => simulated[i % simulated.length] as string);
  await using extractor = openExtractor({ filesAtOnce: 4 });
  const [long, short] = await Promise.all([extractor.extract(many), extractor.extract(['/no/such/file'])]);
  assert.deepEqual(
    long.map(({ path, pointing }) => [path, typeof pointing?.raDeg]),
    many.map((path) => [path, 'number']),
  );
  assert.deepEqual(
    short.map(({ path, error }) => [path, error?.code]),
    [['/no/such/file', 'io_error']],
  );
  assert.deepEqual(await extractor.extract([]), []);
});

test('the reader that is asked for answers', async () => {
  const paths = golden.map(({ path }) => path);
  const [auto, direct, libhdf5] = await Promise.all(
    (['auto', 'direct', 'libhdf5'] as const).map((reader) => extractPointings(paths, { reader })),
  );
  assert.deepEqual(libhdf5, auto);
  const declined = direct?.filter(({ error }) => error?.code === 'unsupported') ?? [];
  assert.ok(declined.length > 0 && declined.length < paths.length);
});

test('a closed extractor refuses, whichever its reader, and closing again is nothing', async () => {
  for (const reader of ['auto', 'libhdf5'] as const) {
    const extractor = openExtractor({ reader });
    await extractor.close();
    await extractor.close();
    await assert.rejects(extractor.extract(['/in']), UsageError);
  }
});

test('an invalid option is refused, with its name', async () => {
  await assert.rejects(extractPointings([], { filesAtOnce: 0 }), /^UsageError: filesAtOnce: /);
  assert.throws(() => openExtractor({ filesAtOnce: Number.NaN }), /^UsageError: filesAtOnce: /);
  assert.throws(() => openExtractor({ reader: 'h5py' as Reader }), /^UsageError: reader: .*libhdf5/);
});
