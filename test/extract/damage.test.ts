import assert from 'node:assert/strict';
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { type ErrorCode, errorCatalogue } from '#src/errors.js';
import { Extractor, extractorDefaults } from '#src/extract/extractor.js';
import type { Outcome } from '#src/native/outcome.js';
import { casesOf, random } from '../helpers/random.js';
import { fixture, workspace } from '../helpers/workspace.js';

const FILES = casesOf(3000);
const SEED = 20251004;
const HEAD_BYTES = 32_768;

/** Some bytes of the header overwritten: single bits, random bytes, or runs of 0 and 255. */
function damage(path: string, next: () => number): void {
  const file = openSync(path, 'r+');
  const below = (limit: number) => Math.floor(next() * limit);
  const edits = 1 + below(8);
  for (let i = 0; i < edits; i++) {
    const length = 1 + below(next() < 0.8 ? 2 : 64);
    const fill = [0, 255, below(256)][below(3)] as number;
    writeSync(file, Buffer.alloc(length, fill), 0, length, below(next() < 0.5 ? 4096 : HEAD_BYTES));
  }
  closeSync(file);
}

function assertInRange({ path, pointing }: Outcome): void {
  if (!pointing) return;
  const { midTimeMjdUtc, raDeg, decDeg, raIcrsDeg, decIcrsDeg, haDeg, lstDeg } = pointing;
  const inside = (value: number, min: number, max: number) =>
    Number.isFinite(value) && value >= min && value <= max;
  assert.ok(inside(midTimeMjdUtc, 47892, 88069), `${path}: MJD ${midTimeMjdUtc}`);
  for (const angle of [raDeg, raIcrsDeg, lstDeg]) assert.ok(inside(angle, 0, 360), `${path}: ${angle}`);
  for (const angle of [decDeg, decIcrsDeg]) assert.ok(inside(angle, -90, 90), `${path}: ${angle}`);
  assert.ok(inside(haDeg, -180, 180), `${path}: HA ${haDeg}`);
}

test(`${FILES} damaged files: this process lives, and each gives a row in range or a code`, async (t) => {
  const { path } = workspace(t);
  const samples = [
    'dsa110/2025-10-04T15:12:13_sb00.hdf5',
    'dsa110/2024-12-31T23:58:00_sb00.hdf5',
    'uvh5/zen.2458661.23480.HH_oldproj_icrs.uvh5',
  ];
  const next = random(SEED);
  const files = Array.from({ length: FILES }, (_, i) => {
    const sample = fixture(samples[i % samples.length] as string);
    const file = join(path, `${i}-${basename(sample)}`);
    copyFileSync(sample, file);
    damage(file, next);
    return file;
  });
  const extractor = new Extractor({
    ...extractorDefaults,
    hdf5: { ...extractorDefaults.hdf5, timeoutSeconds: 10 },
  });
  try {
    const counts = new Map<string, number>();
    for (let start = 0; start < files.length; start += 250) {
      const batch = files.slice(start, start + 250);
      const outcomes = await extractor.extract(batch);
      assert.deepEqual(
        outcomes.map((outcome) => outcome.path),
        batch,
      );
      for (const outcome of outcomes) {
        assertInRange(outcome);
        const result = outcome.error?.code ?? 'read';
        assert.ok(result === 'read' || result in errorCatalogue, result);
        if (outcome.error) assert.match(outcome.error.message, /^[ -~]+$/);
        counts.set(result, (counts.get(result) ?? 0) + 1);
      }
    }
    t.diagnostic(
      `results: ${JSON.stringify(Object.fromEntries(counts))}; libhdf5 processes lost: ${extractor.restarts}`,
    );
    assert.ok(
      (counts.get('read') ?? 0) > FILES / 30 && (counts.get('not_hdf5') ?? 0) > FILES / 300,
      'the damage is neither none nor total',
    );
  } finally {
    await extractor.close();
  }
});

test('what is no file at all has a code as well, and nothing waits', async (t) => {
  const { path } = workspace(t);
  const directory = join(path, 'directory_sb00.hdf5');
  mkdirSync(directory);
  const extractor = new Extractor(extractorDefaults);
  t.after(() => extractor.close());
  const given: [string, ErrorCode][] = [
    [directory, 'not_hdf5'],
    ['/dev/null', 'not_hdf5'],
    [join(path, 'no\nsuch\u0000file'), 'io_error'],
    [join(path, 'x'.repeat(5000)), 'io_error'],
  ];
  const outcomes = await extractor.extract(given.map(([name]) => name));
  assert.deepEqual(
    outcomes.map(({ error }) => error?.code),
    given.map(([, code]) => code),
  );
});

test('the readers say of a damaged file what they say of it alone', async (t) => {
  const { path } = workspace(t);
  const bad = join(path, 'bad_sb00.hdf5');
  copyFileSync(fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5'), bad);
  const file = openSync(bad, 'r+');
  writeSync(file, Buffer.alloc(4), 0, 4, 680);
  closeSync(file);
  assert.equal(readFileSync(bad).subarray(0, 4).toString('latin1'), '\x89HDF');
  const extractor = new Extractor(extractorDefaults);
  t.after(() => extractor.close());
  const good = fixture('dsa110/2025-10-04T15:22:31_sb00.hdf5');
  const [first, second, third] = await extractor.extract([good, bad, good]);
  assert.equal(second?.error?.code, 'not_hdf5');
  assert.deepEqual(first, third);
});
