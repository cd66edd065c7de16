import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { astrometry } from '#src/native/astrometry.js';
import { beamOf } from '#src/sky/beam.js';
import { type Calibrator, calibratorsNamed } from '#src/sky/calibrators.js';
import { dsa110 } from '#src/sky/instrument.js';
import { greatestHourAngleDeg } from '#src/sky/separation.js';
import { degrees, mjdUtc } from '#src/units.js';
import { loaded, openBrowser, openPage, screenshot, served, textOf } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, recordFiles, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const MJD_OF_UNIX_EPOCH = 40_587;
const hours = (count: number) => count / 24;
const minutes = (count: number) => count / 1440;
const mjdOf = (utc: string) => Date.parse(`${utc.replace(' ', 'T')}Z`) / 86_400_000 + MJD_OF_UNIX_EPOCH;

/** The colours of the icon. */
const ICON = { well: '#0b6b57', ill: '#c74a00', unknown: '#5a6675' };
const iconOf = async (page: Page) =>
  /stroke="(#\w+)"/.exec(decodeURIComponent((await page.getAttribute('#icon', 'href')) ?? ''))?.[1];

const texts = (page: Page, selector: string) => page.locator(selector).innerText();

/** Right ascension in degrees, of `08h 13m 49s`. */
function degreesOf(text: string): number {
  const [, h, m, s] = /(\d+)h (\d+)m (\d+)s/.exec(text) ?? [];
  return (Number(h) + Number(m) / 60 + Number(s) / 3600) * 15;
}

/** An observation some minutes ago of a telescope that stands so that 3C286 leaves its half-power beam some minutes from now. */
function in3C286({ age, outMinutes }: { age: number; outMinutes: number }) {
  const { raIcrsDeg, decIcrsDeg } = calibratorsNamed('3C286')[0] as Calibrator;
  const mjd = mjdUtc(now());
  const place = astrometry().apparentPlaceOfIcrs(raIcrsDeg, decIcrsDeg, mjd, dsa110.site);
  const dec_deg = degrees(30.4);
  const reachDeg = greatestHourAngleDeg(dec_deg, place.decDeg, beamOf(dsa110).fwhmDeg / 2) ?? Number.NaN;
  const haDeg = place.haDeg - reachDeg + (outMinutes / 1440) * 360 * 1.0027379;
  const timestamp = mjdUtc(mjd - minutes(age));
  const lstDeg = astrometry().apparentSiderealTimeDeg(timestamp, dsa110.site.longitudeDeg);
  return { timestamp, ra_deg: (lstDeg - haDeg + 360) % 360, dec_deg };
}

test(
  'the headline is predicted and moves with the sky; the last observation stands below',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    const row = in3C286({ age: 4, outMinutes: 6.9 });
    fillHistory(place.productsDb, [row]);
    writeStatus(place.statusFile, {});
    const server = new Server(t, place);
    const { page } = await openPage(await openBrowser(t), await server.url());
    const headline = () => texts(page, '#headline-position');
    const first = degreesOf(await headline());
    const predicted = row.ra_deg + (now() - row.timestamp) * 360 * 1.0027379;
    assert.ok(Math.abs(first - predicted) < 0.05, `${first} ${predicted}`);
    assert.match(await headline(), /\+30° 24′ 00″$/);
    assert.match(await texts(page, '#headline-caption'), /predicted/);
    await waitFor('what is in the beam', () => page.locator('#in-beam').isVisible());
    await waitForText(
      'the sentence',
      () => texts(page, '#sentence'),
      /^Drifting at Dec \+30\.40° for [45] min; (meridian now|now at RA) \d\dh \d\dm; 3C286 in the beam for [56] min more; next \S+ at \d\d:\d\d UTC; last observation [45] min ago, on time\.$/,
    );
    assert.match(await texts(page, '#in-beam'), /^In the beam now: 3C286 \(0\.\d° off/);
    assert.match(await texts(page, '#now'), new RegExp(`Last observed[^]*${row.ra_deg.toFixed(4)}°`));
    const [, altitude] = /, altitude\s(-?\d+\.\d)°$/.exec(await texts(page, '#headline-caption')) ?? [];
    assert.ok(Math.abs(Number(altitude) - altitudeDeg(row)) < 0.2, `${altitude} ${altitudeDeg(row)}`);
    assert.equal(await iconOf(page), ICON.well);
    await waitFor('it to tick', async () => degreesOf(await headline()) > first);
    await screenshot(page, 'on-time');
  },
);

