import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Answers, ErrorAnswer, LatestAnswer } from 'pointing-monitor/types';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ErrorAnswer as ErrorSchema } from '#src/serve/errors.js';
import { CalibratorsSchema, TransitsSchema } from '#src/serve/routes/calibrators.js';
import { CoverageSchema } from '#src/serve/routes/coverage.js';
import { FailuresSchema } from '#src/serve/routes/failures.js';
import { GapsSchema } from '#src/serve/routes/gaps.js';
import { HistorySchema } from '#src/serve/routes/history.js';
import { ObservedSchema } from '#src/serve/routes/observed.js';
import { ChangesSchema, LatestSchema } from '#src/serve/routes/pointing.js';
import { HealthSchema, StatusSchema } from '#src/serve/routes/status.js';
import { get, headline } from '../api/dashboard.js';
import { cli } from '../helpers/cli.js';
import { compile } from '../helpers/consumer.js';
import { Monitor } from '../helpers/monitor.js';
import { Server } from '../helpers/server.js';
import { fixture, workspace } from '../helpers/workspace.js';

/** A type as JSON knows it: without units, the words that a text may be, and `readonly`. */
type Plain<T> = T extends number
  ? number
  : T extends string
    ? string
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { -readonly [Key in keyof T]: Plain<T[Key]> }
        : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const schemas = {
  '/api/pointing-monitor/status': StatusSchema,
  '/api/pointing_history': HistorySchema,
  '/api/pointing/latest': LatestSchema,
  '/api/pointing/changes': ChangesSchema,
  '/api/pointing/gaps': GapsSchema,
  '/api/pointing/coverage': CoverageSchema,
  '/api/pointing/calibrators': CalibratorsSchema,
  '/api/pointing/transits': TransitsSchema,
  '/api/pointing/failures': FailuresSchema,
  '/api/pointing/observed': ObservedSchema,
  '/healthz': HealthSchema,
} satisfies Record<keyof Answers, TSchema>;

type Agrees<Path extends keyof Answers> = Same<Plain<Answers[Path]>, Plain<Static<(typeof schemas)[Path]>>>;
/** Checked by the compiler. The schema of the status leaves its keys open; the test below has them from a real one. */
export const agreement: {
  [Path in Exclude<keyof Answers, '/api/pointing-monitor/status'>]: Agrees<Path>;
} & { error: Same<Plain<ErrorAnswer>, Plain<Static<typeof ErrorSchema>>> } = {
  '/api/pointing_history': true,
  '/api/pointing/latest': true,
  '/api/pointing/changes': true,
  '/api/pointing/gaps': true,
  '/api/pointing/coverage': true,
  '/api/pointing/calibrators': true,
  '/api/pointing/transits': true,
  '/api/pointing/failures': true,
  '/api/pointing/observed': true,
  '/healthz': true,
  error: true,
};
/** That a difference would be seen. */
export const difference: Same<Plain<LatestAnswer>, Plain<Static<typeof ChangesSchema>>> = false;

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

const OTHER_ROUTES = ['/api/pointing/events', '/api/pointing/track', '/metrics'];

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

  const { paths } = (await (await fetch(`${server}openapi.json`)).json()) as { paths: object };
  assert.deepEqual(
    Object.keys(schemas).sort(),
    Object.keys(paths)
      .filter((path) => !OTHER_ROUTES.includes(path))
      .sort(),
  );

  const values: [string, unknown][] = [];
  for (const path of Object.keys(schemas) as (keyof Answers)[]) {
    const answer =
      path === '/healthz' ? await (await fetch(`${server}healthz`)).json() : await get(server, path);
    assert.ok(Value.Check(schemas[path], answer), `${path}: ${JSON.stringify(answer).slice(0, 500)}`);
    if ('items' in answer && path !== '/api/pointing/transits') assert.ok(answer.items.length > 0, path);
    values.push([`Answers['${path}']`, answer]);
  }
  assert.match(await headline(server), /2025-|2026-|healthy/);
  const refused = await (await fetch(`${server}api/pointing_history?limit=0`)).json();
  assert.ok(Value.Check(ErrorSchema, refused));
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
