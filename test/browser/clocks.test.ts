import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { astrometry } from '#src/native/astrometry.js';
import { dsa110 } from '#src/sky/site.js';
import { mjdUtc } from '#src/units.js';
import { holdNext, loaded, openBrowser, openPage, textOf } from '../helpers/browser.js';
import { night, values } from '../helpers/hera.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { fillHistory, now, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const MINUTE = 1 / 1440;

for (const aheadHours of [-3, 3]) {
  test(
    `a browser whose clock is ${aheadHours} h ahead shows the server’s times`,
    needs('browser'),
    async (t) => {
      const place = workspace(t);
      fillHistory(place.productsDb, rowsFrom(now() - 31 * MINUTE, 6, 54.57));
      writeStatus(place.statusFile, {});
      const server = new Server(t, place);
      const { page } = await openPage(await openBrowser(t), await server.url(), {}, (page) =>
        page.clock.install({ time: Date.now() + aheadHours * 3_600_000 }),
      );
      await page.click('[data-range="1h"]');
      await loaded(page, '1h');
      assert.equal(await textOf(page, '#selection'), '6 observations');
      const shown = Date.parse(`1970-01-01T${(await textOf(page, '#utc')).slice(0, 8)}Z`);
      const shownApart = Math.abs((Date.now() - shown) % 86_400_000);
      assert.ok(Math.min(shownApart, 86_400_000 - shownApart) < 60_000, `${shownApart} ms`);
      const first = page.locator('#transits tbody tr').first();
      await first.waitFor();
      const [, , , wait = '', at = ''] = (await first.innerText()).split('\t');
      const [, hours = '0', minutes = '0'] = /^(?:(\d+) h)? ?(?:(\d+) min)?$/.exec(wait) ?? [];
      const expected = Date.now() / 60_000 + Number(hours) * 60 + Number(minutes);
      const [h = 0, m = 0] = at.split(':').map(Number);
      const apart = Math.abs(((expected - (h * 60 + m)) % 1440) - 0);
      assert.ok(Math.min(apart, 1440 - apart) < 2, `${wait} ${at}`);
      await waitFor('the now line', async () => {
        await page.focus('#dec-plot');
        return /from .* to /.test((await page.getAttribute('#dec-plot', 'aria-label')) ?? '');
      });
      const label = (await page.getAttribute('#dec-plot', 'aria-label')) ?? '';
      const [, end = ''] = / to (\S+ \S+) UTC/.exec(label) ?? [];
      assert.ok(Math.abs(Date.parse(`${end.replace(' ', 'T')}Z`) - Date.now()) < 120_000, label);
    },
  );
}

/** Text that is drawn on a plot. */
const drawnOn = (page: Page, selector: string) =>
  page.evaluate((within) => {
    // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
    const { drawn, document } = globalThis as any;
    const canvas = document.querySelector(`${within} canvas`);
    return (drawn as [unknown, string][]).filter(([on]) => on === canvas).map(([, text]) => text);
  }, selector);
const recordText = (page: Page) =>
  page.addInitScript(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
    const { CanvasRenderingContext2D } = globalThis as any;
    const { fillText } = CanvasRenderingContext2D.prototype;
    (globalThis as unknown as { drawn: unknown[] }).drawn = [];
    CanvasRenderingContext2D.prototype.fillText = function (text: string, ...rest: unknown[]) {
      (globalThis as unknown as { drawn: unknown[] }).drawn.push([this.canvas, text]);
      fillText.call(this, text, ...rest);
    };
  });

test('local days begin at local midnight', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 20 * MINUTE, 3, 30));
  const server = new Server(t, place);
  // Where the axis, which shows some minutes more than the 24 h, holds one midnight.
  const kolkata = 'Asia/Kolkata';
  const hour = new Intl.DateTimeFormat('sv-SE', { timeZone: kolkata, hour: '2-digit' }).format(Date.now());
  const timeZone = ['23', '00'].includes(hour) ? 'America/St_Johns' : kolkata;
  const { page } = await openPage(
    await openBrowser(t),
    `${await server.url()}?times=local&range=24h`,
    { timezoneId: timeZone },
    recordText,
    '24h',
  );
  const dates = new Set((await drawnOn(page, '#ra-plot')).filter((text) => /^\d\d-\d\d$/.test(text)));
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(Date.now()).slice(5);
  assert.deepEqual([...dates], [today]);
});

test('local midnight has its date whatever the clocks show now', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 20 * MINUTE, 3, 30));
  const url = await new Server(t, place).url();
  const browser = await openBrowser(t);
  for (const day of ['2025-01-15', '2025-07-15']) {
    const { page } = await openPage(
      browser,
      `${url}?times=local&range=custom&from=${day}T00:00:00&to=${day}T23:00:00`,
      { timezoneId: 'America/Los_Angeles' },
      recordText,
      'custom',
    );
    const drawn = await drawnOn(page, '#ra-plot');
    assert.ok(drawn.includes(day.slice(5)), drawn.join());
    await page.context().close();
  }
});

