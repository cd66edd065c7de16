import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { failWhenLet, openBrowser, openPage, served, textOf } from '../helpers/browser.js';
import { historyRows, type Row } from '../helpers/database.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const MINUTE = 1 / 1440;
const CADENCE_DAYS = 309 / 86_400;
const iso = (mjd: number) => new Date((mjd - 40_587) * 86_400_000).toISOString().slice(0, 19);
const shared = (page: Page) => new URL(page.url()).searchParams;
/** A server of eight days without a pause. */
async function eightDays(test: TestContext) {
  const place = workspace(test);
  const rows = rowsFrom(now() - 8, Math.floor(8 / CADENCE_DAYS), 54.57);
  fillHistory(place.productsDb, rows);
  writeStatus(place.statusFile, {});
  return { rows, url: await new Server(test, place).url(), browser: await openBrowser(test) };
}

test('a selection that its range has left behind is shown whole', needs('browser'), async (t) => {
  const { rows, url, browser } = await eightDays(t);
  const [start, end] = [now() - 2, now() - 2 + 60 * MINUTE];
  const brush = `${iso(start)},${iso(end)}`;
  const { page } = await openPage(browser, `${url}?range=24h&brush=${brush}`, {}, undefined, '24h');
  assert.match(await textOf(page, '#selection'), /^1[12] observations selected/);
  assert.equal(await page.locator('#empty').isVisible(), false);
  await page.focus('#dec-plot');
  await page.keyboard.press('Escape');
  const day = rows.filter(({ timestamp }) => (timestamp as number) > now() - 1).length;
  await waitForText('the range alone', () => textOf(page, '#selection'), /^\d+ observations$/);
  assert.ok(Math.abs(Number.parseInt(await textOf(page, '#selection'), 10) - day) <= 1);
});

test('the day at the edge of the range is selected whole', needs('browser'), async (t) => {
  const { rows, url, browser } = await eightDays(t);
  const { page } = await openPage(browser, `${url}?tab=calendar`);
  const link = page.locator('#panel-calendar [role=rowheader] a').last();
  const day = await link.innerText();
  await link.click();
  const ofDay = rows.filter(({ timestamp }) => iso(timestamp as number).startsWith(day)).length;
  await waitForText('it', () => textOf(page, '#selection'), new RegExp(`^${ofDay} observations selected`));
  assert.equal(shared(page).get('range'), null);
});

test('the fields of a custom range hold the range, whatever is selected', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const day = Math.floor(now());
  const range = `range=custom&from=${iso(day - 1)}&to=${iso(day + 1)}`;
  const brush = `brush=${iso(now() - 50 * MINUTE)},${iso(now() - 40 * MINUTE)}`;
  const { page } = await openPage(browser, `${url}?${range}&${brush}`, {}, undefined, 'custom');
  const fields = await Promise.all(['#from', '#to'].map((id) => page.inputValue(id)));
  assert.deepEqual(
    fields,
    [day - 1, day + 1].map((mjd) => iso(mjd).replace('T', ' ')),
  );
});

test(
  'a click without a motion opens the observation, or clears the selection',
  needs('browser'),
  async (t) => {
    const { place, url, browser } = await served(t);
    const { page } = await openPage(browser, `${url}?range=1h`, {}, undefined, '1h');
    const plot = await page.locator('#ra-plot .u-over').boundingBox();
    assert.ok(plot);
    const y = plot.y + plot.height / 2;
    const newest = historyRows(place.productsDb).at(-1) as Row;
    const ageMinutes = (now() - newest.timestamp) / MINUTE;
    const x = plot.x + plot.width * (1 - ageMinutes / 60) * (1 / 1.015);
    await page.mouse.move(x, y);
    await waitForText('the row', () => textOf(page, '#readout'), /Dec/);
    await page.mouse.click(x, y);
    await page.locator('#observation').waitFor({ timeout: 10_000 });
    await page.keyboard.press('Escape');
    await page.focus('#dec-plot');
    for (const key of ['End', 'Shift+ArrowLeft']) await page.keyboard.press(key);
    await waitForText('the selection', () => textOf(page, '#selection'), /^2 observations selected/);
    await page.mouse.click(plot.x + 20, y);
    await waitForText('all', () => textOf(page, '#selection'), /^10 observations$/, 10);
  },
);

test('keys that follow one another are one entry of the history', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url);
  const entries = () => page.evaluate(() => history.length);
  const before = await entries();
  await page.focus('#map');
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
  assert.ok(shared(page).has('map'));
  assert.equal(await entries(), before + 1);
  await page.focus('#dec-plot');
  await page.keyboard.press('End');
  for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowLeft');
  assert.equal(await entries(), before + 2);
  await page.goBack();
  assert.equal(shared(page).has('brush'), false);
  await waitForText('all', () => textOf(page, '#selection'), /^10 observations$/);
  await page.goBack();
  assert.equal(shared(page).has('map'), false);
});

