import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { loaded, openBrowser, openPage } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const now = () => Date.now() / 86_400_000 + 40_587;
const MINUTE = 1 / 1440;
const text = (page: Page, selector: string) => page.locator(selector).innerText();

for (const aheadHours of [-3, 3]) {
  test(
    `a browser whose clock is ${aheadHours} h ahead shows the server’s times`,
    needs('browser'),
    async (t) => {
      const place = workspace(t);
      fillHistory(place.productsDb, rowsFrom(now() - 31 * MINUTE, 6, 54.57));
      writeStatus(place.statusFile, {});
      const server = new Server(t, place);
      const { page } = await openPage(await openBrowser(t), await server.url(), {}, (page) =>
        page.clock.install({ time: Date.now() + aheadHours * 3_600_000 }),
      );
      await page.click('[data-range="1h"]');
      await loaded(page, '1h');
      assert.equal(await text(page, '#selection'), '6 observations');
      const utc = new Date().toISOString().slice(11, 15);
      assert.equal((await text(page, '#utc')).slice(0, 4), utc);
      const first = page.locator('#transits tbody tr').first();
      await first.waitFor();
      const [, , , wait = '', at = ''] = (await first.innerText()).split('\t');
      const [, hours = '0', minutes = '0'] = /^(?:(\d+) h)? ?(?:(\d+) min)?$/.exec(wait) ?? [];
      const expected = Date.now() / 60_000 + Number(hours) * 60 + Number(minutes);
      const [h = 0, m = 0] = at.split(':').map(Number);
      const apart = Math.abs(((expected - (h * 60 + m)) % 1440) - 0);
      assert.ok(Math.min(apart, 1440 - apart) < 2, `${wait} ${at}`);
      await waitFor('the now line', async () => {
        await page.focus('#dec-plot');
        return /from .* to /.test((await page.getAttribute('#dec-plot', 'aria-label')) ?? '');
      });
      const label = (await page.getAttribute('#dec-plot', 'aria-label')) ?? '';
      const [, end = ''] = / to (\S+ \S+) UTC/.exec(label) ?? [];
      assert.ok(Math.abs(Date.parse(`${end.replace(' ', 'T')}Z`) - Date.now()) < 120_000, label);
    },
  );
}