/** By spherical trigonometry. */
function altitudeDeg({ timestamp, ra_deg, dec_deg }: ReturnType<typeof in3C286>): number {
  const { longitudeDeg, latitudeDeg } = dsa110.site;
  const lstDeg = astrometry().apparentSiderealTimeDeg(timestamp, longitudeDeg);
  const [ha, dec, latitude] = [lstDeg - ra_deg, dec_deg, latitudeDeg].map((deg) => (deg * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  const sine = Math.sin(dec) * Math.sin(latitude) + Math.cos(dec) * Math.cos(latitude) * Math.cos(ha);
  return (Math.asin(sine) * 180) / Math.PI;
}

for (const [age, state, caption] of [
  [10, 'overdue', /overdue/],
  [4, 'unwatched', /is not reporting/],
  [17, 'unknown', /^since \d{4}-\d\d-\d\d \d\d:\d\d UTC$/],
  [-5, 'unknown', /in the future/],
] as const) {
  test(`the headline ${age} min after the last observation is ${state}`, needs('browser'), async (t) => {
    const place = workspace(t);
    fillHistory(place.productsDb, [in3C286({ age, outMinutes: 5 })]);
    const running = state !== 'unwatched';
    writeStatus(place.statusFile, { running });
    const server = new Server(t, place);
    const { page } = await openPage(await openBrowser(t), await server.url());
    await waitFor('the status', async () =>
      (await texts(page, '#chips')).includes(running ? 'Monitoring' : 'Stopped'),
    );
    assert.equal(await page.getAttribute('#headline', 'data-state'), state);
    assert.match(await texts(page, '#headline-caption'), caption);
    assert.equal((await texts(page, '#headline-position')) === 'Unknown', state === 'unknown');
    const title = { overdue: '▲ Overdue · ', unwatched: '■ Stopped · ', unknown: '? Pointing unknown · ' }[
      state
    ];
    assert.equal(await page.title(), `${title}Pointing monitor`);
    assert.equal(await iconOf(page), state === 'overdue' ? ICON.ill : ICON.unknown);
    assert.equal(
      await texts(page, '#legend-beam'),
      state === 'unknown' ? 'beam at the last observation' : 'beam now (predicted)',
    );
    await waitFor(
      'what is in the beam',
      async () => (await page.locator('#in-beam').isVisible()) === (running && state !== 'unknown'),
    );
  });
}

test(
  'the time axis is the chosen range, and gaps at its edges count and are shaded',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    const rows = [...rowsFrom(now() - hours(40), 3, 20), ...rowsFrom(now() - hours(14), 24, 30)];
    fillHistory(place.productsDb, rows);
    const server = new Server(t, place);
    const { page, complaints } = await openPage(await openBrowser(t), await server.url());
    await page.click('[data-range="24h"]');
    await loaded(page, '24h');
    const gaps = await texts(page, '#gaps');
    assert.match(
      gaps,
      /^2 gaps longer than 30 min: at least (11 h \d+ min|12 h[^;]*) from [^;]*still open at the end/,
    );
    assert.match(gaps, /at least (9 h 5\d min|10 h[^f]*) from before /);

    await page.locator('#ra-plot').scrollIntoViewIfNeeded();
    const plot = await page.locator('#dec-plot .u-over').boundingBox();
    assert.ok(plot);
    await page.mouse.move(plot.x + 1, plot.y + 40);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width / 4, plot.y + 40, { steps: 4 });
    await page.mouse.up();
    const selected = await texts(page, '#selection');
    const [, from, to] = /^0 observations selected, (\S+ \S+) to (\S+ \S+)$/.exec(selected) ?? [];
    assert.ok(from && to, selected);
    assert.ok(Math.abs(mjdOf(from) - (now() - 1)) < hours(0.2), from);
    assert.ok(Math.abs(mjdOf(to) - (now() - 0.75)) < hours(0.3), to);

    // Before this test reads pixels, of which the browser complains.
    assert.deepEqual(complaints, []);
    const hatched = await page.evaluate(() => {
      // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
      const { document, getComputedStyle } = globalThis as any;
      const canvas = document.querySelector('#dec-plot canvas');
      const [line, back] = ['--gap-line', '--gap'].map((name) =>
        getComputedStyle(document.documentElement).getPropertyValue(name).trim(),
      );
      const share = (from: number, to: number) => {
        const { width, height } = canvas;
        const left = Math.round(width * from);
        const { data } = canvas
          .getContext('2d')
          .getImageData(left, 0, Math.round(width * (to - from)), height);
        let found = 0;
        for (let i = 0; i < data.length; i += 4) {
          const hex = `#${[0, 1, 2].map((k) => data[i + k].toString(16).padStart(2, '0')).join('')}`;
          if (hex === line || hex === back) found++;
        }
        return found / (data.length / 4);
      };
      // The range ends now, with a little room to the right.
      const { width, height } = canvas;
      const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
      const columns = canvas.getContext('2d').getImageData(0, height / 2, width, 1).data;
      const nowAt = Array.from({ length: width }, (_, x) => x).filter(
        (x) =>
          `#${[0, 1, 2].map((k) => columns[x * 4 + k].toString(16).padStart(2, '0')).join('')}` === accent,
      );
      const over = document.querySelector('#dec-plot .u-over');
      const expected = over.offsetLeft + over.offsetWidth / 1.015;
      return {
        start: share(0.15, 0.35),
        observed: share(0.47, 0.5),
        end: share(0.7, 0.95),
        isNow: nowAt.length > 0 && nowAt.every((x) => Math.abs(x - expected) <= 2),
      };
    });
    assert.equal(hatched.isNow, true, JSON.stringify(hatched));
    assert.ok(hatched.start > 0.3 && hatched.end > 0.3, JSON.stringify(hatched));
    assert.equal(hatched.observed, 0);
    await screenshot(page, 'gaps');

    await page.click('[data-range="1h"]');
    await loaded(page, '1h');
    assert.match(await texts(page, '#gaps'), /^1 gap longer than 30 min: at least (1 h|59 min)/);
    assert.match(await texts(page, '#empty'), /^No observations in this time range\. The newest is from /);
  },
);

