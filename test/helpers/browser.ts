import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findBrowser } from './tools.js';
import { root } from './workspace.js';

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

/** The page, once it shows its first rows, and whatever it complained of. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  await loaded(page);
  return { page, complaints };
}

/** Waits until the rows of a range are on show. */
export const loaded = (page: Page, range = '7d') => page.waitForSelector(`body[data-loaded="${range}"]`);

/** A picture to be looked at, in build/screenshots. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const directory = join(root, 'build', 'screenshots');
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
