import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { failWhenLet, holdNext, loaded, openBrowser, openPage } from '../helpers/browser.js';
import type { Row } from '../helpers/database.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { fillHistory, now, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const MINUTE = 1 / 1440;

/** The page with ten observations of an hour ago, and older ones. */
async function opened(t: TestContext, older: readonly Row[] = []) {
  const place = workspace(t);
  fillHistory(place.productsDb, older);
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
  await waitForText('it again', () => text('#selection'), /^11 observations$/, 10);
});

test(
  'a refresh that answers late leaves the range that was chosen meanwhile',
  needs('browser'),
  async (t) => {
    // So many that the page cannot add more without leaving some out, and asks for all of them again.
    const first = now() - 6;
    const { page, text, add } = await opened(
      t,
      Array.from({ length: 9980 }, (_, i) => ({ timestamp: first + i / 2000, ra_deg: 10, dec_deg: 30 })),
    );
    assert.match(await text('#selection'), /^9\D?990 observations$/);
    const part = await holdNext(page, '**/api/pointing/track*');
    add(first + 0.5001, 30);
    await part.isHeld;
    const whole = await holdNext(page, '**/api/pointing/track*');
    await part.letGo();
    await whole.isHeld;
    await page.click('[data-range="24h"]');
    await loaded(page, '24h');
    const chosen = await text('#selection');
    await whole.letGo();
    assert.equal(await text('#selection'), chosen);
  },
);

test(
  'rows that a refresh brought too late are shown though the range chosen meanwhile fails',
  needs('browser'),
  async (t) => {
    const { page, text, add } = await opened(t);
    const refresh = await holdNext(page, '**/api/pointing/track*');
    add(now() - 55.5 * MINUTE);
    await refresh.isHeld;
    const letFail = await failWhenLet(page, '**/api/pointing/track*');
    const asked = page.waitForRequest('**/api/pointing/track*');
    await page.click('[data-range="24h"]');
    await asked;
    await refresh.letGo();
    letFail();
    await waitForText('the failure', () => text('#request-error'), /it is locked/);
    await page.unroute('**/api/pointing/track*');
    await waitForText('the row', () => text('#selection'), /^11 observations$/, 20);
  },
);

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
