import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { after, test } from 'node:test';
import { Extractor, extractorDefaults, readers } from '#src/extract/extractor.js';
import { type GoldenFile, goldenFiles } from '../helpers/golden.js';
import { fixture } from '../helpers/workspace.js';

const golden = goldenFiles();

const MJD_TOLERANCE_DAYS = 2e-9;
const ANGLE_TOLERANCE_DEG = 1e-6;

const sample = ({ path }: GoldenFile) => path;
const near = (actual: number, expected: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected}`);

const extractors = readers.map((reader) => ({
  reader,
  extractor: new Extractor({ ...extractorDefaults, reader }),
}));
after(() => Promise.all(extractors.map(({ extractor }) => extractor.close())));

for (const { reader, extractor } of extractors) {
  test(`the ${reader} reader gives the values that h5py and astropy give`, async () => {
    const outcomes = await extractor.extract(golden.map(sample));
    for (const [i, expected] of golden.entries()) {
      const outcome = outcomes[i];
      if (reader === 'direct' && outcome?.error?.code === 'unsupported') continue;
      const { pointing } = outcome ?? {};
      assert.ok(pointing, `${expected.path}: ${outcome?.error?.message}`);
      assert.equal(pointing.kind, expected.kind, expected.path);
      near(pointing.midTimeMjdUtc, expected.mjd, MJD_TOLERANCE_DAYS, `${expected.path} mjd`);
      near(pointing.lstDeg, expected.lst_deg, ANGLE_TOLERANCE_DEG, `${expected.path} LST`);
      near(pointing.haDeg, expected.ha_deg, ANGLE_TOLERANCE_DEG, `${expected.path} HA`);
      near(pointing.raDeg, expected.ra_deg, ANGLE_TOLERANCE_DEG, `${expected.path} RA`);
      near(pointing.decDeg, expected.dec_deg, ANGLE_TOLERANCE_DEG, `${expected.path} Dec`);
      near(pointing.raIcrsDeg, expected.ra_icrs_deg, ANGLE_TOLERANCE_DEG, `${expected.path} ICRS RA`);
      near(pointing.decIcrsDeg, expected.dec_icrs_deg, ANGLE_TOLERANCE_DEG, `${expected.path} ICRS Dec`);
    }
  });
}

test('the file of the deployment report has its true right ascension', async () => {
  const extractor = extractors.find(({ reader }) => reader === 'auto')?.extractor;
  const [outcome] = (await extractor?.extract([fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5')])) ?? [];
  assert.equal(outcome?.pointing?.raDeg.toFixed(4), '123.9537');
});

test('the direct reader itself answers for every file of the telescope', async () => {
  const extractor = extractors.find(({ reader }) => reader === 'direct')?.extractor;
  const own = golden.filter(({ kind, path }) => kind === 'hadec' && !basename(path).startsWith('2024-12-31'));
  const outcomes = await extractor?.extract(own.map(sample));
  assert.deepEqual(
    outcomes?.map(({ path, error }) => `${basename(path)} ${error?.message ?? 'read'}`),
    own.map(({ path }) => `${basename(path)} read`),
  );
});

test('both readers give the same bits', async () => {
  const [direct, libhdf5] = await Promise.all(
    (['direct', 'libhdf5'] as const).map(async (name) =>
      extractors.find(({ reader }) => reader === name)?.extractor.extract(golden.map(sample)),
    ),
  );
  let compared = 0;
  for (const [i, outcome] of (direct ?? []).entries()) {
    if (!outcome.pointing) continue;
    assert.deepEqual(outcome, libhdf5?.[i], basename(outcome.path));
    compared++;
  }
  assert.ok(compared >= 5, `only ${compared} files were answered by both`);
});