test('Back leads to the theme, and to the hours of the calendar, before', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, `${url}?tab=calendar`, { colorScheme: 'light' });
  const theme = () => page.getAttribute('html', 'data-theme');
  await page.click('#theme');
  assert.equal(await theme(), 'dark');
  const calendar = page.locator('#panel-calendar [role=table]');
  const isOf = (hours: string) => async () =>
    (await calendar.getAttribute('aria-label')) === `Days by hours of ${hours}`;
  await waitFor('sidereal hours', isOf('LST'));
  // The other theme draws the calendar, with its buttons, again.
  await waitFor('hours of UTC', async () => {
    await page.locator('#panel-calendar button', { hasText: 'UTC' }).click();
    return isOf('UTC')();
  });
  assert.equal(shared(page).get('hours'), 'utc');
  await page.goBack();
  await waitFor('sidereal hours again', isOf('LST'));
  await page.goBack();
  assert.equal(await theme(), 'light');
});

test('a screen reader hears another choice, not each row that comes', needs('browser'), async (t) => {
  const { place, url, browser } = await served(t);
  const { page } = await openPage(browser, url);
  const said = () => page.locator('#selection-said').textContent();
  assert.equal(await said(), '10 observations');
  fillHistory(place.productsDb, rowsFrom(now() - 2 * MINUTE, 1, 54.57));
  await waitForText('the row', () => textOf(page, '#selection'), /^11 observations$/);
  assert.equal(await said(), '10 observations');
  await page.click('[data-range="24h"]');
  await waitFor('the choice', async () => (await said()) === '11 observations');
});

test('a screen reader hears that the next observation is overdue, once', needs('browser'), async (t) => {
  const place = workspace(t);
  // The next one is due 524 s after the middle of the last.
  fillHistory(place.productsDb, rowsFrom(now() - 9 * CADENCE_DAYS - 504 / 86_400, 10, 54.57));
  writeStatus(place.statusFile, {});
  const { page } = await openPage(await openBrowser(t), await new Server(t, place).url());
  const sentence = () => textOf(page, '#sentence');
  await waitForText('that it is on time', sentence, /, on time\.$/, 10);
  const said = () => page.evaluate(() => (globalThis as never as { said: string[] }).said);
  await page.evaluate(() => {
    const heard: (string | null)[] = [];
    const place = document.getElementById('pointing-said') as HTMLElement;
    heard.push(place.textContent);
    new MutationObserver(() => heard.push(place.textContent)).observe(place, { childList: true });
    Object.assign(globalThis, { said: heard });
  });
  await waitForText('that it is late', sentence, /, the next is overdue\.$/);
  fillHistory(place.productsDb, rowsFrom(now() - MINUTE, 1, 54.57));
  await waitForText('that it has come', sentence, /, on time\.$/);
  assert.deepEqual(await said(), [
    '',
    'The next observation is overdue.',
    'Observations are arriving on time again.',
  ]);
});

test('an open range moves on with the time, also for what is fetched again', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 0.04, 10, 54.57));
  writeStatus(place.statusFile, {});
  const server = new Server(t, place);
  const starts: number[] = [];
  const { page } = await openPage(await openBrowser(t), await server.url(), {}, async (page) => {
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.endsWith('/track')) starts.push(Number(searchParams.get('start_mjd')));
    });
  });
  const port = Number(new URL(await server.url()).port);
  server.process.kill('SIGKILL');
  await server.finished;
  await new Server(t, place, { port }).url();
  await waitFor('it to be fetched again', () => starts.length > 1);
  const [first, again] = starts as [number, number];
  assert.ok(again > first, `${again - first}`);
  assert.equal(await textOf(page, '#selection'), '10 observations');
});

test(
  'while another range is fetched, and when that fails, the axis is that of what is on show',
  needs('browser'),
  async (t) => {
    const { place, url, browser } = await served(t);
    const { page } = await openPage(browser, url);
    const axis = async () =>
      / from (\S+) /.exec((await page.getAttribute('#dec-plot', 'aria-label')) ?? '')?.[1];
    const week = (await axis()) ?? '';
    // Midnight may have passed.
    assert.ok(
      [now(), now() - MINUTE].some((end) => iso(end - 7).slice(0, 10) === week),
      week,
    );
    const letFail = await failWhenLet(page, '**/api/pointing/track*');
    const asked = page.waitForRequest('**/api/pointing/track*');
    await page.click('[data-range="24h"]');
    await asked;
    fillHistory(place.productsDb, rowsFrom(now() - 2 * MINUTE, 1, 54.57));
    await waitForText('the row', () => textOf(page, '#selection'), /^11 observations$/);
    assert.equal(await axis(), week);
    letFail();
    await waitForText('the failure', () => textOf(page, '#request-error'), /it is locked/);
    assert.equal(await axis(), week);
    assert.match(await textOf(page, '#selection'), /^11 observations$/);
  },
);

test('a page without rows explains that they could not be loaded', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const page = await browser.newPage();
  await page.route('**/api/pointing/track*', (route) =>
    route.fulfill({ status: 503, json: { error: { code: 'database', message: 'it is locked' } } }),
  );
  await page.goto(url);
  await waitForText('why', () => textOf(page, '#empty'), /^The observations could not be loaded\.$/, 20);
});
