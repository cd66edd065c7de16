import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { WORKER_ARGUMENTS } from '#src/worker-arguments.js';
import { root } from './helpers/workspace.js';

const source = join(root, 'src');

test('threads import their modules: one that is ended while it loads them by require aborts the process', async () => {
  const code = `require('node:worker_threads').parentPort.postMessage(process.features.require_module ?? false)`;
  const worker = new Worker(code, { eval: true, execArgv: [...WORKER_ARGUMENTS] });
  const requiresModules = await new Promise((resolve, reject) =>
    worker.on('message', resolve).on('error', reject),
  );
  assert.equal(requiresModules, false);

  const opening = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(source, path), 'utf8'))
    .filter((text) => /new (Piscina|Worker)\b/.test(text));
  assert.ok(opening.length > 1);
  for (const text of opening) assert.match(text, /execArgv: \[\.\.\.WORKER_ARGUMENTS\]/);
});
