import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../helpers/consumer.js';
import { documents } from '../helpers/documents.js';

test('the TypeScript in the documents compiles against the package alone', (t) => {
  const files = documents().flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language === 'ts')
      .map(({ text, line }) => [`${path.replaceAll(/\W/g, '-')}-${line}.ts`, text] as const),
  );
  assert.ok(files.length >= 2);
  const options = { module: 'nodenext', lib: ['es2023', 'dom'] };
  assert.deepEqual(compile(t, Object.fromEntries(files), options), []);
});
