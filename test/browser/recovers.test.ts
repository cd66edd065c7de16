import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { LatestAnswer } from '#src/types.js';
import { failWhile, openPage, passTime, served, textOf } from '../helpers/browser.js';
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
  await passTime(page, POLL_MS);
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
  await failWhile(page, '**/api/pointing/{latest,track,gaps,calibrators}*', () => fails);
  await page.goto(url);
  await waitForText('the failure', () => textOf(page, '#request-error'), /it is locked/);
  fails = false;
  const calibrators = page.waitForResponse('**/api/pointing/calibrators*');
  await page.clock.runFor(61_000);
  await waitForText('the rows', () => textOf(page, '#selection'), /^10 observations$/, 10);
  await waitForText('the clock', () => textOf(page, '#utc'), /^\d\d:\d\d:\d\d$/, 10);
  await calibrators;
});

test('rows that could not be had at first are asked for again soon', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const page = await browser.newPage();
  await page.clock.install();
  let fails = true;
  await failWhile(page, '**/api/pointing/track*', () => fails);
  await page.goto(url);
  await waitForText('the failure', () => textOf(page, '#request-error'), /it is locked/);
  fails = false;
  await page.clock.runFor(4000);
  await waitForText('the rows', () => textOf(page, '#selection'), /^10 observations$/, 10);
});

for (const back of ['answers', 'is reached'])
  test(`what a link names is shown once the server ${back} again`, needs('browser'), async (t) => {
    const { url, browser } = await served(t);
    let fails = true;
    const fail = (page: Page) =>
      back === 'answers'
        ? failWhile(page, '**/api/pointing/{observation,search}*', () => fails)
        : page.route('**/api/**', (route) => (fails ? route.abort() : route.continue()));
    const page = await browser.newPage();
    await page.clock.install();
    await fail(page);
    const { observation } = (await (await fetch(`${url}api/pointing/latest`)).json()) as LatestAnswer;
    await page.goto(`${url}?at=${observation?.timestamp}&find=3C286`);
    const sign = back === 'answers' ? '#request-error' : '#banner';
    await page.locator(sign).waitFor();
    const mark = page.waitForResponse((answer) => answer.url().includes('/search?') && answer.ok());
    fails = false;
    await page.clock.runFor(POLL_MS);
    await page.locator('#observation').waitFor();
    await mark;
    await page.locator(sign).waitFor({ state: 'hidden' });
  });

test('what a link names and is not there is asked for once', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  let asked = 0;
  const { page } = await openPage(browser, `${url}?find=nothing+like+this`, {}, async (page) => {
    await page.clock.install();
    await page.route('**/api/pointing/search*', (route) => {
      asked++;
      return route.continue();
    });
  });
  await page.locator('#request-error').waitFor();
  for (let i = 0; i < 2; i++) await passTime(page, POLL_MS);
  assert.equal(asked, 1);
});

test('a table whose program did not come is shown later', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  let fails = true;
  const { page } = await openPage(browser, url, {}, async (page) => {
    await page.clock.install();
    await page.route('**/assets/calendar-*.js*', (route) => (fails ? route.abort() : route.continue()));
  });
  await page.click('#tab-calendar');
  await waitForText('the failure', () => textOf(page, '#request-error'), /part of this page/, 10);
  fails = false;
  await passTime(page, POLL_MS);
  await waitForText('the calendar', () => textOf(page, '#panel-calendar'), /LST\s+UTC\s/, 10);
  await waitFor('an end of the failure', () => page.locator('#request-error').isHidden(), 10);
});

