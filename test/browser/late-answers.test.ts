import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { holdNext, loaded, openBrowser, openPage } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { fillHistory, now, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const MINUTE = 1 / 1440;

/** The page with ten observations of an hour ago. */
async function opened(t: TestContext) {
  const place = workspace(t);
  await storeObservations(
    place.productsDb,
    Array.from({ length: 10 }, (_, i) => ({ mjd: now() - (60 - i) * MINUTE, decDeg: 54.57 })),
  );
  writeStatus(place.statusFile, {});
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url());
  await page.waitForLoadState('networkidle').catch(() => undefined);
  return {
    page,
    restart: async () => {
      server.process.kill('SIGKILL');
      await server.finished;
      const port = Number(new URL(await server.url()).port);
      await new Server(t, place, { port }).url();
    },
    text: (selector: string) => page.locator(selector).innerText(),
    add: (mjd: number, count = 1) => fillHistory(place.productsDb, rowsFrom(mjd, count, 30)),
  };
}

test(
  'an observation is shown though an answer of the next one overtook its own',
  needs('browser'),
  async (t) => {
    const { page, text, add } = await opened(t);
    const first = await holdNext(page, '**/api/pointing/latest');
    add(now() - 20 * MINUTE);
    await first.isHeld;
    add(now() - 10 * MINUTE);
    await waitForText('the later row', () => text('#selection'), /^1[12] observations$/);
    await first.letGo();
    await waitForText('both rows', () => text('#selection'), /^12 observations$/, 10);
  },
);

test('an observation stays though a refresh was answered before it came', needs('browser'), async (t) => {
  const { page, text, add, restart } = await opened(t);
  const refresh = await holdNext(page, '**/api/pointing/track*');
  await restart();
  await refresh.isHeld;
  add(now() - 10 * MINUTE);
  await waitForText('the new row', () => text('#selection'), /^11 observations$/);
  await refresh.letGo();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  await waitForText('it again', () => text('#selection'), /^11 observations$/, 10);
});

test(
  'the observation, search and calibrators that were asked for last are shown',
  needs('browser'),
  async (t) => {
    const { page, text } = await opened(t);
    const rows = page.locator('#recent tbody a');
    const observation = await holdNext(page, '**/api/pointing/observation?*');
    await rows.nth(3).click();
    await observation.isHeld;
    await rows.nth(1).click();
    const title = await waitForText('the second', () => text('#observation-title'), /UTC$/);
    await observation.letGo();
    assert.equal(await text('#observation-title'), title);
    await page.keyboard.press('Escape');

    const closed = await holdNext(page, '**/api/pointing/observation?*');
    await rows.nth(5).click();
    await closed.isHeld;
    await page.goBack();
    await closed.letGo();
    assert.equal(await page.locator('#observation').isVisible(), false);

    const search = await holdNext(page, '**/api/pointing/search?q=3C48');
    await page.fill('#search-text', '3C48');
    await page.press('#search-text', 'Enter');
    await search.isHeld;
    await page.fill('#search-text', '3C286');
    await page.press('#search-text', 'Enter');
    await waitForText('the second search', () => text('#panel-search h3'), /^3C286$/);
    await search.letGo();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
    assert.equal(await page.inputValue('#search-text'), '3C286');
    assert.equal(new URL(page.url()).searchParams.get('find'), '3C286');

    const calibrators = await holdNext(page, '**/api/pointing/calibrators?*');
    await page.selectOption('#flux', '20');
    await calibrators.isHeld;
    await page.selectOption('#flux', 'none');
    await calibrators.letGo();
    await page.click('[data-range="24h"]');
    await loaded(page, '24h');
    await page.click('#export-button');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#svg')]);
    const svg = readFileSync(await download.path(), 'utf8');
    assert.match(svg, /Cas A/);
    assert.doesNotMatch(svg, />3C147</);
  },
);
