import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkSqlite } from '#src/doctor/installation.js';
import { workspace } from '../helpers/workspace.js';

test('better-sqlite3 gives no cleanup hook back: Node.js aborts where a garbage collection does that', (t) => {
  assert.deepEqual(checkSqlite(), []);
  const other = join(workspace(t).path, 'better_sqlite3.node');
  writeFileSync(other, '\0_ZN4node28RemoveEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_\0');
  assert.match(checkSqlite(other)[0]?.message ?? '', /crash the program/);
});
