import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '#src/serve/routes/index.js';
import { needs } from '../helpers/needs.js';
import { promtool } from '../helpers/promtool.js';
import { fillHistory, rowsFrom, Server, serverOf, writeStatus } from '../helpers/server.js';
import { root, workspace } from '../helpers/workspace.js';

const run = (program: string, args: readonly string[], cwd = root) => {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', program), args, {
    cwd,
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

const CLIENT = `
import { defaults, findObserved, getStatus, listHistory } from './generated.js';

export async function ask(baseUrl: string) {
  defaults.baseUrl = baseUrl;
  const history = await listHistory({ startMjd: 60_000, endMjd: 60_001, columns: 'time_utc,path' });
  const observed = await findObserved({ ra: 251, dec: 54.7 });
  const status = await getStatus();
  if (history.status !== 200 || observed.status !== 200 || status.status !== 200) throw new Error('refused');
  const refused = await findObserved({ ra: 251 });
  const healthy: boolean = status.data.healthy;
  const count: number = observed.data.position.observations;
  const paths: (string | null)[] = observed.data.items.map(({ path }) => path);
  const message: string = refused.status === 400 ? refused.data.error.message : '';
  // @ts-expect-error: there is no such value
  const none: undefined = observed.data.position.none;
  return { healthy, count, paths, message, none, items: history.data.items };
}
`;

test('a client generated from the description compiles, and asks a server', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(60_000, 300, 54.57));
  writeStatus(place.statusFile, {});
  const url = (await new Server(t, place).url()).slice(0, -1);
  const inPlace = (name: string) => join(place.path, name);
  writeFileSync(inPlace('openapi.json'), await (await fetch(`${url}/openapi.json`)).text());
  const generated = run('oazapfts', [inPlace('openapi.json'), inPlace('generated.ts')]);
  assert.equal(generated.status, 0, generated.output);
  writeFileSync(inPlace('package.json'), '{ "type": "module" }');
  symlinkSync(join(root, 'node_modules'), inPlace('node_modules'));
  writeFileSync(inPlace('client.ts'), CLIENT);
  const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
  const compiled = run('tsc', [...flags, 'client.ts'], place.path);
  assert.deepEqual([compiled.status, compiled.output], [0, '']);
  const { ask } = await import(inPlace('client.js'));
  const answer = await ask(url);
  assert.ok(answer.count > 0);
  assert.equal(answer.paths.length, answer.count);
  assert.deepEqual(Object.keys(answer.items[0]), ['time_utc', 'path']);
  assert.match(answer.message, /dec/);
});

test('Prometheus’s own checker has nothing to say about the metrics', needs('promtool'), async (t) => {
  const place = workspace(t);
  writeStatus(place.statusFile, {});
  const app = await serverOf(t, place);
  const { status, output } = promtool(['check', 'metrics'], (await app.inject('/metrics')).body);
  assert.deepEqual([status, output], [0, '']);
});
