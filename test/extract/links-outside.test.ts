import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Extractor, extractorDefaults } from '#src/extract/extractor.js';
import { fixture, workspace } from '../helpers/workspace.js';

for (const reader of ['direct', 'libhdf5'] as const)
  test(`${reader}: given a root, a link that leads out of it is not read, and the root may itself be a link`, async (t) => {
    const { path } = workspace(t);
    const real = join(path, 'real');
    const watched = join(path, 'watched');
    mkdirSync(real);
    symlinkSync(real, watched);
    const file = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');
    copyFileSync(file, join(real, 'inside.hdf5'));
    symlinkSync('inside.hdf5', join(real, 'within.hdf5'));
    symlinkSync(file, join(real, 'outside.hdf5'));
    const files = ['inside', 'within', 'outside'].map((name) => join(watched, `${name}.hdf5`));
    const codes = async (root: string | undefined) => {
      const extractor = new Extractor({ ...extractorDefaults, reader, root });
      try {
        return (await extractor.extract(files)).map(({ error }) => error?.code ?? 'read');
      } finally {
        await extractor.close();
      }
    };
    assert.deepEqual(await codes(watched), ['read', 'read', 'unsupported']);
    assert.deepEqual(await codes(undefined), ['read', 'read', 'read']);
  });