test('a proxy’s own answers are no news of the monitor', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url, {}, (page) => page.clock.install());
  await waitForText('the monitor', () => textOf(page, '#chips'), /Monitoring/);
  for (const answer of [
    { status: 503, contentType: 'text/html', body: '<h1>No server is available</h1>' },
    { status: 200, contentType: 'text/html', body: '<form>Log in</form>' },
    // Cut short.
    { status: 200, contentType: 'application/json', body: '{"items": [' },
  ]) {
    await page.route('**/api/**', (route) => route.fulfill(answer));
    await passTime(page, POLL_MS);
    await waitFor('the banner', () => page.locator('#banner').isVisible(), 10);
    assert.equal(await textOf(page, '#chips'), '? Unknown');
    assert.match(await textOf(page, '#sentence'), /but the monitor is not reporting\.$/);
    assert.equal(await page.locator('#request-error').isVisible(), false);
    await page.unroute('**/api/**');
    await passTime(page, POLL_MS);
    await waitForText('the monitor again', () => textOf(page, '#chips'), /Monitoring/, 10);
  }
  await page.route('**/api/pointing-monitor/status', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'it broke' } } }),
  );
  await passTime(page, POLL_MS);
  await waitForText('no health without a status', () => textOf(page, '#chips'), /Unknown/, 10);
});

test(
  'a failure is shown, and read out once, until the task that failed succeeds',
  needs('browser'),
  async (t) => {
    const { place, url, browser } = await served(t);
    const { page } = await openPage(browser, url, {}, (page) => page.clock.install());
    const error = () => textOf(page, '#request-error');
    await page.fill('#search-text', 'no such thing');
    await page.press('#search-text', 'Enter');
    await page.locator('#request-error').waitFor();
    const unknown = await error();
    await page.evaluate(() => {
      // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
      const { document, MutationObserver } = globalThis as any;
      const state = globalThis as unknown as { changes: number };
      state.changes = 0;
      new MutationObserver(() => {
        state.changes++;
      }).observe(document.querySelector('#request-error').parentElement, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
    fillHistory(place.productsDb, rowsFrom(now() - 4 * MINUTE, 1, 30));
    await waitForText('the new row', () => textOf(page, '#recent'), /\+30\.00°/);
    for (let i = 0; i < 3; i++) await passTime(page, POLL_MS);
    assert.equal(await error(), unknown);
    assert.equal(await page.evaluate(() => (globalThis as unknown as { changes: number }).changes), 0);

    await page.route('**/api/pointing-monitor/status', (route) =>
      route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'it broke' } } }),
    );
    await passTime(page, POLL_MS);
    await waitForText('both', error, /; it broke$/);
    await page.fill('#search-text', '3C286');
    await page.press('#search-text', 'Enter');
    await waitForText('the other', error, /^Request failed: it broke$/);
    await page.click('#request-error-close');
    assert.equal(await page.locator('#request-error').isVisible(), false);
  },
);

