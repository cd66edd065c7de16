import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from '../helpers/browser.js';
import { waitFor } from '../helpers/wait.js';

const ARRIVALS = [500, 1000, 1500, 2000];
/** A server sees each of them by itself. */
const BETWEEN_MS = 4;
/** All within the range on show. */
const APART_DAYS = 1e-5;

export interface Kept {
  readonly arrivals: number;
  readonly heapMb: number;
  readonly nodes: number;
}

/** What an open page keeps after so many rows have arrived: five doubles each are 0.04 MB for 1,000. */
export async function keptByPage(test: TestContext, url: string, productsDb: string): Promise<Kept[]> {
  const { page } = await openPage(await openBrowser(test), url);
  const shownBefore = await shown(page);
  const database = new Database(productsDb);
  const add = database.prepare('INSERT INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (?, ?, ?)');
  const nowMjd = Date.now() / 86_400_000 + 40_587 - 0.1;
  const kept: Kept[] = [];
  let arrivals = 0;
  try {
    for (const until of ARRIVALS) {
      for (; arrivals < until; arrivals++) {
        add.run(nowMjd + arrivals * APART_DAYS, (arrivals * 1.29) % 360, 54.57);
        await sleep(BETWEEN_MS);
      }
      await waitFor('the rows on the page', async () => (await shown(page)) >= shownBefore + arrivals);
      kept.push({ arrivals, ...(await measure(page)) });
    }
  } finally {
    database.close();
  }
  return kept;
}

async function shown(page: Page): Promise<number> {
  return Number((await page.locator('#selection').innerText()).replace(/,.*|\D/g, ''));
}

async function measure(page: Page) {
  const session = await page.context().newCDPSession(page);
  // What one collection frees can free more.
  for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  await session.detach();
  return { heapMb: usedSize / 1e6, nodes };
}
