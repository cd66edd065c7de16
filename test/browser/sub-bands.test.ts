import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBrowser, openPage, screenshot, textOf } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { now, Server, writeStatus } from '../helpers/server.js';
import { waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const MINUTE = 1 / 1440;

test('an observation says which of its sub-bands are missing', needs('browser'), async (t) => {
  const place = workspace(t);
  mkdirSync(place.incoming, { recursive: true });
  const nameOf = (time: string, subBand: number) =>
    join(place.incoming, `2025-10-04T${time}_sb${String(subBand).padStart(2, '0')}.hdf5`);
  const all = Array.from({ length: 16 }, (_, i) => i);
  const onDisk = [
    ['20:00:00', all, '16 of 16 on disk'],
    ['20:05:09', all.filter((i) => i !== 7), '15 of 16 on disk; missing sb07'],
    ['20:10:18', [0, 1, 3, 4, 5, 6, 10, 11, 12, 13], '10 of 16 on disk; missing sb02, sb07–sb09, sb14–sb15'],
    ['20:15:27', [], '0 of 16 on disk'],
  ] as const;
  for (const [time, subBands] of onDisk) for (const i of subBands) writeFileSync(nameOf(time, i), '');
  await storeObservations(
    place.productsDb,
    onDisk.map(([time], i) => ({ mjd: now() - (30 - 5 * i) * MINUTE, decDeg: 54.57, path: nameOf(time, 0) })),
  );
  writeStatus(place.statusFile, {});
  const { page } = await openPage(await openBrowser(t), await new Server(t, place).url());
  const rows = page.locator('#recent tbody tr');
  for (const [i, [, subBands, words]] of onDisk.toReversed().entries()) {
    const dots = rows.nth(i).getByRole('img', { name: words, exact: true });
    // Where the file system was slow to answer, it is asked again after a minute.
    await dots.waitFor({ timeout: 90_000 });
    assert.equal(await dots.getAttribute('title'), words);
    const there = await dots
      .locator('i')
      .evaluateAll((each) =>
        each.flatMap((dot, k) =>
          (dot as unknown as { className: string }).className === 'there' ? [k] : [],
        ),
      );
    assert.deepEqual(there, subBands);
    await rows.nth(i).click();
    const body = async () => (await textOf(page, '#observation-body')).replaceAll('\u2060', '');
    await waitForText('the words', body, new RegExp(`^Sub-bands\\s+${words}$`, 'm'));
    if (i === 1) await screenshot(page, 'sub-bands');
    await page.keyboard.press('Escape');
  }
});
