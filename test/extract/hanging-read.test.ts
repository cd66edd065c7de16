import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Extractor, extractorDefaults } from '#src/extract/extractor.js';
import { HangingMount } from '../helpers/hanging-mount.js';
import { needs } from '../helpers/needs.js';
import { waitFor } from '../helpers/wait.js';
import { fixture, workspace } from '../helpers/workspace.js';

const good = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');

for (const inCallingThread of [false, true])
  test(
    `${inCallingThread ? 'in the calling thread' : 'on workers'}: a file on a dead file system is an io_error in time, the others of its batch are read, and so is it later`,
    needs('bindfs'),
    async (t) => {
      const { path } = workspace(t);
      const [source, mountPoint] = [join(path, 'source'), join(path, 'mount')];
      for (const directory of [source, mountPoint]) mkdirSync(directory);
      copyFileSync(good, join(source, 'observation.hdf5'));
      const hung = join(mountPoint, 'observation.hdf5');
      const mount = await HangingMount.mount(t, source, mountPoint);
      const extractor = new Extractor({ ...extractorDefaults, inCallingThread, secondsPerFile: 3 });
      t.after(() => extractor.close());
      mount.hang();
      try {
        for (let round = 0; round < 3; round++) {
          const begunAt = performance.now();
          const [first, second] = await extractor.extract([hung, good]);
          assert.equal(first?.error?.code, 'io_error');
          assert.match(first?.error?.message ?? '', /file system/);
          assert.ok(second?.pointing);
          // The first try still waits for the file system: another would too, and hold up the good file.
          if (round > 0) assert.ok(performance.now() - begunAt < 3000);
        }
        // Nor do other threads try it.
        const another = new Extractor({ ...extractorDefaults, inCallingThread, secondsPerFile: 3600 });
        t.after(() => another.close());
        assert.equal((await another.extract([hung]))[0]?.error?.code, 'io_error');
      } finally {
        mount.goOn();
      }
      await waitFor('the file', async () => (await extractor.extract([hung]))[0]?.pointing);
    },
  );
