import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cliPath } from '../helpers/cli.js';

/** What a file of the bundle imports before it runs, and what these import. */
function importedBy(file: string, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/^import .*?"([^"]+)";$/gm)) {
    if (found.has(name)) continue;
    found.add(name);
    if (name.startsWith('./')) importedBy(join(dirname(file), name), found);
  }
  return found;
}

test('the command starts from a few files of its own, without any library', () => {
  const imported = [...importedBy(cliPath)].filter((name) => !name.startsWith('node:'));
  assert.deepEqual(
    imported.filter((name) => !name.startsWith('./')),
    [],
  );
  assert.ok(imported.length > 0 && imported.length <= 4, imported.join(' '));
});