for (const [timezoneId, from, to, dates] of [
  [
    'Australia/Sydney',
    '2026-04-01T10:00:00',
    '2026-04-08T10:00:00',
    ['04-02', '04-03', '04-04', '04-05', '04-06', '04-07', '04-08'],
  ],
  ['America/Los_Angeles', '2026-03-08T05:00:00', '2026-03-09T05:00:00', ['03-09']],
] as const)
  test(
    `the days of UTC are all there where the clocks change in ${timezoneId}`,
    needs('browser'),
    async (t) => {
      const place = workspace(t);
      fillHistory(place.productsDb, rowsFrom(now() - 20 * MINUTE, 3, 30));
      const { page } = await openPage(
        await openBrowser(t),
        `${await new Server(t, place).url()}?range=custom&from=${from}&to=${to}`,
        { timezoneId },
        recordText,
        'custom',
      );
      const drawn = new Set((await drawnOn(page, '#ra-plot')).filter((text) => /^\d\d-\d\d$/.test(text)));
      assert.deepEqual([...drawn], dates);
    },
  );

test('local times are rounded as UTC is', needs('browser'), async (t) => {
  const place = workspace(t);
  // Whole seconds, which a double of days misses by microseconds.
  const start = Math.floor(Date.now() / 1000) - 3600 * 48;
  const times = Array.from({ length: 40 }, (_, i) => (start + i * 3601) / 86_400 + 40_587);
  fillHistory(
    place.productsDb,
    times.map((timestamp, i) => ({ timestamp, ra_deg: 10, dec_deg: i % 2 ? 30 : 40 })),
  );
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url(), { timezoneId: 'UTC' });
  const begun = async () => {
    await page.click('#tab-dwells');
    await page.locator('#panel-dwells tbody th').nth(39).waitFor();
    return page.locator('#panel-dwells tbody th').allInnerTexts();
  };
  const utc = await begun();
  await page.selectOption('#times', 'local');
  await page.locator('#panel-dwells', { hasText: 'From, local' }).waitFor();
  assert.deepEqual(await begun(), utc);
});

test(
  'sidereal time is that of the telescope that observed, by astropy',
  needs('browser', 'h5py'),
  async (t) => {
    const place = await night(t);
    // The newest is of another telescope.
    await storeObservations(place.productsDb, [{ mjd: now() - 5 * MINUTE, decDeg: 54.57 }]);
    const server = new Server(t, place);
    const mjd = values('mjd')[3] as number;
    const page = await (await openBrowser(t)).newPage();
    const latest = await holdNext(page, '**/api/pointing/latest');
    await page.goto(`${await server.url()}?at=${mjd}`);
    await page.locator('#observation').waitFor();
    // HERA looks at the zenith.
    const seconds = Math.round((values('ra_deg')[3] as number) * 240);
    const [h, m, s] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((value) =>
      String(Math.floor(value)).padStart(2, '0'),
    );
    const lst = new RegExp(`LST\\s+${h}h ${m}m ${s}s`);
    assert.match(await textOf(page, '#observation-body'), lst);
    await latest.letGo();
    await loaded(page);
    await page.locator('.neighbours a').last().click();
    await page.goBack();
    await waitForText('the same again', () => textOf(page, '#observation-body'), lst);
  },
);

test('sidereal times of years ago are those of the sky, to the minute', needs('browser'), async (t) => {
  const place = workspace(t);
  const lstSeconds = (mjd: number) =>
    astrometry().apparentSiderealTimeDeg(mjdUtc(mjd), dsa110.longitudeDeg) * 240;
  const before = now() - 5 * 365.25;
  // In the middle of a sidereal minute, about.
  const mjd = before + (30 - (lstSeconds(before) % 60)) / 86_400;
  await storeObservations(place.productsDb, [{ mjd, decDeg: 54.57 }]);
  const { page } = await openPage(
    await openBrowser(t),
    `${await new Server(t, place).url()}?range=all&times=lst&tab=observations`,
    {},
    undefined,
    'all',
  );
  const seconds = lstSeconds(mjd);
  const [h, m] = [seconds / 3600, (seconds / 60) % 60].map((value) =>
    String(Math.floor(value)).padStart(2, '0'),
  );
  const row = () => textOf(page, '#panel-observations tbody th');
  await waitForText('its time', row, new RegExp(`^\\d{4}-\\d\\d-\\d\\d ${h}:${m}$`), 20);
});

test('the hour that summer time repeats is told apart', needs('browser'), async (t) => {
  const place = workspace(t);
  // 00:10 to 01:50 UTC of the last Sunday of October, alternating so that each is a dwell of its own.
  const start = Date.UTC(2025, 9, 26, 0, 10) / 86_400_000 + 40_587;
  fillHistory(
    place.productsDb,
    Array.from({ length: 11 }, (_, i) => ({
      timestamp: start + i * 10 * MINUTE,
      ra_deg: 10,
      dec_deg: i % 2 ? 30 : 40,
    })),
  );
  const { page } = await openPage(
    await openBrowser(t),
    `${await new Server(t, place).url()}?range=all&times=local&tab=dwells`,
    { timezoneId: 'Europe/Berlin' },
    undefined,
    'all',
  );
  await page.locator('#panel-dwells tbody th').nth(10).waitFor();
  const begun = await page.locator('#panel-dwells tbody th').allInnerTexts();
  assert.equal(new Set(begun).size, 11, begun.join());
  // An hour apart.
  await page.focus('#dec-plot');
  await page.keyboard.press('Home');
  const first = await textOf(page, '#readout');
  for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowRight');
  assert.notEqual((await textOf(page, '#readout')).slice(0, 30), first.slice(0, 30));
  await waitForText('the selection', () => textOf(page, '#selection'), /:\d\d\+0[12]:00\b.* local$/);
});
