import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorCatalogue, errorCodes } from '#src/errors.js';
import { issueCodes } from '#src/issues.js';
import { Document } from '../helpers/documents.js';
import { root } from '../helpers/workspace.js';

const readme = new Document('README.md');
const runbook = new Document('docs/runbook.md');

test('the README has the complete error catalogue, verbatim', () => {
  const listed = [...readme.text.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)]
    .map(([, code, meaning]) => ({ code, meaning }))
    .filter(({ code }) => code !== undefined && code in errorCatalogue);
  assert.deepEqual(
    listed,
    Object.entries(errorCatalogue).map(([code, { meaning }]) => ({ code, meaning })),
  );
});

test('the runbook has exactly one section for each issue and error code, in the order of the catalogues', () => {
  const codes = runbook.headings.filter((heading) => /^[a-z0-9_]+$/.test(heading));
  assert.deepEqual(codes, [...issueCodes, ...errorCodes]);
  for (const code of codes) assert.ok(runbook.section(code).length > 40, code);
});

test('the README explains every dependency', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    if (!name.startsWith('@types/')) assert.ok(readme.text.includes(`\`${name}\``), name);
  }
});
