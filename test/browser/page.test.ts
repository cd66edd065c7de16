import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { loaded, openBrowser, openPage, openTabs, screenshot } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, recordFiles, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

const MJD_OF_UNIX_EPOCH = 40_587;
const shown = (page: Page) => page.locator('#selection').innerText();

/** Forty days: 40 d, 10 d, 2 d, 2 h and half an hour ago, 20 rows each. */
function fill({ productsDb, statusFile }: Workspace): void {
  const declinations = [54.57, 16.24, 71.6, -12.5, 33.2];
  const hoursAgo = [960, 240, 48, 3.5, 1.9];
  fillHistory(
    productsDb,
    hoursAgo.flatMap((hours, i) => rowsFrom(now() - hours / 24, 20, declinations[i] as number)),
  );
  writeStatus(statusFile, {});
}

test('ranges, the selection in the plots, zoom by keyboard, and the exports', needs('browser'), async (t) => {
  const place = workspace(t);
  fill(place);
  const server = new Server(t, place);
  const { page, complaints } = await openPage(await openBrowser(t), await server.url());

  for (const [range, rows] of [
    ['24h', 40],
    ['30d', 80],
    ['all', 100],
    ['7d', 60],
  ] as const) {
    await page.click(`[data-range="${range}"]`);
    await loaded(page, range);
    assert.equal(await shown(page), `${rows} observations`);
    assert.equal(await page.getAttribute(`[data-range="${range}"]`, 'aria-pressed'), 'true');
  }
  await page.click('[data-range="1h"]');
  await loaded(page, '1h');
  const lastHour = Number.parseInt(await shown(page), 10);
  assert.ok(lastHour > 5 && lastHour < 20, String(lastHour));

  await page.click('[data-range="custom"]');
  const utc = (mjd: number) => new Date((mjd - MJD_OF_UNIX_EPOCH) * 86_400_000).toISOString().slice(0, 19);
  await page.fill('#from', utc(now() - 41));
  await page.fill('#to', utc(now() - 39));
  await page.press('#to', 'Enter');
  await waitFor('the custom range', async () => (await shown(page)) === '20 observations');

  await page.click('[data-range="all"]');
  await loaded(page, 'all');
  await page.locator('#ra-plot').scrollIntoViewIfNeeded();
  const plot = await page.locator('#dec-plot .u-over').boundingBox();
  assert.ok(plot);
  await page.mouse.move(plot.x + plot.width / 2, plot.y + 40);
  await page.mouse.down();
  await page.mouse.move(plot.x - 20, plot.y + 40, { steps: 4 });
  await page.mouse.up();
  await waitFor('the selection', async () => /^20 observations selected/.test(await shown(page)));
  await page.click('#export-button');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#csv')]);
  const csv = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\r\n');
  assert.equal(csv[0], 'timestamp,ra_deg,dec_deg');
  assert.equal(csv.length, 21);
  assert.match((await page.getAttribute('#csv', 'href')) ?? '', /all=true/);
  assert.ok(csv.slice(1).every((line) => line.endsWith(',54.57')));
  await page.locator('#dec-plot .u-over').dblclick();
  await waitFor('all again', async () => (await shown(page)) === '100 observations');

  const picture = () =>
    page.evaluate(() => (document.getElementById('map') as unknown as { toDataURL(): string }).toDataURL());
  await page.focus('#map');
  // The meridian moves over the map: a picture is that of the whole sky again only within the same moment.
  await waitFor('the whole sky', async () => {
    const whole = await picture();
    for (let i = 0; i < 3; i++) await page.keyboard.press('+');
    await page.keyboard.press('ArrowUp');
    await waitFor('the zoom', async () => (await picture()) !== whole);
    await page.keyboard.press('0');
    return waitFor('the same picture', async () => (await picture()) === whole, 2).catch(() => false);
  });

  await page.keyboard.press('Escape');
  await page.click('#export-button');
  const [png] = await Promise.all([page.waitForEvent('download'), page.click('#png')]);
  assert.match(png.suggestedFilename(), /^pointing-.*Z\.png$/);
  const image = readFileSync(await png.path());
  assert.deepEqual([...image.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  assert.ok(image.readUInt32BE(16) > 600);
  assert.deepEqual(complaints, []);
});

test('hovering tells the values of an observation, and a click opens it', needs('browser'), async (t) => {
  const place = workspace(t);
  // On the meridian in the middle of the map, whatever the frame.
  fillHistory(place.productsDb, [{ timestamp: now() - 0.01, ra_deg: 180, dec_deg: 30 }]);
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url());
  const map = await page.locator('#map').boundingBox();
  assert.ok(map);
  const tip = page.locator('#tip');
  await waitFor('the observation under the mouse', async () => {
    for (let y = 0.1; y < 0.5; y += 0.01) {
      await page.mouse.move(map.x + map.width / 2, map.y + map.height * y);
      if ((await tip.isVisible()) && (await tip.innerText()).includes('+30.000°')) return true;
    }
    return false;
  });
  assert.match(await tip.innerText(), /Apparent 12h 00m 00\.0s \+30\.000°/);
  assert.match(await tip.innerText(), /ICRS 11h 58m/);
  // A click opens what the mouse is over.
  await page.mouse.down();
  await page.mouse.up();
  await page.locator('#observation[open]').waitFor();
  assert.match(await page.locator('#observation-body').innerText(), /180\.0000°|12h 00m 00\.0s/);
});

test('failures are listed, and text from files stays text', needs('browser'), async (t) => {
  const place = workspace(t);
  fill(place);
  const hostile = '<img src=x onerror="document.title=1">';
  await recordFiles(place.productsDb, [
    { path: `/in/${hostile}`, error: { code: 'not_hdf5', message: `${hostile} is no signature` } },
    { path: '/in/refused', error: { code: 'not_stored', message: 'a constraint of another program' } },
  ]);
  const cut = { path: '/in/cut', error: { code: 'truncated', message: 'it is cut short' } } as const;
  await recordFiles(place.productsDb, [cut], 'waiting');
  writeStatus(place.statusFile, { healthy: false, issues: [`${hostile}: check the disk`] });
  const server = new Server(t, place);
  const { page, complaints } = await openPage(await openBrowser(t), await server.url());
  await page.click('#tab-failures');
  const tableOf = (code: string) =>
    page.getByRole('table', { name: `Files with ${code}`, exact: true }).innerText();
  const list = await tableOf('not_hdf5');
  assert.ok(list.includes(`/in/${hostile}`) && list.includes(`${hostile} is no signature`), list);
  assert.match(list, /when the file changes, or after “pointing-monitor retry”$/);
  assert.match(await tableOf('not_stored'), /by itself, within 10 min$/);
  assert.match(await tableOf('truncated'), /by itself, within 1 min$/);
  const panel = await page.locator('#panel-failures').innerText();
  assert.match(panel, /Waiting: 1 file in the ledger\s/);
  assert.match(panel, /Failed: 2 files in the ledger\s/);
  assert.match(panel, /not_hdf5 1 · the file is not HDF5.*\s+What to do: Compare it/);
  await waitFor('the status', async () => (await page.innerText('#chips')) === '▲ Unhealthy');
  assert.equal(await page.locator('#issues').innerText(), `${hostile}: check the disk`);
  assert.equal(await page.title(), '▲ Unhealthy · Pointing monitor');
  assert.deepEqual(complaints, []);
});

test(
  'both themes on a desk and on a phone: nothing sticks out, and a picture of each',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    fill(place);
    const server = new Server(t, place);
    const browser = await openBrowser(t);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [name, options] of [
        ['desk', { viewport: { width: 1440, height: 900 } }],
        ['phone', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true }],
      ] as const) {
        const { page, complaints } = await openPage(browser, await server.url(), { colorScheme, ...options });
        assert.equal(await page.getAttribute('html', 'data-theme'), colorScheme);
        const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.equal(wide, inner, `${name} ${colorScheme}`);
        await screenshot(page, `${name}-${colorScheme}`);
        assert.deepEqual(complaints, []);
        await page.click('#theme');
        assert.notEqual(await page.getAttribute('html', 'data-theme'), colorScheme);
        await page.context().close();
      }
    }
  },
);

