import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded, openBrowser, openPage, served, textOf } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, recordFiles, rowsFrom, Server } from '../helpers/server.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const mjdOf = (utc: string) => Date.parse(`${utc}Z`) / 86_400_000 + 40_587;
const MINUTE = 1 / 1440;

test('a wall keeps no plot that it has replaced', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, `${url}?kiosk`);
  await page.locator('.wall-plot canvas').nth(1).waitFor();
  const session = await page.context().newCDPSession(page);
  const canvases = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { result } = await session.send('Runtime.evaluate', { expression: 'HTMLCanvasElement.prototype' });
    const { objects } = await session.send('Runtime.queryObjects', {
      prototypeObjectId: result.objectId as string,
    });
    const { result: count } = await session.send('Runtime.callFunctionOn', {
      objectId: objects.objectId as string,
      functionDeclaration: 'function () { return this.length; }',
      returnByValue: true,
    });
    await session.send('Runtime.releaseObject', { objectId: objects.objectId as string });
    return count.value as number;
  };
  const before = await canvases();
  for (let i = 0; i < 10; i++) {
    const tracks = [1, 2].map(() => page.waitForResponse('**/api/pointing/track*'));
    await page.evaluate(() => globalThis.dispatchEvent(new Event('resize')));
    await Promise.all(tracks);
  }
  await waitFor('the plots', async () => (await page.locator('.wall-plot canvas').count()) === 2);
  assert.ok((await canvases()) <= before + 2, `${before} ${await canvases()}`);
});

test('the map fits its canvas on a screen of another resolution', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: 1280,
    height: 800,
    deviceScaleFactor: 2,
    mobile: false,
  });
  await page.click('#zoom-in');
  await waitFor('sharp pixels', () =>
    page.evaluate(() => {
      const map = document.getElementById('map') as HTMLCanvasElement;
      return devicePixelRatio === 2 && map.width === map.clientWidth * 2;
    }),
  );
});

test('what has the focus keeps it when a list is renewed', needs('browser'), async (t) => {
  const { place, url, browser } = await served(t);
  const { page } = await openPage(browser, url);
  const link = page.locator('#recent tbody a').nth(2);
  await link.focus();
  const name = await link.innerText();
  fillHistory(place.productsDb, rowsFrom(now() - 2 * MINUTE, 1, 30));
  await waitForText('the new row', () => textOf(page, '#recent'), /\+30\.00°/);
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), name);
});

test(
  'the focus is back at what opened a panel, though it was renewed meanwhile',
  needs('browser'),
  async (t) => {
    const { place, url, browser } = await served(t);
    const { page } = await openPage(browser, url);
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const link = page.locator('#recent tbody a').nth(2);
    const name = await link.innerText();
    await link.focus();
    await page.keyboard.press('Enter');
    await page.locator('#observation').waitFor();
    fillHistory(place.productsDb, rowsFrom(now() - 2 * MINUTE, 1, 30));
    await waitForText('the new row', () => textOf(page, '#recent'), /\+30\.00°/);
    await page.keyboard.press('Escape');
    assert.equal(await focused(), name);

    await page.click('#tab-calendar');
    const day = page.locator('#panel-calendar [role=rowheader] a').nth(2);
    const date = await day.innerText();
    await day.focus();
    await page.keyboard.press('Enter');
    await waitFor(
      'it alone',
      async () => (await page.locator('#panel-calendar [role=rowheader]').count()) === 1,
    );
    assert.equal(await focused(), date);
  },
);

test('the link past the controls changes nothing of what is shown', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url);
  const tracks: string[] = [];
  page.on('request', (request) => request.url().includes('/track') && tracks.push(request.url()));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await waitFor('the anchor', () => page.url().endsWith('#tabs'));
  await page.click('#tab-dwells');
  assert.equal(new URL(page.url()).search, '?tab=dwells');
  assert.deepEqual(tracks, []);
});

test('the page works where the browser keeps nothing', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page, complaints } = await openPage(browser, url, {}, (page) =>
    page.addInitScript(() =>
      Object.defineProperty(globalThis, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
    ),
  );
  const theme = await page.getAttribute('html', 'data-theme');
  await page.click('#theme');
  assert.notEqual(await page.getAttribute('html', 'data-theme'), theme);
  assert.deepEqual(complaints, []);
});

test('the calendar has the days of the range, whole, and no others', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(mjdOf('2024-02-28T12:00:00'), 1.5 * (86_400 / 309), 30));
  const server = new Server(t, place);
  const browser = await openBrowser(t);
  const shown = async (from: string, to: string) => {
    const { page } = await openPage(
      browser,
      `${await server.url()}?range=custom&from=${from}&to=${to}&tab=calendar`,
      {},
      undefined,
      'custom',
    );
    await page.locator('#panel-calendar .hour-bar').first().waitFor({ state: 'attached' });
    await loaded(page, 'custom');
    const rows = await page.locator('#panel-calendar [role=row]:not(.calendar-head)').allInnerTexts();
    await page.context().close();
    return rows.map((row) => row.split(/\s+/).join(' ').trim());
  };
  assert.deepEqual(await shown('2024-02-27', '2024-03-01'), [
    '2024-02-29 100 %',
    '2024-02-28 50 %',
    '2024-02-27 0 %',
  ]);
  assert.deepEqual(await shown('2024-02-29T12:00:00', '2024-02-29T18:00:00'), ['2024-02-29 100 %']);
});

