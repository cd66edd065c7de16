import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '#src/serve/routes/index.js';
import { promtool } from '../helpers/promtool.js';
import { serverOf, writeStatus } from '../helpers/server.js';
import { root, workspace } from '../helpers/workspace.js';

const run = (program: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', program), args, {
    encoding: 'utf8',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  return { status, output: `${stdout}${stderr}` };
};

test('the description of the API names every route, and a linter has nothing to say about it', async (t) => {
  const place = workspace(t);
  const app = await serverOf(t, place);
  const description = join(place.path, 'openapi.json');
  writeFileSync(description, (await app.inject('/openapi.json')).body);
  const { paths, servers } = JSON.parse(readFileSync(description, 'utf8'));
  assert.deepEqual(Object.keys(paths).sort(), routes.map(({ path }) => path).sort());
  const operations = Object.values(paths).map(
    (path) => (path as { get: { operationId: string } }).get.operationId,
  );
  assert.equal(new Set(operations).size, routes.length);
  assert.equal(servers.length, 1);
  for (const [path, type] of [
    ['/api/pointing/events', 'text/event-stream'],
    ['/api/pointing/track', 'application/octet-stream'],
    ['/metrics', 'text/plain'],
  ] as const)
    assert.ok(paths[path].get.responses[200].content[type].schema, path);
  const linted = run('redocly', ['lint', description]);
  assert.equal(linted.status, 0, linted.output);
  assert.match(linted.output, /API description is valid/);
  assert.doesNotMatch(linted.output, /You have \d+/);
});

test('Prometheus’s own checker has nothing to say about the metrics', async (t) => {
  const place = workspace(t);
  writeStatus(place.statusFile, {});
  const app = await serverOf(t, place);
  const { status, output } = promtool(['check', 'metrics'], (await app.inject('/metrics')).body);
  assert.deepEqual([status, output], [0, '']);
});
