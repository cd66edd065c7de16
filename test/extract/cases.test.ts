import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Extractor, extractorDefaults } from '#src/extract/extractor.js';
import type { Pointing } from '#src/native/outcome.js';
import { fixture } from '../helpers/workspace.js';

/** A line of test/fixtures/cases/cases.jsonl: a file that is easily read wrongly, and what is right. */
interface Case {
  readonly path: string;
  readonly why: string;
  readonly error?: string;
  readonly kind?: string;
  readonly [value: string]: string | number | undefined;
}

const cases = readFileSync(fixture('cases/cases.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

const valueNames: Record<string, keyof Pointing> = {
  mjd: 'midTimeMjdUtc',
  ra_deg: 'raDeg',
  dec_deg: 'decDeg',
  ra_icrs_deg: 'raIcrsDeg',
  dec_icrs_deg: 'decIcrsDeg',
  ha_deg: 'haDeg',
  lst_deg: 'lstDeg',
};
/** Days for the first, degrees for the others: 0.2 milliarcseconds beside the microseconds that a Julian Date loses. */
const TOLERANCES: Record<string, number> = { mjd: 1e-9 };
const TOLERANCE_DEG = 3e-7;

/** The direct reader leaves it to libhdf5. */
const notForDirect = ['writer_died_v3.hdf5'];

for (const reader of ['direct', 'libhdf5', 'auto'] as const) {
  test(`the ${reader} reader reads what is easily read wrongly`, async (t) => {
    const extractor = new Extractor({ ...extractorDefaults, reader });
    t.after(() => extractor.close());
    const read = cases.filter(({ path }) => reader !== 'direct' || !notForDirect.includes(path));
    assert.ok(read.length >= 10);
    const outcomes = await extractor.extract(read.map(({ path }) => fixture(`cases/${path}`)));
    for (const [i, expected] of read.entries()) {
      const { pointing, error } = outcomes[i] ?? {};
      const what = `${expected.path}: ${expected.why}`;
      assert.equal(error?.code, expected.error, `${what}; ${error?.message}`);
      assert.equal(pointing?.kind, expected.kind, what);
      for (const [name, key] of Object.entries(valueNames)) {
        const value = expected[name];
        if (value === undefined) continue;
        const away = Math.abs((pointing?.[key] as number) - (value as number));
        assert.ok(away <= (TOLERANCES[name] ?? TOLERANCE_DEG), `${what}; ${name} is ${away} off`);
      }
    }
  });
}
