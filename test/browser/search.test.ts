import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { mjdUtc } from '#src/units.js';
import { openBrowser, openPage, textOf } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { byDsa110, fileNameOf } from '../helpers/observations.js';
import { now, Server, writeStatus } from '../helpers/server.js';
import { byHera, type Pointed, storePointings } from '../helpers/two-telescopes.js';
import { waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const HOUR = 1 / 24;
const SIDEREAL_DEG_PER_DAY = 360.9856;

/** A page with these observations, at its search tab, which shows what the text leads to. */
async function searched(t: TestContext, rows: readonly Pointed[], text: string) {
  const place = workspace(t);
  await storePointings(place, rows);
  writeStatus(place.statusFile, {});
  const url = `${await new Server(t, place).url()}?tab=search&find=${encodeURIComponent(text)}`;
  const { page, complaints } = await openPage(await openBrowser(t), url);
  return { page, complaints, panel: () => textOf(page, '#panel-search') };
}

/** A telescope's observation so long ago, and the position that has drifted into the middle of its beam since. */
function pointed(by: Pointed['by'], daysAgo: number) {
  const decDeg = by === byHera ? -30.72 : 16.24;
  const row = { by, mjd: now() - daysAgo, raDeg: 100, decDeg };
  return { row, position: `${100 + daysAgo * SIDEREAL_DEG_PER_DAY} ${decDeg}` };
}

const PASS = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to \d\d:\d\d:\d\d UTC, 0\.\d\d° from the centre`;

test('a position is in the beam now only while the pointing is known', needs('browser'), async (t) => {
  const lately = pointed(byDsa110, HOUR / 60);
  const known = await searched(t, [lately.row], lately.position);
  await waitForText('the pass', known.panel, new RegExp(`Next in the beam\\s+now: ${PASS}\n`));
  const before = pointed(byDsa110, 2 * HOUR);
  const unknown = await searched(t, [before.row], before.position);
  const conditional = new RegExp(`Next in the beam\\s+${PASS}, if the telescope still points there\n`);
  await waitForText('the same pass', unknown.panel, conditional);
});

test('of several telescopes, the one whose beam is next is named', needs('browser'), async (t) => {
  const [hera, dsa110] = [pointed(byHera, HOUR / 60), pointed(byDsa110, 2 * HOUR)];
  const other = await searched(t, [hera.row, dsa110.row], dsa110.position);
  const conditional = new RegExp(
    `Next in the beam of DSA-110\\s+${PASS}, if the telescope still points there\n`,
  );
  await waitForText('the pass of the other', other.panel, conditional);
  const shown = await searched(t, [hera.row, dsa110.row], hera.position);
  await waitForText('the pass', shown.panel, new RegExp(`Next in the beam of HERA\\s+now: ${PASS}\n`));
  const neither = await searched(t, [hera.row, dsa110.row], '100 80');
  await waitForText('none', neither.panel, /Next in the beam\s+not at the declination of any telescope/);
  assert.deepEqual(neither.complaints, []);
});

test('what a date or a file’s name in the address stands for is said', needs('browser'), async (t) => {
  const mjd = Math.floor(now()) - 1 + 0.5;
  const day = new Date((mjd - 40_587) * 86_400_000).toISOString().slice(0, 10);
  const row = { by: byDsa110, mjd, decDeg: 16.24 };
  const ofDate = await searched(t, [row], day);
  await waitForText(
    'the day',
    ofDate.panel,
    new RegExp(`^${day}\\s+The time from ${day} 00:00:00 to \\S+ 00:00:00 UTC\\.$`),
  );
  await ofDate.page.click('#panel-search a');
  const selection = () => textOf(ofDate.page, '#selection');
  await waitForText('its observations', selection, /^1 observation selected/);

  const file = fileNameOf(mjdUtc(mjd));
  const ofFile = await searched(t, [row], file);
  await waitForText(
    'the observation',
    ofFile.panel,
    new RegExp(`^${file}\\s+A file of the observation at ${day} 12:00:00 UTC\\.$`),
  );
  await ofFile.page.click('#panel-search a');
  await ofFile.page.locator('#observation').waitFor();
  // Another text leaves nothing of the one before.
  await ofFile.page.fill('#search-text', '100 16');
  await ofFile.page.keyboard.press('Enter');
  await waitForText('a position', ofFile.panel, /^100 16\s+ICRS/);
  await ofFile.page.goBack();
  await waitForText('the file again', ofFile.panel, /A file of the observation/);
  assert.deepEqual([...ofDate.complaints, ...ofFile.complaints], []);
});
