import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from '../helpers/browser.js';
import { sharedBy } from '../helpers/hosts.js';
import { needs } from '../helpers/needs.js';
import { now, Server } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const CADENCE_DAYS = 309 / 86_400;

/** Keeps the sizes of the text on the map. */
const recordFonts = (page: Page) =>
  page.addInitScript(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
    const { CanvasRenderingContext2D, document } = globalThis as any;
    const { fillText } = CanvasRenderingContext2D.prototype;
    const state = globalThis as unknown as { mapFontsPx: number[] };
    state.mapFontsPx = [];
    CanvasRenderingContext2D.prototype.fillText = function (...rest: unknown[]) {
      if (this.canvas === document.getElementById('map')) state.mapFontsPx.push(Number.parseFloat(this.font));
      fillText.apply(this, rest);
    };
  });
const minMapFontPx = (page: Page) =>
  page.evaluate(() => Math.min(...(globalThis as unknown as { mapFontsPx: number[] }).mapFontsPx));

/** Whether a source is in the beam depends on the hour, and its line takes room on the smallest wall. */
const nothingInBeam = (page: Page) =>
  page.route('**/api/pointing/latest*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), in_beam: [] } });
  });

/** Text in sight that is smaller than 3 % of the height, and in plots than 2.4 %. */
const tooSmall = (page: Page, height: number) =>
  page.evaluate((height) => {
    // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
    const { document } = globalThis as any;
    return [...document.body.querySelectorAll('*')]
      .filter((each) => {
        const hasText = [...each.childNodes].some(
          ({ nodeType, data }) => nodeType === 3 && data.trim() !== '',
        );
        const { width } = each.getBoundingClientRect();
        if (width <= 1 || !each.checkVisibility({ visibilityProperty: true })) return false;
        const min = hasText ? 0.03 : each.className === 'wall-plot' ? 0.024 : 0;
        return Number.parseFloat(getComputedStyle(each).fontSize) < min * height - 0.1;
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 120));
  }, height);

test('a wall shows what matters, large', needs('browser', 'postgres'), async (t) => {
  const issues = Array.from({ length: 9 }, (_, i) => `the disk number ${i} is full: remove files`);
  const productsDb = await sharedBy(
    t,
    { corr01: { healthy: false, issues }, corr02: {} },
    Array.from({ length: 30 }, (_, i) => ({ mjd: now() - 0.002 - i * CADENCE_DAYS, decDeg: 54.57 })),
  );
  const server = new Server(t, { productsDb });
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
    [2560, 1440],
  ] as const) {
    const url = `${await server.url()}?kiosk`;
    const { page } = await openPage(await openBrowser(t), url, { viewport: { width, height } }, (page) =>
      Promise.all([recordFonts(page), nothingInBeam(page)]),
    );
    const size = (selector: string) =>
      page.locator(selector).evaluate((each) => getComputedStyle(each as never).fontSize);
    const scale = Math.max(1, height / 1080);
    for (const [selector, px] of [
      ['#sentence', 44],
      ['#headline-position', 64],
      ['#utc', 40],
    ] as const)
      assert.ok(Math.abs(Number.parseFloat(await size(selector)) - px * scale) < 0.5, selector);
    const colourOf = (selector: string, property: string) =>
      page
        .locator(selector)
        .evaluate((each, name) => getComputedStyle(each as never).getPropertyValue(name), property);
    await page.locator('#issues').waitFor();
    // The rest is counted.
    const shownIssues = await page.locator('#issues li').filter({ visible: true }).count();
    assert.ok(shownIssues >= 2 && shownIssues < 9, String(shownIssues));
    assert.equal(await page.getAttribute('#issues', 'data-more'), `and ${9 - shownIssues} more`);
    assert.ok(await page.locator('#issues').evaluate((each) => each.scrollHeight <= each.clientHeight));
    await page.locator('#hosts tbody tr').nth(1).waitFor();
    assert.match(await page.locator('#hosts tbody').innerText(), /▲ corr01[\s\S]*● corr02/);
    assert.deepEqual(await tooSmall(page, height), [], `${width}x${height}`);
    const onMap = await minMapFontPx(page);
    assert.ok(onMap > 0.024 * height - 0.1, `${onMap} px on the map of ${width}x${height}`);
    const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.equal(wide, inner);
    assert.equal(await colourOf('#sentence', 'border-left-color'), await colourOf('#issues', 'color'));
    assert.equal(await page.locator('#controls').isVisible(), false);
    for (const selector of ['#map', '.wall-plot >> nth=1', '#monitor-line'])
      await waitFor(`${selector} in full`, async () => {
        const box = await page.locator(selector).boundingBox();
        return box && box.height > 20 && box.y + box.height <= height;
      });
    // There even a heading can be too much.
    if (height < 1000) continue;
    // They take room, too: without them there are rows.
    await page.locator('#issues').evaluate((each) => {
      Object.assign((each as unknown as { style: object }).style, { display: 'none' });
    });
    // What the column says above its lists can be of any length: the lists make way, by whole rows.
    const rows = page.locator('#transits tbody tr, #recent tbody tr');
    const fits = async () => {
      const line = await page.locator('#monitor-line').boundingBox();
      const shown = await rows.filter({ visible: true }).count();
      return line && line.y + line.height <= height ? shown : undefined;
    };
    for (const id of ['transits', 'recent'])
      await page.locator(`#${id} tbody tr`).first().waitFor({ state: 'attached' });
    const before = await waitFor('rows', fits);
    // The page itself writes this line again and again.
    const say = (words: string) =>
      page.locator('#in-beam').evaluate((line, textContent) => {
        Object.assign(line, { hidden: false, textContent });
      }, words);
    // How much room is left below depends on how many transits there are today.
    let times = 8;
    await waitFor('fewer rows', async () => {
      times = Math.min(times + 4, 60);
      await say('In the beam now: 3C286 '.repeat(times));
      return ((await fits()) ?? before) < before;
    });
    await waitFor('rows again', async () => {
      await say('In the beam');
      return ((await fits()) ?? 0) > before - 3;
    });
    await page.context().close();
  }
});

