import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, openPage, screenshot, textOf } from '../helpers/browser.js';
import { historyRows, type Row } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, rowsFrom, Server } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** As the simulator takes it. */
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3.6e6).toISOString().slice(0, 19);

/** As the page writes an apparent position in degrees. */
const written = ({ ra_deg, dec_deg }: Row) =>
  `${ra_deg.toFixed(4)}°  ${dec_deg < 0 ? '−' : '+'}${Math.abs(dec_deg).toFixed(4)}°`;

test('the page follows a real monitor: its rows, its health, its end', needs('browser'), async (t) => {
  const place = workspace(t);
  simulate(place.incoming, ['--start', hoursAgo(5), '--count', '20', '--dec-steps', '54.57:12,16.24:8']);
  const monitor = new Monitor(t, place);
  await monitor.healthy();
  const server = new Server(t, place);
  const { page, complaints } = await openPage(await openBrowser(t), await server.url());
  const now = page.locator('#now');
  const chips = page.locator('#chips');
  const shows = (what: string, text: () => Promise<string>, expected: RegExp | string) =>
    waitFor(what, async () => {
      const found = await text();
      return typeof expected === 'string' ? found.includes(expected) : expected.test(found);
    });

  const last = historyRows(place.productsDb).at(-1) as Row;
  await shows('the last pointing', () => now.innerText(), written(last));
  await shows('that the monitor is well', () => chips.innerText(), /● Monitoring/);
  assert.equal(await page.locator('#issues').isVisible(), false);
  await page.click('#monitor-line');
  await shows('the count', () => page.locator('#counters').innerText(), /Stored since start\s+20\s/);

  simulate(place.incoming, ['--start', hoursAgo(1), '--count', '1', '--dec-steps', '71.6:1']);
  await shows('the new pointing', () => now.innerText(), '+71.6000°');
  const newest = historyRows(place.productsDb).at(-1) as Row;
  await shows('its right ascension', () => now.innerText(), written(newest));
  await shows('it among the observations', () => page.locator('#selection').innerText(), '21 observations');

  await monitor.stop();
  await shows('that the monitor has stopped', () => chips.innerText(), /■ Stopped/);
  await screenshot(page, 'stopped');
  assert.deepEqual(complaints, []);
});

test('the page opens before there is anything, and shows what comes', needs('browser'), async (t) => {
  const place = workspace(t);
  const server = new Server(t, place);
  const { page, complaints } = await openPage(await openBrowser(t), await server.url());
  assert.match(await page.locator('#now').innerText(), /No observations yet/);
  await waitFor('the status', async () => (await page.locator('#chips').innerText()) === '■ Stopped');
  assert.match(await page.locator('#issues').innerText(), /no monitor has run here/);
  assert.equal(await page.locator('#sentence').innerText(), 'No observations yet.');
  await screenshot(page, 'nothing-yet');
  const monitor = new Monitor(t, place);
  simulate(place.incoming, ['--start', hoursAgo(1), '--count', '2', '--dec-steps', '-12.5:2']);
  await monitor.healthy();
  await waitFor('the first rows', async () => (await page.locator('#now').innerText()).includes('−12.5000°'));
  await waitFor('them on the map', async () =>
    (await page.locator('#selection').innerText()).startsWith('2 observations'),
  );
  assert.deepEqual(complaints, []);
});

test('the page says when its server is gone, and goes on when it is back', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 0.04, 10, 54.57));
  const first = new Server(t, place);
  const url = await first.url();
  const { page } = await openPage(await openBrowser(t), url);
  const rows = page.locator('#recent tbody tr');
  await rows.first().waitFor();
  const chips = () => page.locator('#chips').innerText();
  first.process.kill('SIGTERM');
  await first.finished;
  const banner = page.locator('#banner');
  await waitFor('the word of it', () => banner.isVisible());
  assert.match(
    await banner.innerText(),
    /^Server unreachable since \d{4}-\d\d-\d\d \d\d:\d\d UTC, showing data from (\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\.$/,
  );
  assert.equal(await chips(), '? Unknown');
  const opacity = await page.locator('main').evaluate((main) => getComputedStyle(main as never).opacity);
  assert.ok(Number(opacity) < 1);
  const before = await page.locator('[aria-pressed="true"][data-range]').getAttribute('data-range');
  await page.click('[data-range="30d"]', { force: true, timeout: 1000 }).catch(() => undefined);
  assert.equal(await page.locator('[aria-pressed="true"][data-range]').getAttribute('data-range'), before);

  const address = page.url();
  await rows.first().click();
  await waitForText(
    'why it does not open',
    () => textOf(page, '#request-error'),
    /the server is unreachable$/,
  );
  assert.equal(page.url(), address);
  await page.click('#tab-failures');
  const failures = () => textOf(page, '#panel-failures');
  await waitForText('why there are none', failures, /^The server is unreachable\.$/);
  await page.click('#tab-calendar');
  const calendar = () => textOf(page, '#panel-calendar');
  await waitForText('why there is none', calendar, /^The server is unreachable\.$/);
  await screenshot(page, 'unreachable');
  const second = new Server(t, place, { port: Number(new URL(url).port) });
  assert.equal(await second.url(), url);
  await waitFor('the connection', () => banner.isHidden());
  await waitFor('the status', async () => (await chips()) === '■ Stopped');
  await waitForText('the calendar', calendar, /LST\s+UTC\s/);
  await waitFor('an end of the failure', () => page.locator('#request-error').isHidden());
  assert.equal(await page.locator('#observation').isVisible(), false);
  await rows.first().click();
  await page.locator('#observation').waitFor();
});

test('an observation that the address names opens when the server is back', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 0.04, 10, 54.57));
  const first = new Server(t, place);
  const url = await first.url();
  const { page } = await openPage(await openBrowser(t), url);
  await page.locator('#recent tbody tr').first().click();
  await page.locator('#observation').waitFor();
  await page.keyboard.press('Escape');
  first.process.kill('SIGTERM');
  await first.finished;
  await page.locator('#banner').waitFor();
  await page.goBack();
  assert.equal(await page.locator('#observation').isVisible(), false);
  await new Server(t, place, { port: Number(new URL(url).port) }).url();
  await page.locator('#observation').waitFor();
});
