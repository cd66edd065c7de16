import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { astrometry } from '#src/native/astrometry.js';
import { dsa110 } from '#src/sky/site.js';
import { mjdUtc } from '#src/units.js';
import { holdNext, loaded, openBrowser, openPage, screenshot, served, textOf } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const MINUTE = 1 / 1440;

interface Drawn {
  readonly text: string | undefined;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Keeps where bars and words of the plot of declination were drawn last. */
const record = (page: Page) =>
  page.addInitScript(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
    const { CanvasRenderingContext2D: Context, document } = globalThis as any;
    const { fillRect, fillText, clearRect } = Context.prototype;
    const state = globalThis as unknown as { drawn: Drawn[] };
    const isPlot = (canvas: unknown) => canvas === document.querySelector('#dec-plot canvas');
    state.drawn = [];
    Context.prototype.clearRect = function (...rest: unknown[]) {
      if (isPlot(this.canvas)) state.drawn = [];
      clearRect.apply(this, rest);
    };
    Context.prototype.fillRect = function (x: number, y: number, width: number, height: number) {
      if (isPlot(this.canvas))
        state.drawn.push({ text: undefined, left: x, right: x + width, top: y, bottom: y + height });
      fillRect.call(this, x, y, width, height);
    };
    Context.prototype.fillText = function (text: string, x: number, y: number) {
      // Axes are labelled elsewhere.
      if (isPlot(this.canvas) && /\.\d\d°/.test(text)) {
        const { width, actualBoundingBoxAscent, actualBoundingBoxDescent } = this.measureText(text);
        const left = this.textAlign === 'right' ? x - width : x;
        const [top, bottom] = [y - actualBoundingBoxAscent, y + actualBoundingBoxDescent];
        state.drawn.push({ text, left, right: left + width, top, bottom });
      }
      fillText.call(this, text, x, y);
    };
  });
const drawnOn = (page: Page) => page.evaluate(() => (globalThis as unknown as { drawn: Drawn[] }).drawn);

test('a label in the plot lies over no bar and no other label', needs('browser'), async (t) => {
  const place = workspace(t);
  const dwell = (hoursAgo: number, rows: number, decDeg: number) =>
    rowsFrom(now() - hoursAgo / 24, rows, decDeg);
  fillHistory(place.productsDb, [
    ...dwell(20, 60, 30),
    ...dwell(14.5, 60, 40),
    ...dwell(9, 20, -10),
    // A label of the last would lie over this one, above it and below it.
    ...dwell(7, 69, 52),
    ...dwell(0.9, 2, 44),
    ...dwell(0.5, 1, 62),
    ...dwell(0.2, 1, 54),
  ]);
  writeStatus(place.statusFile, {});
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), `${await server.url()}?range=24h`, {}, record, '24h');
  const drawn = await waitFor('the labels', async () => {
    const all = await drawnOn(page);
    return all.some(({ text }) => text) && all;
  });
  const labels = drawn.filter(({ text }) => text !== undefined);
  assert.ok(labels.length >= 3, JSON.stringify(labels));
  assert.ok(labels.every(({ text }) => /^[+−]\d\d\.00°/.test(text as string)));
  for (const label of labels)
    for (const other of drawn)
      assert.ok(
        label === other ||
          label.right <= other.left ||
          other.right <= label.left ||
          label.bottom <= other.top ||
          other.bottom <= label.top,
        JSON.stringify([label, other]),
      );
});

test(
  'the label of the present dwell, wider than its bar, stands beside it and not at another',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    fillHistory(place.productsDb, [
      ...rowsFrom(now() - 0.5, 120, 33.2),
      ...rowsFrom(now() - 0.005, 2, 54.57),
    ]);
    writeStatus(place.statusFile, {});
    const url = `${await new Server(t, place).url()}?range=7d`;
    const { page } = await openPage(await openBrowser(t), url, {}, record);
    const drawn = await waitFor('the label', async () => {
      const all = await drawnOn(page);
      return all.some(({ text }) => text) && all;
    });
    const [label, ...others] = drawn.filter(({ text }) => text !== undefined);
    assert.deepEqual([label?.text, others], ['+54.57°', []]);
    const [, bar] = drawn.filter(({ text }) => text === undefined);
    assert.ok(label && bar && label.right <= bar.left, JSON.stringify(drawn));
    assert.ok(label.top < bar.bottom && bar.top < label.bottom, JSON.stringify(drawn));
  },
);

test('the plots fit on the screen, whatever stands above them', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 40 * MINUTE, 6, 54.57));
  writeStatus(place.statusFile, { healthy: false, issues: ['the disk is full', 'files are waiting'] });
  const server = new Server(t, place);
  const browser = await openBrowser(t);
  for (const [width, height] of [
    [1440, 900],
    [2560, 1440],
  ] as const) {
    const { page } = await openPage(browser, await server.url(), { viewport: { width, height } });
    const bottom = () =>
      page
        .locator('#ra-plot')
        .evaluate((plot) => (plot as unknown as Element).getBoundingClientRect().bottom);
    await page.locator('#issues').waitFor();
    await waitFor(`the plots at ${width}`, async () => (await bottom()) <= height, 10);
    await page.context().close();
  }
});

