import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, openPage } from '../helpers/browser.js';
import { night, value, values } from '../helpers/hera.js';
import { needs } from '../helpers/needs.js';
import { Server } from '../helpers/server.js';

test(
  'the page shows a night of HERA by its own name, length and beam',
  needs('browser', 'h5py'),
  async (t) => {
    const place = await night(t);
    const server = new Server(t, place);
    const { page, complaints } = await openPage(await openBrowser(t), await server.url());
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.locator('body[data-loaded=all]').waitFor();
    assert.match(await page.locator('header').innerText(), /^Pointing monitor HERA$/m);
    const degrees = (name: string) => `${values(name).at(-1)?.toFixed(4).replace('-', '−')}°`;
    await page.locator('#recent thead th').first().waitFor();
    assert.deepEqual(await page.locator('#recent thead th').allInnerTexts(), ['UTC', 'RA', 'Dec']);
    const now = await page.locator('.now').innerText();
    assert.ok(now.includes(`${degrees('ra_icrs_deg')}  ${degrees('dec_icrs_deg')}`), now);

    const shown = async (tab: string) => {
      await page.locator(`#tab-${tab}`).click();
      return page.locator(`#panel-${tab}`);
    };
    const minutes = Math.floor(value('coverage_seconds') / 60);
    const onSky = `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    await (await shown('coverage')).getByText(onSky, { exact: true }).waitFor();
    // 29 intervals of 600 s, and an observation of 580 s.
    await (await shown('dwells')).getByText('4 h 59 min', { exact: true }).waitFor();
    assert.deepEqual(complaints, []);
  },
);
