/** What keeps a page on a wall alive, where nobody reloads it. */
import type { Attempt } from './attempt.js';

const LOOK_EVERY_MS = 60_000;
const wait = () => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));

/** Shows the page for a wall once it is known of which telescope, and takes up new versions of it. */
export async function startWall(attempt: Attempt, isTelescopeKnown: Promise<unknown>): Promise<void> {
  void reloadForNewVersion();
  await isTelescopeKnown;
  const isStarted = await attempt('wall', async () => (await import('./kiosk.js')).startKiosk(attempt));
  if (isStarted) return;
  // A browser may keep the failure: only a new page is sure to ask again.
  do await wait();
  while ((await page()) === undefined);
  location.reload();
}

/** The page as the server has it now; undefined where a proxy answers in its place, or nobody. */
async function page(): Promise<string | undefined> {
  try {
    const answer = await fetch('./', { cache: 'no-cache' });
    const text = await answer.text();
    return answer.ok && text.includes('<title>Pointing monitor</title>') ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The page names its scripts by their content, so that another version is another page. */
async function reloadForNewVersion(): Promise<void> {
  for (let first = await page(); ; ) {
    await wait();
    const now = await page();
    first ??= now;
    if (now !== undefined && now !== first) return location.reload();
  }
}