/** What a plot has at these shares of its width and of its height from below. */
const pixelsOf = (page: Page, id: string, places: readonly (readonly [x: number, y: number])[]) =>
  page.evaluate(
    ([id, places]) => {
      // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
      const { document } = globalThis as any;
      const canvas = document.querySelector(`#${id} canvas`);
      const [whole, over] = [canvas, document.querySelector(`#${id} .u-over`)].map((each) =>
        each.getBoundingClientRect(),
      );
      return places.map(([x, y]) => {
        const left = over.x - whole.x + over.width * x;
        const top = over.y - whole.y + over.height * (1 - y);
        const { data } = canvas.getContext('2d').getImageData(Math.round(left), Math.round(top), 1, 1);
        if (data[3] === 0) return 'blank';
        return `#${[...data.slice(0, 3)].map((value: number) => value.toString(16).padStart(2, '0')).join('')}`;
      });
    },
    [id, places] as const,
  );

const colourOf = (page: Page, name: string) =>
  page.evaluate(
    (name) =>
      getComputedStyle(document.documentElement as never)
        .getPropertyValue(`--${name}`)
        .trim(),
    name,
  );

test(
  'of a year the lower plot shows which LST was observed, by declination, and what was not',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    const [start, moved, rested, resumed] = [350, 220, 120, 90].map((days) => Math.floor(now()) - days) as [
      number,
      number,
      number,
      number,
    ];
    // From midnight on 8 h a day.
    const nights = (from: number, to: number, decDeg: number) =>
      Array.from({ length: to - from }, (_, i) => rowsFrom(from + i, 93, decDeg)).flat();
    fillHistory(place.productsDb, [
      ...nights(start, moved, 30),
      ...nights(moved, rested, 60),
      ...nights(resumed, Math.floor(now()), 60),
    ]);
    writeStatus(place.statusFile, {});
    const url = `${await new Server(t, place).url()}?range=all`;
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage(await openBrowser(t), url, { colorScheme }, undefined, 'all');
      const width = (now() - start) * 1.015;
      const at = (day: number, hours: number): readonly [number, number] => {
        const mjd = mjdUtc(day + hours / 24);
        const lst = astrometry().apparentSiderealTimeDeg(mjd, dsa110.longitudeDeg) / 360;
        return [(day + 0.5 - start) / width, lst];
      };
      const [south, north] = await Promise.all(['dec-1', 'dec-5'].map((name) => colourOf(page, name)));
      const places = [
        at(start + 40, 4),
        at(start + 41, 4),
        at(moved + 50, 4),
        at(resumed + 60, 2),
        at(start + 40, 16),
        at(moved + 50, 20),
        at(rested + 15, 4),
      ];
      await screenshot(page, `plot-of-a-year-${colorScheme}`);
      assert.deepEqual(
        await pixelsOf(page, 'ra-plot', places),
        [south, south, north, north, 'blank', 'blank', 'blank'],
        colorScheme,
      );
      assert.match(
        await textOf(page, '#lst-legend'),
        /^LST observed, by declination:\s+\+30\.0°\s+\+60\.0°$/,
      );
      assert.match(
        (await page.getAttribute('#ra-plot', 'aria-label')) ?? '',
        /^LST observed, coloured by declination, over time, from \S+ \S+ to .*; blank where nothing was observed\./,
      );

      // It is a plot as before: the cursor goes from row to row, and selects.
      await page.focus('#ra-plot');
      for (const key of ['End', 'Shift+PageUp']) await page.keyboard.press(key);
      await waitForText('rows', () => textOf(page, '#selection'), /observations selected/);
      assert.match(await textOf(page, '#readout'), /Dec \+60\.000°$/);
      const [upper, lower] = await Promise.all(
        ['#dec-plot', '#ra-plot'].map((id) => page.locator(`${id} .u-select`).boundingBox()),
      );
      assert.ok(upper && lower && upper.width > 10 && upper.x === lower.x && upper.width === lower.width);
      await page.click('#theme');
      await waitFor('the other theme', async () => {
        const [pixel] = await pixelsOf(page, 'ra-plot', [at(start + 40, 4)]);
        return pixel === (await colourOf(page, 'dec-1')) && pixel !== south;
      });

      await page.click('[data-range="7d"]');
      await loaded(page);
      assert.equal(await page.locator('#lst-legend').isVisible(), false);
      assert.match((await page.getAttribute('#ra-plot', 'aria-label')) ?? '', /^Right ascension over time/);
      await page.context().close();
    }
  },
);

