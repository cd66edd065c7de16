import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, served, textOf } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, rowsFrom } from '../helpers/server.js';
import { waitFor, waitForText } from '../helpers/wait.js';

const MINUTE = 1 / 1440;
/** More than the page waits between two questions. */
const POLL_MS = 16_000;

test('rows are shown though the connection that reports them is dead', needs('browser'), async (t) => {
  const { place, url, browser } = await served(t);
  // As through a network that forgot the connection: it neither answers nor ends.
  const { page } = await openPage(browser, url, {}, async (page) => {
    await page.clock.install();
    await page.route('**/api/pointing/events', () => {});
  });
  assert.equal(await textOf(page, '#selection'), '10 observations');
  fillHistory(place.productsDb, rowsFrom(now() - 4 * MINUTE, 1, 30));
  await page.clock.runFor(POLL_MS);
  await waitForText('the new row', () => textOf(page, '#selection'), /^11 observations$/, 10);
  await waitForText('it among the last files', () => textOf(page, '#recent'), /\+30\.00°/);
  assert.match(await textOf(page, '#headline-position'), /\+30°/);
});

test('changes before the events could first be followed are shown', needs('browser'), async (t) => {
  const { place, url, browser } = await served(t);
  let fails = true;
  const { page } = await openPage(browser, url, {}, (page) =>
    page.route('**/api/pointing/events', (route) =>
      fails ? route.fulfill({ status: 503, body: 'not yet' }) : route.continue(),
    ),
  );
  assert.equal(await textOf(page, '#selection'), '10 observations');
  fillHistory(place.productsDb, rowsFrom(now() - 30.5 * MINUTE, 1, 30));
  fails = false;
  await waitForText('the row', () => textOf(page, '#selection'), /^11 observations$/, 30);
});

test('what failed while the page opened is fetched later', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const page = await browser.newPage();
  await page.clock.install();
  let fails = true;
  await page.route('**/api/pointing/{latest,track,gaps,calibrators}*', (route) =>
    fails
      ? route.fulfill({
          status: 503,
          json: { error: { code: 'database', message: 'the database is locked' } },
        })
      : route.continue(),
  );
  await page.goto(url);
  await waitForText('the failure', () => textOf(page, '#request-error'), /the database is locked/);
  fails = false;
  const calibrators = page.waitForResponse('**/api/pointing/calibrators*');
  await page.clock.runFor(61_000);
  await waitForText('the rows', () => textOf(page, '#selection'), /^10 observations$/, 10);
  await waitForText('the clock', () => textOf(page, '#utc'), /^\d\d:\d\d:\d\d$/, 10);
  await calibrators;
});

test('a proxy’s own answers are no news of the monitor', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url, {}, (page) => page.clock.install());
  await waitForText('the monitor', () => textOf(page, '#chips'), /Monitoring/);
  for (const answer of [
    { status: 503, contentType: 'text/html', body: '<h1>No server is available</h1>' },
    { status: 200, contentType: 'text/html', body: '<form>Log in</form>' },
  ]) {
    await page.route('**/api/**', (route) => route.fulfill(answer));
    await page.clock.runFor(POLL_MS);
    await waitFor('the banner', () => page.locator('#banner').isVisible(), 10);
    assert.equal(await textOf(page, '#chips'), '? Unknown');
    assert.match(await textOf(page, '#sentence'), /but the monitor reports nothing now\.$/);
    await page.unroute('**/api/**');
    await page.clock.runFor(POLL_MS);
    await waitForText('the monitor again', () => textOf(page, '#chips'), /Monitoring/, 10);
  }
  await page.route('**/api/pointing-monitor/status', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'it broke' } } }),
  );
  await page.clock.runFor(POLL_MS);
  await waitForText('no health without a status', () => textOf(page, '#chips'), /Unknown/, 10);
});

test('a page older than its server says what to do', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url);
  await page.route('**/assets/{dwells,picture}*.js', (route) => route.fulfill({ status: 404 }));
  const error = /^Request failed: a part of this page could not be loaded: reload the page$/;
  await page.click('#tab-dwells');
  await waitForText('the reason', () => textOf(page, '#request-error'), error, 10);
  await page.click('#tab-coverage');
  await waitFor('another part', () => page.locator('#request-error').isHidden());
  await page.click('#export-button');
  await page.click('#svg');
  await waitForText('the reason', () => textOf(page, '#request-error'), error, 10);
});

test(
  'a range that cannot be fetched leaves the one before, its selection and its address',
  needs('browser'),
  async (t) => {
    const { url, browser } = await served(t);
    const { page } = await openPage(browser, url);
    await page.focus('#dec-plot');
    for (const key of ['End', 'Shift+ArrowLeft', 'Shift+ArrowLeft']) await page.keyboard.press(key);
    const selected = await waitForText('the selection', () => textOf(page, '#selection'), /^3 observations/);
    const brush = new URL(page.url()).searchParams.get('brush');
    await page.route('**/api/pointing/track*', (route) =>
      route.fulfill({ status: 503, json: { error: { code: 'database', message: 'it is locked' } } }),
    );
    await page.click('[data-range="30d"]');
    await waitForText('the failure', () => textOf(page, '#request-error'), /it is locked/);
    await page.selectOption('#times', 'local');
    assert.match(await textOf(page, '#selection'), /^3 observations selected/);
    await page.selectOption('#times', 'utc');
    assert.equal(await textOf(page, '#selection'), selected);
    const shared = new URL(page.url()).searchParams;
    assert.deepEqual([shared.get('range') ?? '7d', shared.get('brush')], ['7d', brush]);
  },
);