test('the calendar shows a note where it leaves out days', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 900, 2, 30));
  fillHistory(place.productsDb, rowsFrom(now() - 1, 2, 30));
  const { page } = await openPage(
    await openBrowser(t),
    `${await new Server(t, place).url()}?range=all&tab=calendar`,
    {},
    undefined,
    'all',
  );
  await waitForText(
    'the note',
    () => textOf(page, '#panel-calendar .card-head'),
    /The latest 800 days of the range\./,
  );
  await page.click('[data-range="7d"]');
  await waitFor(
    'no note',
    async () => !(await textOf(page, '#panel-calendar .card-head')).includes('latest'),
  );
});

test('a group of failures that was closed stays closed', needs('browser'), async (t) => {
  const place = workspace(t);
  const failed = (path: string, code: 'not_hdf5' | 'truncated') =>
    recordFiles(place.productsDb, [{ path, error: { code, message: 'no signature' } }]);
  fillHistory(place.productsDb, rowsFrom(now() - 1, 2, 30));
  await failed('/in/a.hdf5', 'not_hdf5');
  await failed('/in/b.hdf5', 'truncated');
  const { page } = await openPage(
    await openBrowser(t),
    `${await new Server(t, place).url()}?range=all&tab=failures`,
    {},
    undefined,
    'all',
  );
  await page.locator('.failure-group summary', { hasText: 'not_hdf5' }).click();
  await failed('/in/c.hdf5', 'truncated');
  await waitForText('the third failure', () => textOf(page, '#panel-failures'), /Failed: 3 files/);
  const open = page.locator('.failure-group[open]');
  assert.equal(await open.count(), 1);
  assert.match(await open.innerText(), /^truncated/);
});

test('a history without a row speaks of no gaps', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, []);
  const { page } = await openPage(
    await openBrowser(t),
    `${await new Server(t, place).url()}?range=all`,
    {},
    undefined,
    'all',
  );
  assert.equal(await textOf(page, '#gaps'), '');
});

test('the side panel follows what comes, and closes by Escape from anywhere', needs('browser'), async (t) => {
  const { place, url, browser } = await served(t);
  const { page } = await openPage(browser, url);
  await page.locator('#recent tbody a').first().click();
  const neighbours = () => textOf(page, '#observation .neighbours');
  await waitForText('the newest', neighbours, /The newest$/);
  fillHistory(place.productsDb, rowsFrom(now() - 2 / 1440, 1, 54.57));
  await waitForText('the one after', neighbours, /→$/);
  await page.focus('#tab-dwells');
  await page.keyboard.press('Escape');
  await page.locator('#observation').waitFor({ state: 'hidden' });
});

test('on a phone what the side panel covers cannot have the focus', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url, { viewport: { width: 390, height: 844 } });
  await page.locator('#recent tbody a').first().click();
  await page.locator('#observation').waitFor();
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Shift+Tab');
    const where = await page.evaluate(() => document.activeElement?.closest('#observation, body')?.tagName);
    const isOut = await page.evaluate(() => document.activeElement === document.body);
    assert.ok(isOut || where === 'DIALOG', where);
  }
  await page.keyboard.press('Escape');
  await page.locator('#observation').waitFor({ state: 'hidden' });
  assert.equal(
    await page.locator('main').evaluate((main) => (main as unknown as { inert: boolean }).inert),
    false,
  );
});

test(
  'the page beside or below an observation follows a screen that is turned',
  needs('browser'),
  async (t) => {
    const { url, browser } = await served(t);
    const [upright, across] = [
      { width: 820, height: 1180 },
      { width: 1180, height: 820 },
    ];
    const { page } = await openPage(browser, url, { viewport: upright });
    const isInert = () => page.locator('main').evaluate((main) => (main as unknown as HTMLElement).inert);
    await page.locator('#recent tbody tr').first().click();
    await waitFor('the page to be covered', isInert);
    await page.setViewportSize(across);
    await waitFor('the page beside it', async () => !(await isInert()), 10);
    await page.setViewportSize(upright);
    await waitFor('the page to be covered again', isInert, 10);
    await page.keyboard.press('Escape');
    assert.equal(await isInert(), false);
    // Nothing covers it when it is turned next.
    await page.setViewportSize(across);
    await page.setViewportSize(upright);
    assert.equal(await isInert(), false);
  },
);