test('right ascensions from −180° are on the plot', needs('browser'), async (t) => {
  const place = workspace(t);
  // Without a gap on the plot.
  const start = now() - 50 / 1440;
  fillHistory(
    place.productsDb,
    Array.from({ length: 1200 }, (_, i) => ({
      timestamp: start + (i * 2) / 86_400,
      ra_deg: -90,
      dec_deg: 30,
    })),
  );
  const { page } = await openPage(
    await openBrowser(t),
    `${await new Server(t, place).url()}?range=1h`,
    {},
    undefined,
    '1h',
  );
  const pixels = await pixelsOf(page, 'ra-plot', [
    [0.5, 18 / 24],
    [0.5, 15 / 24],
  ]);
  assert.equal(pixels[0], await colourOf(page, 'trail-new'));
  assert.notEqual(pixels[1], pixels[0]);
});

test(
  'there is no plot until the first rows have come, and then its axis is the range',
  needs('browser'),
  async (t) => {
    const { url, browser } = await served(t);
    const page = await browser.newPage();
    const rows = await holdNext(page, '**/api/pointing/track*');
    await page.goto(url);
    await rows.isHeld;
    await page.locator('#headline').waitFor();
    assert.equal(await page.getAttribute('body', 'data-loading'), '');
    assert.equal(await page.locator('.plot canvas').count(), 0);
    await rows.letGo();
    await loaded(page);
    assert.equal(await page.locator('.plot canvas').count(), 2);
    const label = (await page.getAttribute('#dec-plot', 'aria-label')) ?? '';
    const [, from = '', to = ''] = / from (\S+ \S+) to (\S+ \S+) UTC/.exec(label) ?? [];
    const daysOf = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`) / 86_400_000;
    assert.ok(Math.abs(daysOf(to) - daysOf(from) - 7) < 0.01, label);
  },
);

test('both plots have one cursor', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, `${url}?range=1h`, {}, undefined, '1h');
  const places = () =>
    page
      .locator('.plot .u-cursor-x')
      .evaluateAll((all) => all.map((each) => (each as unknown as Element).getBoundingClientRect().x));
  for (const id of ['dec-plot', 'ra-plot']) {
    const box = await page.locator(`#${id} .u-over`).boundingBox();
    assert.ok(box);
    const x = box.x + box.width * (id === 'dec-plot' ? 0.4 : 0.6);
    await page.mouse.move(x, box.y + box.height / 2);
    await waitFor('both cursors', async () => (await places()).every((each) => Math.abs(each - x) < 2));
    assert.match(await textOf(page, '#readout'), /^\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}RA .* Dec \+54\.570°$/);
  }
});

test('a selection in the plots has edges', needs('browser'), async (t) => {
  const { url, browser } = await served(t);
  const { page } = await openPage(browser, `${url}?range=1h`, { colorScheme: 'light' }, undefined, '1h');
  await page.focus('#dec-plot');
  for (const key of ['End', 'Shift+ArrowLeft', 'Shift+ArrowLeft']) await page.keyboard.press(key);
  await waitForText('the selection', () => textOf(page, '#selection'), /^3 observations selected/);
  const box = await page.locator('#dec-plot .u-select').boundingBox();
  assert.ok(box && box.width > 20);
  const accent = await colourOf(page, 'accent');
  const painted = await page.screenshot({ clip: { ...box, y: box.y + 2, height: 1 } });
  const edges = await page.evaluate(
    async ([png, colour]) => {
      // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
      const { Image, OffscreenCanvas } = globalThis as any;
      const image = Object.assign(new Image(), { src: `data:image/png;base64,${png}` });
      await image.decode();
      const context = new OffscreenCanvas(image.width, 1).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, 1);
      const hexAt = (i: number) =>
        `#${[...data.slice(i * 4, i * 4 + 3)].map((value: number) => value.toString(16).padStart(2, '0')).join('')}`;
      const near = (edge: number) => [-1, 0, 1].map((by) => hexAt(edge + by));
      return [near(1), near(image.width - 2)].map((side) => side.includes(colour as string));
    },
    [painted.toString('base64'), accent] as const,
  );
  assert.deepEqual(edges, [true, true]);
});

test(
  'now is in a range that ends now, though time passes while it is painted',
  needs('browser'),
  async (t) => {
    const { url, browser } = await served(t);
    const { page } = await openPage(
      browser,
      `${url}?range=1h`,
      { colorScheme: 'light' },
      (page) =>
        page.addInitScript(() => {
          const real = Date.now;
          let asked = 0;
          Date.now = () => real() + asked++;
          // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
          const { CanvasRenderingContext2D: Context, document } = globalThis as any;
          const { stroke } = Context.prototype;
          const state = globalThis as unknown as { strokes: string[] };
          state.strokes = [];
          Context.prototype.stroke = function (...rest: unknown[]) {
            if (this.canvas === document.querySelector('#dec-plot canvas'))
              state.strokes.push(this.strokeStyle);
            stroke.apply(this, rest);
          };
        }),
      '1h',
    );
    const accent = await colourOf(page, 'accent');
    await waitFor('the line of now', () =>
      page.evaluate(
        (accent) => (globalThis as unknown as { strokes: string[] }).strokes.includes(accent as string),
        accent,
      ),
    );
  },
);
