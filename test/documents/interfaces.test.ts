import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '#src/serve/routes/index.js';
import { Document } from '../helpers/documents.js';
import { Monitor } from '../helpers/monitor.js';
import { Server } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { workspace } from '../helpers/workspace.js';

const page = new Document('docs/interfaces.md');

/** What the first column of a section's table names. */
const namedIn = (section: string) =>
  [...page.section(section).matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string),
  );

/** Keys with points between, of objects in objects; lists and what is described in one row are whole. */
function keysOf(value: object, whole: ReadonlySet<string>, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, each]) => {
    const key = prefix + name;
    const isObject = typeof each === 'object' && each !== null && !Array.isArray(each);
    return isObject && !whole.has(key) ? keysOf(each, whole, `${key}.`) : [key];
  });
}

test('the page has every key of the status, every route and every metric', async (t) => {
  const space = workspace(t);
  simulate(space.incoming, ['--count', '1', '--start', 'now']);
  const monitor = new Monitor(t, space, ['--reconcile-interval', '1']);
  const status = await monitor.until('a row and its scan', ({ newest_observation, reconciliation }) =>
    Boolean(newest_observation && reconciliation?.with_row === 1),
  );
  const keys = namedIn('The status file');
  assert.deepEqual(keysOf(status, new Set(keys)).sort(), keys.sort());
  const paths = routes.map(({ path }) => path as string);
  assert.deepEqual(namedIn('The HTTP API').sort(), paths.sort());
  const metrics = await (await fetch(`${await new Server(t, space).url()}metrics`)).text();
  const names = [...metrics.matchAll(/^# TYPE (pointing_(?:monitor|server_event)_\w+) /gm)];
  assert.deepEqual(namedIn('Metrics').sort(), names.map(([, name]) => name as string).sort());
});