test(
  'without the server a phone still shows the banner, and nothing that needs it',
  needs('browser'),
  async (t) => {
    const { url, browser } = await served(t);
    const { page } = await openPage(
      browser,
      `${url}?tab=calendar`,
      { viewport: { width: 390, height: 844 }, hasTouch: true },
      (page) => page.clock.install(),
    );
    await page.locator('#panel-calendar .card-head').waitFor();
    await page.locator('#recent tbody a').first().click();
    await page.locator('#observation').waitFor();
    await page.route('**/api/**', (route) => route.abort());
    await passTime(page, POLL_MS);
    const banner = page.locator('#banner');
    await banner.waitFor();
    assert.match(await banner.innerText(), /^Server unreachable since \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    const isOnTop = await banner.evaluate((each) => {
      const place = each as unknown as Element & { ownerDocument: Document };
      const { left, top, width, height } = place.getBoundingClientRect();
      return place.ownerDocument.elementFromPoint(left + width / 2, top + height / 2) === place;
    });
    assert.ok(isOnTop);
    const opacities = await page
      .locator('main .card:visible, #controls')
      .evaluateAll((all) => all.map((each) => getComputedStyle(each as never).opacity));
    assert.ok(opacities.length > 5);
    assert.deepEqual(new Set(opacities), new Set(['0.5']));
    const assertInert = async () => {
      for (const selector of [
        '#controls [data-range="1h"]',
        '#search',
        '#telescopes',
        '#panel-calendar .card-head',
      ])
        assert.ok(
          await page
            .locator(selector)
            .evaluate((each) => (each as unknown as Element).closest('[inert]') !== null),
          selector,
        );
    };
    await assertInert();
    await page.keyboard.press('Escape');
    await page.locator('#observation').waitFor({ state: 'hidden' });
    await assertInert();
  },
);

test('a page older than its server says what to do', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  // The page fetches the other tables as soon as it shows the first.
  const { page } = await openPage(browser, url, {}, (page) =>
    page.route('**/assets/{dwells,picture}*.js*', (route) => route.fulfill({ status: 404 })),
  );
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

/** As if the person had gone to another tab, or come back. */
const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);

test('a connection for events that says nothing is replaced', needs('browser'), async (t) => {
  const { place, url, browser } = await served(t);
  let isDead = true;
  const { page } = await openPage(browser, url, {}, async (page) => {
    await page.clock.install();
    await page.route('**/api/pointing/events', (route) => (isDead ? undefined : route.continue()));
  });
  // Older than the newest: only events report it.
  fillHistory(place.productsDb, rowsFrom(now() - 30.5 * MINUTE, 1, 30));
  isDead = false;
  await page.clock.runFor(50_000);
  await passTime(page, POLL_MS);
  await waitForText('the row', () => textOf(page, '#selection'), /^11 observations$/);
});

test(
  'a page that nobody sees keeps no connection, and is up to date when seen',
  needs('browser'),
  async (t) => {
    const { place, url, browser } = await served(t);
    const { page } = await openPage(browser, url, {}, (page) => page.clock.install());
    const lost = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events'));
    await setHidden(page, true);
    await page.clock.runFor(31_000);
    await lost;
    fillHistory(place.productsDb, rowsFrom(now() - 30.5 * MINUTE, 1, 30));
    await passTime(page, POLL_MS);
    assert.equal(await textOf(page, '#selection'), '10 observations');
    await setHidden(page, false);
    await waitForText('the row', () => textOf(page, '#selection'), /^11 observations$/);
  },
);

test('what was being typed into goes on when the server is back', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url, {}, (page) => page.clock.install());
  await page.focus('#search-text');
  await page.route('**/api/**', (route) => route.abort());
  await passTime(page, POLL_MS);
  await page.locator('#banner').waitFor();
  await page.unroute('**/api/**');
  await passTime(page, POLL_MS);
  await page.locator('#banner').waitFor({ state: 'hidden' });
  await waitFor('the focus', () => page.evaluate(() => document.activeElement?.id === 'search-text'));
});

test('the last files are asked for again though no observation comes', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url, {}, async (page) => {
    await page.clock.install();
    await page.route('**/api/pointing/recent*', (route) => route.abort(), { times: 1 });
  });
  await page.clock.runFor(61_000);
  await waitFor('them', async () => (await page.locator('#recent tbody tr').count()) > 0);
});

test(
  'rows that a clock ahead took off the show come back with the right time',
  needs('browser'),
  async (t) => {
    const { url, browser } = await served(t);
    const { page } = await openPage(browser, `${url}?range=1h`, {}, (page) => page.clock.install(), '1h');
    assert.equal(await textOf(page, '#selection'), '10 observations');
    await page.clock.setSystemTime(Date.now() + 3 * 3_600_000);
    await page.selectOption('#times', 'local');
    await waitFor('none', async () => (await textOf(page, '#selection')) !== '10 observations');
    await page.clock.setSystemTime(Date.now());
    await page.clock.runFor(61_000);
    await passTime(page, POLL_MS);
    await waitForText('the rows', () => textOf(page, '#selection'), /^\d+ observations$/);
  },
);

test('until the server has told its sidereal time, UTC stands for it', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  let fails = true;
  const { page } = await openPage(browser, `${url}?times=lst&tab=dwells`, {}, async (page) => {
    await page.clock.install();
    await failWhile(page, '**/api/pointing/latest*', () => fails);
  });
  const head = () => textOf(page, '#panel-dwells thead');
  await waitForText('the dwells', head, /From, UTC/);
  fails = false;
  await passTime(page, POLL_MS);
  await waitForText('sidereal times', head, /From, LST/);
});
