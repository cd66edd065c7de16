import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorCatalogue } from '#src/errors.js';
import { root } from './helpers/workspace.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the README has the whole error catalogue, in its words', () => {
  const listed = [...readme.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)]
    .map(([, code, meaning]) => ({ code, meaning }))
    .filter(({ code }) => code !== undefined && code in errorCatalogue);
  assert.deepEqual(
    listed,
    Object.entries(errorCatalogue).map(([code, { meaning }]) => ({ code, meaning })),
  );
});

test('the README says why each dependency is there', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    if (!name.startsWith('@types/')) assert.ok(readme.includes(`\`${name}\``), name);
  }
});
