import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page, type Request } from 'playwright-core';
import { fillHistory, now, rowsFrom, Server, writeStatus } from './server.js';
import { findBrowser } from './tools.js';
import { waitFor } from './wait.js';
import { root, workspace } from './workspace.js';

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium, closed when the test ends. */
export async function openBrowser(test: TestContext): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: findBrowser() as string, args });
  test.after(() => browser.close());
  return browser;
}

/** A server of ten observations of the last hour, with a healthy monitor, and a browser for its page. */
export async function served(test: TestContext) {
  const place = workspace(test);
  fillHistory(place.productsDb, rowsFrom(now() - 0.04, 10, 54.57));
  writeStatus(place.statusFile, {});
  return { place, url: await new Server(test, place).url(), browser: await openBrowser(test) };
}

export const textOf = (page: Page, selector: string) => page.locator(selector).innerText();

const underWay = new WeakMap<Page, Set<Request>>();

/** Keeps which answers the page waits for. Events have no end. */
function followRequests(page: Page): void {
  const requests = new Set<Request>();
  underWay.set(page, requests);
  page.on('request', (request) => {
    if (!request.url().endsWith('/events')) requests.add(request);
  });
  for (const ended of ['requestfinished', 'requestfailed'] as const)
    page.on(ended as 'requestfinished', (request) => requests.delete(request));
}

/** Sets the clock of a page of `openPage` forward, once it has all answers: for those under way it would be too late. */
export async function passTime(page: Page, milliseconds: number): Promise<void> {
  await waitFor('all answers', () => underWay.get(page)?.size === 0);
  await page.clock.runFor(milliseconds);
}

/** The page, once it shows its first rows, and whatever it complained of. `prepare` comes before the page is asked for. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<unknown> = async () => {},
  range = '7d',
) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  followRequests(page);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await prepare(page);
  await page.goto(url);
  await loaded(page, range);
  return { page, complaints };
}

/** The header that marks an answer that was held back. */
const HELD = 'x-held';

/** In the page: notes which marked answers it has read and had a frame to show. */
function noteHeldAnswers(header: string): void {
  // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
  const window = globalThis as any;
  if (window.shown) return;
  const shown = new Set<string>();
  window.shown = shown;
  const { fetch } = window;
  window.fetch = async (...asked: unknown[]) => {
    const answer = await fetch(...asked);
    const mark = answer.headers.get(header);
    if (mark === null) return answer;
    for (const form of ['json', 'arrayBuffer']) {
      const read = answer[form].bind(answer);
      answer[form] = () =>
        read().finally(() => window.requestAnimationFrame(() => setTimeout(() => shown.add(mark))));
    }
    return answer;
  };
}

let marks = 0;

/** Holds back the next answer of a route, as the server gave it, until it is let go. */
export async function holdNext(page: Page, route: string) {
  const mark = String(++marks);
  await page.addInitScript(noteHeldAnswers, HELD);
  await page.evaluate(noteHeldAnswers, HELD);
  let arrived: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const isHeld = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const isLetGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isTaken = false;
  // Not with `times: 1`: the library lets everything go that is still held when the last such route has answered.
  await page.route(route, async (each) => {
    if (isTaken) return each.fallback();
    isTaken = true;
    const response = await each.fetch();
    arrived();
    await isLetGo;
    await each.fulfill({ response, headers: { ...response.headers(), [HELD]: mark } });
  });
  return {
    isHeld,
    /** Waits until the page has taken the answer or ignored it. */
    async letGo(): Promise<void> {
      letGo();
      await waitFor(`the page to read the answer of ${route}`, () =>
        page.evaluate((it) => (globalThis as unknown as { shown: Set<string> }).shown.has(it), mark),
      );
    },
  };
}

/** As the server answers while its database is locked. */
const LOCKED = { status: 503, json: { error: { code: 'database', message: 'it is locked' } } };

/** Answers to a route fail for as long as this holds. */
export const failWhile = (page: Page, route: string, fails: () => boolean) =>
  page.route(route, (each) => (fails() ? each.fulfill(LOCKED) : each.continue()));

/** Answers to a route fail from now on, once they are let. */
export async function failWhenLet(page: Page, route: string): Promise<() => void> {
  let letFail: () => void = () => undefined;
  const mayFail = new Promise<void>((resolve) => {
    letFail = resolve;
  });
  await page.route(route, async (held) => {
    await mayFail;
    await held.fulfill(LOCKED);
  });
  return letFail;
}

/** Waits until the rows of a range are on show. */
export const loaded = (page: Page, range = '7d') => page.waitForSelector(`body[data-loaded="${range}"]`);

/** A picture to be looked at, in build/screenshots. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const directory = join(root, 'build', 'screenshots');
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}

/** What shows that a tab has its content. The search has a table only after a question. */
const TABS = {
  coverage: 'tbody tr',
  calendar: '.hour-bar',
  meridian: 'tbody tr',
  dwells: 'tbody tr',
  observations: 'tbody tr',
  failures: 'tbody tr',
  search: 'p',
};

/** Opens one tab after the other, with its content. */
export async function* openTabs(page: Page, others: Partial<typeof TABS> = {}): AsyncGenerator<string> {
  for (const [name, sign] of Object.entries({ ...TABS, ...others })) {
    await page.click(`#tab-${name}`);
    await page.locator(`#panel-${name} ${sign}`).first().waitFor();
    yield name;
  }
}
