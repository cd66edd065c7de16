import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { extractPointings } from '#src/index.js';
import { fixture, workspace } from '../helpers/workspace.js';

test('the quality says where the name and the header are more than a minute apart', async (t) => {
  const { path } = workspace(t);
  // Its observation starts 6.44 s before the time in its name.
  const file = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');
  const names = ['15:12:13', '15:13:06', '15:11:07', '15:13:07', '15:11:06'].map(
    (time) => `2025-10-04T${time}_sb00.hdf5`,
  );
  const copies = [...names, 'no-stamp_sb00.hdf5'].map((name) => join(path, name));
  for (const copy of copies) copyFileSync(file, copy);
  const outcomes = await extractPointings(copies);
  assert.deepEqual(
    outcomes.map((each) => [basename(each.path), each.pointing?.quality.includes('name_differs')]),
    copies.map((copy, i) => [basename(copy), i === 3 || i === 4]),
  );
});
