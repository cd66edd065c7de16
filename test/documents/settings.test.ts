import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedFiles } from '#src/cli/describe/files.js';
import { root } from '../helpers/workspace.js';

for (const [path, text] of Object.entries(generatedFiles)) {
  test(`${path} is what "npm run generate" makes of the schema`, () => {
    assert.equal(readFileSync(join(root, path), 'utf8'), text());
  });
}

test('the arrows in docs/architecture.md are what "npm run generate" makes of the imports', async () => {
  const { withArrows } = await import(join(root, 'ops/arrows.mjs'));
  const document = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  assert.equal(document, withArrows(document));
});
