import assert from 'node:assert/strict';
import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeJsonFile } from '#src/health/json-file.js';
import { workspace } from '../helpers/workspace.js';

test('links planted in the place of the status file and of its temporary one are replaced, not followed', async (t) => {
  const { path, statusFile } = workspace(t);
  const victim = join(path, 'victim');
  writeFileSync(victim, 'theirs');
  symlinkSync(victim, statusFile);
  symlinkSync(victim, `${statusFile}.${process.pid}.tmp`);
  await writeJsonFile(statusFile, { running: true });
  assert.equal(readFileSync(victim, 'utf8'), 'theirs');
  assert.ok(lstatSync(statusFile).isFile());
  assert.deepEqual(JSON.parse(readFileSync(statusFile, 'utf8')), { running: true });
});