test('a wall says that there is nothing yet', needs('browser'), async (t) => {
  const url = `${await new Server(t, workspace(t)).url()}?kiosk`;
  const { page } = await openPage(await openBrowser(t), url, { viewport: { width: 1920, height: 1080 } });
  for (const [selector, words] of [
    ['#now', /^No observations yet\.$/],
    ['#empty', /^No observations yet\.$/],
    ['#transits', /^No declination yet\.$/],
  ] as const) {
    await page.locator(selector).waitFor();
    assert.match(await page.locator(selector).innerText(), words);
  }
  // A range of a history without a row is no gap.
  assert.equal(await page.locator('#gaps').textContent(), '');
  // On the map they would hide marks.
  const [words, map] = await Promise.all(['#empty', '#map'].map((each) => page.locator(each).boundingBox()));
  assert.ok(words && map && words.y + words.height <= map.y, JSON.stringify([words, map]));
});

test('a wall takes up a new version by itself', needs('browser'), async (t) => {
  const server = new Server(t, workspace(t));
  const url = await server.url();
  const page = await (await openBrowser(t)).newPage();
  await page.clock.install();
  const asked = page.waitForResponse((answer) => answer.url() === url);
  await page.goto(`${url}?kiosk`);
  const html = await (await asked).text();
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: `${html}<!-- new -->` }));
  const reloaded = page.waitForEvent('load');
  await page.clock.runFor(61_000);
  await reloaded;
  assert.equal(page.url(), `${url}?kiosk`);
});

test(
  'a wall stays when a proxy answers for its server, and starts though a part failed',
  needs('browser'),
  async (t) => {
    const server = new Server(t, workspace(t));
    const url = await server.url();
    const page = await (await openBrowser(t)).newPage();
    await page.clock.install();
    await page.route('**/assets/kiosk*.js', (route) => route.abort(), { times: 1 });
    await page.goto(`${url}?kiosk`);
    await page.getByText(/^Request failed/).waitFor();
    const asked = page.waitForRequest(url);
    await page.route(url, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<form>Log in</form>' }),
    );
    await page.clock.runFor(61_000);
    await asked;
    await page.unroute(url);
    await page.clock.runFor(61_000);
    await page.locator('.wall-plot canvas').first().waitFor();

    const again = page.waitForResponse(url);
    await page.route(url, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<form>Log in</form>' }),
    );
    await page.clock.runFor(61_000);
    await (await again).finished();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100))).catch(() => undefined);
    assert.equal(await page.locator('.wall-plot canvas').count(), 2);
  },
);
