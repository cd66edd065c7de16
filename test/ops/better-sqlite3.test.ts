import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/workspace.js';

test('better-sqlite3 gives no cleanup hook back: Node.js aborts where a garbage collection does that', () => {
  const library = readFileSync(join(root, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'));
  assert.ok(library.includes('sqlite3_prepare'));
  assert.ok(!library.includes('RemoveEnvironmentCleanupHook'));
});
