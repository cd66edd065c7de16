import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
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
