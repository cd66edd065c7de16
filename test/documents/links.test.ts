import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Document, documents } from '../helpers/documents.js';
import { root } from '../helpers/workspace.js';

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

test('every link inside the repository leads to a file and a heading', () => {
  const broken: string[] = [];
  for (const document of documents()) {
    for (const link of document.links.filter((each) => !/^\w+:/.test(each))) {
      const [file, anchor] = link.split('#');
      const path = file ? join(dirname(document.path), file) : document.path;
      if (!existsSync(join(root, path))) broken.push(`${document.path}: ${link}`);
      else if (anchor && !new Document(path).headings.some((heading) => anchorOf(heading) === anchor))
        broken.push(`${document.path}: ${link} (no such heading)`);
    }
  }
  assert.deepEqual(broken, []);
});

test('every file and script that a document names exists', () => {
  const scripts = Object.keys(JSON.parse(new Document('package.json').text).scripts);
  for (const { path, text } of documents()) {
    for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g))
      assert.ok(scripts.includes(name as string), `${path}: npm run ${name}`);
    for (const [, name] of text.matchAll(/`((?:src|native|test|ops|docs|vendor)\/[\w./-]+\w)`/g)) {
      assert.ok(existsSync(join(root, name as string)), `${path}: ${name}`);
    }
  }
});
