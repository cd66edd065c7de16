import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { astrometry } from '#src/native/astrometry.js';
import { dsa110 } from '#src/sky/site.js';
import { mjdUtc } from '#src/units.js';
import { loaded, openBrowser, openPage, served } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fileNameOf, storeObservations } from '../helpers/observations.js';
import { now, recordFiles, Server, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const CADENCE_DAYS = 309 / 86_400;
const STATE_FILE = /_sb00\.hdf5/;

/** Where the page is, as a person shares it. */
const shared = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
const focused = (page: Page) => page.evaluate(() => (globalThis as never as Focus).document.activeElement.id);
interface Focus {
  readonly document: { readonly activeElement: { readonly id: string } };
}

/** Presses Tab until an element has the focus, as a person without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    if (await page.locator(`${selector}:focus`).count()) return;
  }
  assert.fail(`${selector} cannot be reached by Tab`);
}

test('every answer is found by keyboard alone, and lies in the address', needs('browser'), async (t) => {
  const place = workspace(t);
  // 3C286 in the beam two days ago, at its upper transit (by the addon, which is tested against astropy), and six hours here.
  const [transit = 0] = astrometry().upperTransits(
    202.7845338 as never,
    30.5091553 as never,
    mjdUtc(now() - 3),
    mjdUtc(now() - 1.9),
    dsa110,
  );
  const recent = Array.from({ length: 60 }, (_, i) => now() - 0.002 - (59 - i) * CADENCE_DAYS);
  await storeObservations(place.productsDb, [
    ...[-1, 0, 1].map((i) => ({ mjd: transit + i * CADENCE_DAYS, decDeg: 30.378 })),
    ...recent.map((mjd) => ({ mjd, decDeg: 54.57 })),
  ]);
  await recordFiles(place.productsDb, [
    {
      path: '/in/2025-10-04T00:00:00_sb00.hdf5',
      error: { code: 'no_declination', message: 'it is missing' },
    },
  ]);
  writeStatus(place.statusFile, {});
  const server = new Server(t, place);
  const { page, complaints } = await openPage(await openBrowser(t), await server.url(), {
    viewport: { width: 1440, height: 900 },
  });
  const { keyboard } = page;
  const text = (selector: string) => page.locator(selector).innerText();

  assert.match(await text('#sentence'), /^Drifting at Dec \+54\.57° for 5 h \d+ min; meridian now/);
  const rows = (id: string) => page.locator(`#${id} tbody tr`);
  await rows('recent').nth(7).waitFor();
  await rows('transits').nth(5).waitFor();
  assert.deepEqual([await rows('recent').count(), await rows('transits').count()], [8, 6]);
  for (const [selector, px] of [
    ['#sentence', 56],
    ['#controls', 40],
  ] as const) {
    const { height = 0 } = (await page.locator(selector).boundingBox()) ?? {};
    assert.ok(height >= px && height < 1.5 * px, `${selector} ${height}`);
  }
  // What matters needs no scrolling.
  for (const selector of [
    '#map',
    '#headline',
    '#transits',
    '#recent',
    '#monitor-line',
    '#dec-plot',
    '#ra-plot',
  ]) {
    const box = await page.locator(selector).boundingBox();
    assert.ok(box && box.y + box.height <= 900, `${selector} ${JSON.stringify(box)}`);
  }

  await keyboard.press('/');
  assert.equal(await focused(page), 'search-text');
  await keyboard.type('3c286');
  await keyboard.press('Enter');
  const passes = page.locator('#panel-search tbody tr');
  await passes.first().waitFor();
  assert.equal(await passes.count(), 1);
  const [, , offset = '', response = ''] = (await passes.first().innerText()).split('\t');
  assert.ok(Number.parseFloat(offset) < 0.1 && Number(response) > 0.99, `${offset} ${response}`);
  assert.match(await text('#panel-search'), /not observed since, for [12] d/);
  assert.match(await text('#panel-search'), /Next in the beam\s+not at this declination/);
  assert.deepEqual(shared(page), { tab: 'search', find: '3c286' });

  // The row opens, and leads to its neighbours and back.
  await tabTo(page, '#panel-search tbody a');
  await keyboard.press('Enter');
  const panel = page.locator('#observation');
  await panel.waitFor();
  assert.match(await panel.innerText(), STATE_FILE);
  assert.match(await panel.innerText(), /3C286\s+1\d\.\d\s+0\.0\d°\s+(1\.00|0\.99)/);
  assert.match(await panel.innerText(), /Hour angle\s+0\.0000°/);
  const title = await text('#observation-title');
  await tabTo(page, '.neighbours a');
  await keyboard.press('Enter');
  await waitFor('the neighbour', async () => (await text('#observation-title')) !== title);
  await page.goBack();
  await waitFor('the first again', async () => (await text('#observation-title')) === title);
  await page.reload();
  await loaded(page);
  await waitFor('the same after a reload', async () => (await text('#observation-title')) === title);
  await keyboard.press('Escape');
  assert.equal(await panel.isVisible(), false);

  // The cursor of the plot goes from row to row, selects, and opens.
  await tabTo(page, '#dec-plot');
  await keyboard.press('End');
  await waitFor('the row', async () => /Dec \+54\.570°$/.test(await text('#readout')));
  for (let i = 0; i < 3; i++) await keyboard.press('Shift+ArrowLeft');
  await waitFor('the selection', async () => /^4 observations selected/.test(await text('#selection')));
  assert.match(shared(page).brush ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{4}-/);
  await keyboard.press('Enter');
  await panel.waitFor();
  await keyboard.press('Escape');
  await tabTo(page, '#ra-plot');
  await keyboard.press('Escape');
  await waitFor('all again', async () => (await text('#selection')) === '63 observations');

  await tabTo(page, '[role=tab][aria-selected=true]');
  for (const [name, expected] of [
    ['failures', /no_declination 1 ·[\s\S]*What to do: Report it[\s\S]*\/in\/2025-10-04T00:00:00_sb00\.hdf5/],
    ['observations', /\+54\.5700°/],
    ['dwells', /\+54\.57°\s+5 h[\s\S]*\+30\.38°/],
    ['meridian', /In the beam/],
    ['calendar', /LST\s+UTC[\s\S]*\d+ %/],
    ['coverage', /\+54\.57°\s+5 h/],
  ] as const) {
    await keyboard.press('ArrowLeft');
    assert.equal(await focused(page), `tab-${name}`);
    await waitFor(name, async () => expected.test(await text(`#panel-${name}`)));
  }

  // The Sun crosses the meridian at noon of the site's own longitude, give or take the equation of time.
  for (let i = 0; i < 2; i++) await keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'tab-meridian');
  const sun = /Sun crosses at about (\d\d):(\d\d) UTC/;
  await waitFor('the Sun', async () => sun.test(await text('#panel-meridian')));
  const [, hours = '', minutes = ''] = sun.exec(await text('#panel-meridian')) ?? [];
  const noon = 12 + 118.283 / 15;
  assert.ok(Math.abs(Number(hours) + Number(minutes) / 60 - noon) < 0.31, `${hours}:${minutes}`);

  // A position, marked on the map; the file that the map is saved in has the mark.
  const find = async (what: string) => {
    await keyboard.press('/');
    await waitFor('the field', async () => (await focused(page)) === 'search-text');
    await keyboard.press('Control+a');
    await keyboard.type(what);
    await keyboard.press('Enter');
  };
  await find('13:31:08 +30:30:33');
  await waitFor('the position', async () => /13h 31m 08\.0s/.test(await text('#panel-search')));
  const name = await text('#panel-search h3');
  await tabTo(page, '#export-button');
  await keyboard.press('Enter');
  await page.locator('#export:popover-open').waitFor();
  for (const id of ['json', 'votable', 'moc']) {
    await tabTo(page, `#${id}`);
    const href = (await page.getAttribute(`#${id}`, 'href')) ?? '';
    const answer = await fetch(new URL(href, await server.url()));
    assert.equal(answer.status, 200, href);
    assert.ok((await answer.arrayBuffer()).byteLength > 500, href);
  }
  await tabTo(page, '#svg');
  const saved = page.waitForEvent('download');
  await keyboard.press('Enter');
  const svg = readFileSync(await (await saved).path(), 'utf8');
  assert.ok(svg.includes(`>${name}<`), name);
  await keyboard.press('Escape');
  await page.locator('#export').waitFor({ state: 'hidden' });

  const file = fileNameOf(mjdUtc(recent.at(-1) as number));
  await find(file);
  await panel.waitFor();
  assert.ok((await panel.innerText()).includes(file), file);
  await keyboard.press('Escape');

  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await find(day);
  await page.waitForSelector('body[data-loaded="custom"]');
  assert.equal(await page.inputValue('#from'), `${day} 00:00:00`);
  assert.deepEqual(complaints, []);
});

test('the whole view lies in the address: reload and Back work', needs('browser'), async (t) => {
  const place = workspace(t);
  await storeObservations(
    place.productsDb,
    Array.from({ length: 30 }, (_, i) => ({ mjd: now() - 0.002 - i * CADENCE_DAYS, decDeg: 54.57 })),
  );
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url());
  const pressed = () => page.locator('[data-range][aria-pressed=true]').getAttribute('data-range');
  await page.click('[data-range="30d"]');
  await waitFor('the range', async () => shared(page).range === '30d');
  await page.selectOption('#flux', '20');
  await page.selectOption('#times', 'lst');
  await page.click('#tab-dwells');
  await page.click('#zoom-in');
  await page.click('#theme');
  const { map = '', ...rest } = shared(page);
  assert.deepEqual(rest, { range: '30d', flux: '20', tab: 'dwells', theme: 'dark', times: 'lst' });
  const [, , field] = map.split(',').map(Number);
  assert.ok(field && field < 360, map);

  await page.reload();
  await page.waitForSelector('body[data-loaded="30d"]');
  assert.equal(await page.inputValue('#flux'), '20');
  assert.equal(await page.inputValue('#times'), 'lst');
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  await page.locator('#panel-dwells').waitFor();
  await page.locator('#panel-dwells', { hasText: 'From, LST' }).waitFor();
  assert.equal(shared(page).map, map);

  for (let i = 0; i < 5; i++) await page.goBack();
  assert.deepEqual(shared(page), { range: '30d' });
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark', 'as the page was opened');
  assert.equal(await page.inputValue('#flux'), '5');
  await page.locator('#panel-coverage').waitFor();
  await page.goBack();
  await waitFor('the range before', async () => (await pressed()) === '7d');
  // Bookmarks of former versions.
  await page.goto(`${await server.url()}#24h`);
  await page.waitForSelector('body[data-loaded="24h"]');
});

test('a flux density that is not offered is the usual one', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  let asked = '';
  const { page } = await openPage(browser, `${url}?flux=10`, {}, async (page) => {
    page.on('request', (request) => {
      if (request.url().includes('/calibrators?')) asked = request.url();
    });
  });
  assert.equal(await page.inputValue('#flux'), '5');
  await waitFor('the calibrators', () => /min_flux_jy=5$/.test(asked));
});