test('on a phone nothing scrolls sideways, and now stands above the map', needs('browser'), async (t) => {
  const place = workspace(t);
  fill(place);
  const path = `/data/incoming/${'a-long-name-'.repeat(8)}2025-10-04T00:00:00_sb00.hdf5`;
  await recordFiles(place.productsDb, [
    { path, error: { code: 'no_declination', message: `it is missing in ${path}` } },
  ]);
  const { page } = await openPage(await openBrowser(t), await new Server(t, place).url(), {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const topOf = async (selector: string) => (await page.locator(selector).boundingBox())?.y ?? Number.NaN;
  assert.ok((await topOf('.now')) < (await topOf('.map')));
  await page.fill('#search-text', '00:40:00 +33:12:00');
  await page.press('#search-text', 'Enter');
  await page.locator('#panel-search dl').waitFor();
  for await (const name of openTabs(page, { search: 'tbody tr' })) {
    const [content, width] = await page
      .locator(`#panel-${name}`)
      .evaluate((each) => [(each as unknown as { scrollWidth: number }).scrollWidth, each.clientWidth]);
    assert.ok((content as number) <= (width as number), `${name}: ${content} in ${width}`);
    await screenshot(page, `phone-${name}`);
  }
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.equal(wide, inner);
});

test('the description of the API can be read in the browser', needs('browser'), async (t) => {
  const server = new Server(t, workspace(t));
  const browser = await openBrowser(t);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${await server.url()}api`);
  await page.getByText('/api/pointing_history', { exact: true }).waitFor();
  await screenshot(page, 'api');
  assert.deepEqual(complaints, []);
});

/** A proxy that has a server below a path of its own, and nothing beside it. */
async function belowPath(t: TestContext, upstream: string): Promise<string> {
  const proxy = createServer((asked, answer) => {
    const [, path] = /^\/pointing\/(.*)/.exec(asked.url ?? '') ?? [];
    if (path === undefined) {
      answer.writeHead(404).end();
      return;
    }
    const forwarded = request(`${upstream}${path}`, { headers: asked.headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    forwarded.on('error', () => answer.destroy());
    answer.on('close', () => forwarded.destroy());
    forwarded.end();
  }).listen(0, '127.0.0.1');
  t.after(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  await once(proxy, 'listening');
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/pointing/`;
}

test(
  'below a path of a proxy the page works, and leads to the description of the API',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    fill(place);
    const url = await belowPath(t, await new Server(t, place).url());
    const { page, complaints } = await openPage(await openBrowser(t), url);
    await page.locator('#recent tbody tr').first().waitFor();
    assert.deepEqual(complaints, []);
    await page.getByRole('link', { name: 'API', exact: true }).click();
    await page.getByText('/api/pointing_history', { exact: true }).waitFor({ timeout: 20_000 });
  },
);