test('observations of one pointing are one row, named by its declination', needs('browser'), async (t) => {
  const place = workspace(t);
  const rows = rowsFrom(now() - hours(10), 40, 58);
  const jittered = rows.map((row, i) => ({ ...row, dec_deg: 58 + (i % 3) * 0.01 - 0.01 }));
  fillHistory(place.productsDb, [...jittered, ...rowsFrom(now() - hours(4), 20, 58.3)]);
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url());
  const table = page.locator('#panel-coverage tbody');
  await table.waitFor();
  assert.deepEqual(await table.locator('th').allInnerTexts(), ['+58.30°', '+58.00°']);
  assert.deepEqual(await table.locator('td.number').allInnerTexts(), ['1 h 43 min', '3 h 26 min']);
});

test('dates are ISO, and a bad one is refused beside its field', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(mjdOf('2025-10-04 12:00:00'), 10, 30));
  const server = new Server(t, place);
  const { page, complaints } = await openPage(await openBrowser(t), await server.url());
  await page.click('[data-range="custom"]');
  await loaded(page, 'custom');
  assert.match(await page.inputValue('#from'), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  const error = () => texts(page, '#custom-error');
  const fill = async (id: string, text: string) => {
    await page.fill(id, text);
    await page.press(id, 'Tab');
  };
  await fill('#from', '2025-10-05 00:00');
  await fill('#to', '2025-10-04');
  assert.equal(await error(), '“From” must be earlier than “to”.');
  assert.equal(await page.getAttribute('#to', 'aria-invalid'), 'true');
  await fill('#from', '2025-02-30');
  assert.equal(await error(), 'Write dates as YYYY-MM-DD or YYYY-MM-DD HH:MM:SS.');
  assert.equal(await page.getAttribute('#from', 'aria-invalid'), 'true');
  assert.equal(await page.getAttribute('#to', 'aria-invalid'), 'false');
  await fill('#from', '2025-10-04');
  await fill('#to', '2025-10-04T13:00:00Z');
  await waitFor('the range', async () => (await texts(page, '#selection')) === '10 observations');
  assert.equal(await error(), '');
  assert.deepEqual(complaints, []);
});

