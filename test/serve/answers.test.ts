import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ErrorAnswer } from '#src/serve/error-answer.js';
import { routes } from '#src/serve/routes/index.js';
import { headline } from '../api/dashboard.js';
import { cli } from '../helpers/cli.js';
import { compile } from '../helpers/consumer.js';
import { Monitor } from '../helpers/monitor.js';
import { Server } from '../helpers/server.js';
import { fixture, workspace } from '../helpers/workspace.js';

/** A program that writes down what was answered as a value of its type: a key too many or too few does not compile. */
function literals(values: readonly (readonly [type: string, value: unknown])[]): string {
  const plain = `type Plain<T> = T extends number ? number : T extends string | boolean | null | undefined ? T
    : T extends readonly (infer Item)[] ? Plain<Item>[] : { -readonly [Key in keyof T]: Plain<T[Key]> };`;
  const lines = values.map(
    ([type, value], i) => `export const value${i}: Plain<${type}> = ${JSON.stringify(value)};`,
  );
  return [
    "import type { Answers, BackfillSummary, ErrorAnswer, ExtractLine, Status, TransitLine } from 'pointing-monitor/types';",
    plain,
    ...lines,
  ].join('\n');
}

/** Of routes that answer nothing without one. */
const QUESTIONS: Readonly<Record<string, string>> = {
  '/api/pointing/observed': '?ra=202.78&dec=54.5',
  '/api/pointing/observation': '?mjd=60952.6353',
  '/api/pointing/search': '?q=3C286',
};
const inJson = routes.filter(({ mediaTypes = ['application/json'] }) => /json/.test(mediaTypes[0] ?? ''));

test('what a real monitor, its server and the commands say is of the types that programs are given', async (t) => {
  const place = workspace(t);
  cpSync(fixture('dsa110'), place.incoming, { recursive: true });
  writeFileSync(join(place.incoming, '2025-10-04T16:00:00_sb00.hdf5'), 'no HDF5 at all\n'.repeat(500));
  const monitor = new Monitor(t, place);
  await monitor.until('every file to be settled', ({ metrics, reconciliation, newest_observation }) =>
    Boolean(
      metrics.files_failed === 1 && metrics.files_succeeded === 6 && reconciliation && newest_observation,
    ),
  );
  const server = await new Server(t, place).url();

  const values: [string, unknown][] = [];
  assert.ok(inJson.length >= 10);
  for (const { path, answer: schema } of inJson) {
    const answer = (await (await fetch(`${server}${path.slice(1)}${QUESTIONS[path] ?? ''}`)).json()) as {
      items?: unknown[];
    };
    assert.ok(Value.Check(schema as TSchema, answer), `${path}: ${JSON.stringify(answer).slice(0, 500)}`);
    if (answer.items && !['/api/pointing/transits', '/api/pointing/observed'].includes(path))
      assert.ok(answer.items.length > 0, path);
    values.push([`Answers['${path}']`, answer]);
  }
  assert.match(await headline(server), /2025-|2026-|healthy/);
  const refused = await (await fetch(`${server}api/pointing_history?limit=0`)).json();
  assert.ok(Value.Check(ErrorAnswer, refused));
  values.push(['ErrorAnswer', refused]);
  values.push(['Status', JSON.parse(readFileSync(place.statusFile, 'utf8'))]);

  const lines = async (args: string[]) =>
    (await cli(args)).stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const good = join(place.incoming, '2025-10-04T15:12:13_sb00.hdf5');
  for (const line of await lines(['extract', '--json', good, '/no/such/file']))
    values.push(['ExtractLine', line]);
  const summary = (
    await lines(['backfill', place.incoming, join(place.path, 'other.sqlite3'), '--json', '--shard', '1/1'])
  ).at(-1);
  assert.ok(summary.declination_changes.length > 0);
  values.push(['BackfillSummary', summary]);
  const [transit] = await lines(['transits', '3C286', '--days-ahead', '2', '--json']);
  values.push(['TransitLine', transit]);

  const browser = { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023'] };
  assert.deepEqual(compile(t, { 'answers.ts': literals(values) }, browser), []);

  // That it would be seen: a key that the type does not have, and one that is missing.
  const { queue: _, ...without } = JSON.parse(readFileSync(place.statusFile, 'utf8'));
  for (const wrong of [without, { ...without, queue: _, added: 1 }]) {
    assert.equal(
      compile(t, { 'answers.ts': literals([['Status', wrong]]) }, browser).filter((line) =>
        /error/.test(line),
      ).length,
      1,
    );
  }
});
