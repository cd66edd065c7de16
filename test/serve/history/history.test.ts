import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Exchange } from '#src/serve/exchange.js';
import { openHistory } from '#src/serve/history/history.js';
import { InstrumentSource } from '#src/serve/instrument-source.js';
import type { Route, RouteContext } from '#src/serve/route.js';
import { calendarRoute } from '#src/serve/routes/calendar.js';
import { changesRoute } from '#src/serve/routes/changes.js';
import { coverageRoute } from '#src/serve/routes/coverage.js';
import { gapsRoute } from '#src/serve/routes/gaps.js';
import { mocRoute } from '#src/serve/routes/moc.js';
import { trackRoute } from '#src/serve/routes/track.js';
import { openSqliteReader } from '#src/store/sqlite/database.js';
import { fillHistory, rowsFrom } from '../../helpers/server.js';
import { workspace } from '../../helpers/workspace.js';

/** What these routes read, of a history that takes a while to go through. */
function contextOf(t: TestContext): RouteContext {
  const { productsDb } = workspace(t);
  fillHistory(productsDb, rowsFrom(60_000, 50_000, 54.57));
  const reader = openSqliteReader({ location: productsDb, missing: 'empty', lockWait: 'short' });
  const history = openHistory(productsDb, {}, (error) => assert.fail(error));
  t.after(async () => {
    await history.close();
    await reader.close();
  });
  return {
    reader,
    history,
    instruments: new InstrumentSource(reader, {}),
  } as Partial<RouteContext> as RouteContext;
}

const exchange = (onLeave: Exchange['onLeave']): Exchange => ({
  url: '/',
  root: 'http://localhost',
  accept: '',
  address: '127.0.0.1',
  status: () => {},
  header: () => {},
  onLeave,
});
const staying = exchange(() => {});
/** Of a client that leaves as soon as the thread has its question. */
const leaving = exchange((left) => left());

const routes: Record<string, readonly [Route, object]> = {
  calendar: [calendarRoute, {}],
  changes: [changesRoute, {}],
  coverage: [coverageRoute, {}],
  gaps: [gapsRoute, {}],
  moc: [mocRoute, { kind: 'time' }],
  'a thinned track': [trackRoute, { max_points: 100 }],
};

for (const [name, [route, query]] of Object.entries(routes)) {
  test(`${name}: the thread stops for a client that has left, and answers the next who asks the same`, async (t) => {
    const context = contextOf(t);
    await assert.rejects(async () => route.respond(query, context, leaving), /nobody waits/);
    assert.ok(await route.respond(query, context, staying));
  });
}

test('clients that have left take no places from those who come', async (t) => {
  const context = contextOf(t);
  // More than are answered at once.
  const left = Array.from({ length: 20 }, async (_, i) =>
    assert.rejects(
      async () => coverageRoute.respond({ ra_bin_deg: 1 + i }, context, leaving),
      /nobody waits/,
    ),
  );
  await Promise.all(left);
});
