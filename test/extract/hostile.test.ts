import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Extractor, extractorDefaults } from '#src/extract/extractor.js';
import { hostileKinds, writeHostile } from '../helpers/hostile.js';
import { fixture, workspace } from '../helpers/workspace.js';

const codeOf = ({ error }: { readonly error?: { readonly code: string } }) => error?.code ?? 'read';

for (const inCallingThread of [false, true])
  test(`each hostile file ends as its code without costing a process, beside a good one${inCallingThread ? ', in the calling thread' : ''}`, async (t) => {
    const { path } = workspace(t);
    const files = hostileKinds.map(({ name }) => join(path, `${name}.hdf5`));
    for (const [i, { name }] of hostileKinds.entries()) writeHostile(name, files[i] as string);
    const extractor = new Extractor({ ...extractorDefaults, inCallingThread });
    t.after(() => extractor.close());
    const outcomes = await extractor.extract([...files, fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5')]);
    assert.deepEqual(outcomes.map(codeOf), [...hostileKinds.map(({ code }) => code), 'read']);
    assert.equal(extractor.restarts, 0);
  });
