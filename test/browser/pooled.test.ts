import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from '#src/store/open.js';
import { openBrowser, openPage, textOf } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { pooled } from '../helpers/pooler.js';
import { Postgres } from '../helpers/postgres.js';
import { now, Server } from '../helpers/server.js';
import { waitForText } from '../helpers/wait.js';

test(
  'behind a pooler the page shows rows of tables that were made after it was opened',
  needs('browser', 'postgres', 'pgbouncer'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const productsDb = await pooled(t, postgres, await postgres.database());
    const server = new Server(t, { productsDb });
    const { page } = await openPage(await openBrowser(t), await server.url());
    assert.equal(await textOf(page, '#empty'), 'No observations yet.');
    const store = await openStore(productsDb, { host: 'a', lockWait: 'short' });
    t.after(() => store.close());
    await store.check();
    await store.mergeHistory([{ timestamp: now() - 0.01, ra_deg: 10, dec_deg: 20 } as never]);
    await waitForText('the row', () => textOf(page, '#selection'), /^1 observation$/, 20);
    await waitForText('its declination', () => textOf(page, '#sentence'), /Dec \+20\.00°/, 20);
  },
);
