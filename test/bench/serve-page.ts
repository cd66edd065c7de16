import type { TestContext } from 'node:test';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { openBrowser } from '../helpers/browser.js';

const OPENED = 7;
const MOVES = 60;

export interface PageTimes {
  readonly range: string;
  readonly firstPaintMs: readonly number[];
  readonly rowsShownMs: readonly number[];
  /** Of all answers of the API, as they were sent. */
  readonly kilobytes: readonly number[];
}

/** From the start of the navigation: to the first picture of the sky, and until all rows of the range are in it. */
export async function openings(test: TestContext, url: string, range: string): Promise<PageTimes> {
  const browser = await openBrowser(test);
  const firstPaintMs: number[] = [];
  const rowsShownMs: number[] = [];
  const kilobytes: number[] = [];
  for (let i = 0; i < OPENED; i++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${url}#${range}`);
    await page.waitForSelector(`body[data-loaded="${range}"]`);
    const marks = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      sky: performance.getEntriesByName('sky-shown')[0]?.startTime,
      rows: performance.getEntriesByName('rows-shown')[0]?.startTime,
      bytes: performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes('/api/'))
        .reduce((sum, entry) => sum + (entry as unknown as { transferSize: number }).transferSize, 0),
    }));
    firstPaintMs.push(Math.max(marks.paint ?? Number.NaN, marks.sky ?? Number.NaN));
    rowsShownMs.push(marks.rows ?? Number.NaN);
    kilobytes.push(marks.bytes / 1000);
    await page.close();
  }
  return { range, firstPaintMs, rowsShownMs, kilobytes };
}

/** Of the page's main thread while the whole history is on a map of 2560 pixels: its processor time for each frame, ms. */
export async function frameMs(test: TestContext, url: string): Promise<Record<string, readonly number[]>> {
  const browser = await openBrowser(test);
  const page = await browser.newPage({ viewport: { width: 2560, height: 1440 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(`${url}#all`);
  await page.waitForSelector('body[data-loaded="all"]');
  const box = await page.locator('#map').boundingBox();
  if (!box) throw new Error('the page has no map');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const turn = async () => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    let moved = 0;
    const times = await each(session, page, () => page.mouse.move(x + ++moved * 5, y + moved));
    await page.mouse.up();
    return times;
  };
  const zoom = (by: number) => each(session, page, () => page.mouse.wheel(0, by));
  return {
    'turning the whole sky': await turn(),
    'zooming in': await zoom(-20),
    'turning a part of it': await turn(),
    'zooming out': await zoom(20),
  };
}

/** Each move waits for the frame that shows it. */
async function each(session: CDPSession, page: Page, move: () => Promise<void>): Promise<number[]> {
  const taskMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const times: number[] = [];
  for (let i = 0; i < MOVES; i++) {
    const before = await taskMs();
    await move();
    await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown))));
    times.push((await taskMs()) - before);
  }
  return times;
}

interface TraceEvent {
  readonly name: string;
  /** Processor time, microseconds. */
  readonly tdur?: number;
}

/** Of the page's longest task while it does each of these with the whole history: its processor time, ms. */
export async function longestTaskMs(test: TestContext, url: string): Promise<Record<string, number>> {
  const browser = await openBrowser(test);
  const page = await browser.newPage({ viewport: { width: 2560, height: 1440 } });
  const acts: Record<string, () => Promise<unknown>> = {
    opening: () => page.goto(`${url}#all`).then(() => page.waitForSelector('body[data-loaded="all"]')),
    calendar: () =>
      page.click('#tab-calendar').then(() => page.waitForSelector('.hour-bar', { state: 'attached' })),
    turning: () => dragOver(page),
    zooming: () => page.mouse.wheel(0, -400),
  };
  const longest: Record<string, number> = {};
  for (const [name, act] of Object.entries(acts)) longest[name] = await longestDuring(browser, page, act);
  return longest;
}

async function dragOver(page: Page): Promise<void> {
  const { x, y } = (await page.locator('#map').boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.move(x + 400, y + 300);
  await page.mouse.down();
  await page.mouse.move(x + 700, y + 320, { steps: 20 });
  await page.mouse.up();
}

/** Other processes of the browser are idle meanwhile. */
async function longestDuring(browser: Browser, page: Page, act: () => Promise<unknown>): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await act();
  await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown, 500))));
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const tasks = traceEvents.filter(({ name }) => name.endsWith('RunTask'));
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}
