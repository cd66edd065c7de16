import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cliPath } from '../helpers/cli.js';

const bundle = dirname(cliPath);

/** What a file of the bundle imports before it runs, and what these import. */
function importedBy(file: string, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/^import .*?"([^"]+)";$/gm)) {
    if (found.has(name)) continue;
    found.add(name);
    if (name.startsWith('./')) importedBy(join(dirname(file), name), found);
  }
  return found;
}

const librariesOf = (imported: Iterable<string>) =>
  [...imported].filter((name) => !name.startsWith('node:') && !name.startsWith('./'));

test('the command starts from a few files of its own, without any library', () => {
  const imported = [...importedBy(cliPath)].filter((name) => !name.startsWith('node:'));
  assert.deepEqual(librariesOf(imported), []);
  assert.ok(imported.length > 0 && imported.length <= 4, imported.join(' '));
});

test('extract reads few files without any library, and so without the time to load it', () => {
  const [extract = ''] = readdirSync(bundle).filter((name) => /^extract-.*\.js$/.test(name));
  assert.deepEqual(librariesOf(importedBy(join(bundle, extract))), []);
});
