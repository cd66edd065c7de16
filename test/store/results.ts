import assert from 'node:assert/strict';
import { StoreError, type StoreErrorKind } from '#src/errors.js';
import type { Outcome, Pointing } from '#src/native/outcome.js';
import type { FileResult } from '#src/store/store.js';
import { degrees, mjdUtc } from '#src/units.js';
import { byDsa110 } from '../helpers/observations.js';

/** The version of every file here. */
export const version = {
  sizeBytes: 100,
  mtimeUs: 1_759_590_000_000_001,
  ctimeUs: 1_759_590_000_000_002,
};

function pointing(mjd: number, decDeg = 54.57): Pointing {
  return {
    kind: 'hadec',
    midTimeMjdUtc: mjdUtc(mjd),
    raDeg: degrees(123.95),
    decDeg: degrees(decDeg),
    raIcrsDeg: degrees(123.45),
    decIcrsDeg: degrees(54.65),
    haDeg: degrees(0),
    lstDeg: degrees(123.95),
    ...byDsa110,
  };
}

export const stored = (path: string, mjd: number, decDeg?: number): FileResult => ({
  outcome: { path, version, pointing: pointing(mjd, decDeg) },
  state: 'stored',
  attempts: 1,
});

export const failed = (path: string, state: 'waiting' | 'failed' = 'failed'): FileResult => ({
  outcome: { path, version, error: { code: 'not_hdf5', message: 'it is text' } } satisfies Outcome,
  state,
  attempts: 3,
});

/** Asserts that `work` meets this trouble, and gives its words. */
export async function trouble(kind: StoreErrorKind, work: () => Promise<unknown>): Promise<string> {
  let message = '';
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.kind, kind, error.message);
    message = error.message;
    return true;
  });
  return message;
}

export async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list = [];
  for await (const row of rows) list.push(row);
  return list;
}