test('a refresh never abandons a load, and fetches only what changed', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 5, 30, 30));
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url());
  const asked: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/pointing/track*', async (route) => {
    asked.push(route.request().url());
    if (asked.length === 1) await held;
    await route.continue();
  });
  const abandoned: string[] = [];
  page.on('requestfailed', (request) => abandoned.push(request.url()));
  await page.click('[data-range="all"]');
  await waitFor('the request', () => asked.length === 1);
  assert.equal(await page.getAttribute('body', 'data-loading'), '');
  assert.equal(await texts(page, '#selection'), '30 observations');

  const late = rowsFrom(now() - 3, 7, 40);
  const changed = page.waitForResponse((answer) => answer.url().includes('/api/pointing/latest'));
  fillHistory(place.productsDb, late);
  fillHistory(place.productsDb, rowsFrom(now() - 8, 5, 40));
  await changed;
  release();
  await loaded(page, 'all');
  await waitFor('the late rows', async () => (await texts(page, '#selection')) === '42 observations');
  assert.equal(await page.getAttribute('body', 'data-loading'), null);
  assert.deepEqual(abandoned, []);

  await waitFor('what changed meanwhile', () => asked.length === 2);
  const before = asked.length;
  fillHistory(place.productsDb, rowsFrom(now() - 10, 6, 41));
  await waitFor('the older rows', async () => (await texts(page, '#selection')) === '48 observations');
  assert.equal(asked.length, before + 1);
  const { searchParams } = new URL(asked.at(-1) as string);
  assert.ok(Number(searchParams.get('start_mjd')) > now() - 10.1, String(searchParams));
  assert.ok(Number(searchParams.get('end_mjd')) < now() - 9.9, String(searchParams));

  await recordFiles(place.productsDb, [
    { path: '/in/bad.hdf5', error: { code: 'not_hdf5', message: 'no signature' } },
  ]);
  await page.click('#tab-failures');
  await waitForText('the failure', () => texts(page, '#panel-failures'), /Failed: 1 file in the ledger/);
  assert.equal(asked.length, before + 1);
});

test('a year is thinned by the server, and its numbers stay whole', needs('browser'), async (t) => {
  const place = workspace(t);
  const count = 30_000;
  fillHistory(place.productsDb, rowsFrom(now() - (count * 309) / 86_400, count, 30));
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url());
  const answer = page.waitForResponse((each) => each.url().includes('/api/pointing/track'));
  await page.click('[data-range="all"]');
  assert.ok((await (await answer).body()).length <= 400_000);
  await loaded(page, 'all');
  assert.equal(await texts(page, '#selection'), '30\u202f000 observations, 1 in 3 drawn');
  await waitForText(
    'its time on sky',
    () => page.locator('#panel-coverage td.number').first().innerText(),
    /^≈ 107 d [67] h$/,
  );
  await screenshot(page, 'year');
});

test('every number has its scope, and warnings are shown', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - hours(1), 10, 30));
  await recordFiles(place.productsDb, [
    { path: '/in/bad.hdf5', error: { code: 'not_hdf5', message: 'no signature' } },
  ]);
  const metrics = { files_succeeded: 0, files_failed: 0, recent_error_count: 0, success_rate_percent: 100 };
  writeStatus(place.statusFile, {
    metrics: { ...metrics, uptime_seconds: 60 } as never,
    reconciliation: { files_on_disk: 12, with_row: 10, waiting: 1, failed: 1, unaccounted: 0 } as never,
    warnings: ['the IERS table has ended'],
    warning_codes: ['earth_orientation_ended'],
  });
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url());
  await waitFor('the status', async () =>
    /^12\sfiles on disk: 10\sstored, 1\swaiting, 1\sfailed, 0\sunaccounted; updated /.test(
      await texts(page, '#monitor-line'),
    ),
  );
  await page.click('#monitor-line');
  const counters = await texts(page, '#counters');
  assert.match(
    counters,
    /Files on disk\s+12\s+· stored\s+10\s+· waiting\s+1\s+· failed\s+1\s+· unaccounted\s+0\s/,
  );
  assert.match(counters, /Failed since start\s+0, 0 in the last hour/);
  assert.doesNotMatch(counters, /100 %/);
  assert.equal(await texts(page, '#warnings'), 'the IERS table has ended');
  assert.equal(await texts(page, '#chips'), '● Monitoring');
});

test('health is shown whatever else the status says', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, url, {}, async (page) => {
    // These have the health too.
    await page.route('**/api/pointing/events', () => {});
    await page.route('**/api/pointing-monitor/status', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), metrics: {} } });
    });
  });
  await waitForText('the health', () => textOf(page, '#chips'), /Monitoring/, 10);
});
