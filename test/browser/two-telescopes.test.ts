import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import {
  failWhile,
  holdNext,
  loaded,
  openBrowser,
  openPage,
  passTime,
  screenshot,
  textOf,
} from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { byDsa110 } from '../helpers/observations.js';
import { now, Server, writeStatus } from '../helpers/server.js';
import { byHera, type Pointed, storePointings } from '../helpers/two-telescopes.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const EVERY_DAYS = 309 / 86_400;

/** Of the last hours: two dwells of the DSA-110, and one of HERA, which observed last. */
function twentyOfEach(): Pointed[] {
  const start = now() - 0.1;
  return Array.from({ length: 20 }, (_, i) => [
    { by: byDsa110, mjd: start + i * EVERY_DAYS, raDeg: 100, decDeg: i < 10 ? 16.24 : 20 },
    { by: byHera, mjd: start + (i + 0.5) * EVERY_DAYS, raDeg: 240, decDeg: -30.72 },
  ]).flat();
}

test(
  'of two telescopes that observe at once the page shows one, and the other on request',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    const start = now() - 0.25;
    // The DSA-110 rested for two hours, in which HERA observed.
    const rows = Array.from({ length: 68 }, (_, i) => [
      ...(i > 20 && i < 45
        ? []
        : [{ by: byDsa110, mjd: start + i * EVERY_DAYS, raDeg: 100 + i * 1.29, decDeg: 16.24 }]),
      { by: byHera, mjd: start + i * EVERY_DAYS + 150 / 86_400, raDeg: 240 + i * 1.29, decDeg: -30.72 },
    ]).flat();
    await storePointings(place, rows);
    writeStatus(place.statusFile, {});
    const server = new Server(t, place);
    const browser = await openBrowser(t);
    const { page, complaints } = await openPage(browser, `${await server.url()}?tab=dwells`);
    const choice = page.locator('#telescopes select');
    assert.equal(await choice.inputValue(), 'HERA');
    assert.deepEqual(await choice.locator('option').allInnerTexts(), ['DSA-110', 'HERA']);
    const dwells = () => page.locator('#panel-dwells tbody tr').allInnerTexts();
    await waitFor('one dwell of HERA', async () => (await dwells()).length === 1);
    assert.match(await textOf(page, '#sentence'), /Dec −30\.72°/);

    const instrument = await holdNext(page, '**/api/pointing/latest*DSA-110*');
    const rowsOfIt = await holdNext(page, '**/api/pointing/track*DSA-110*');
    await choice.selectOption('DSA-110');
    await instrument.isHeld;
    await rowsOfIt.letGo();
    // Its rows wait for its beam.
    assert.equal((await dwells()).length, 1);
    await instrument.letGo();
    await waitFor('two dwells of the DSA-110', async () => (await dwells()).length === 2);
    await waitFor('its sentence', async () => /Dec \+16\.24°/.test(await textOf(page, '#sentence')));
    assert.match(await textOf(page, 'h1'), /DSA-110/);
    assert.match(page.url(), /telescope=DSA-110/);
    assert.match(await textOf(page, '#gaps'), /2 h/);
    const decs = () => page.locator('#recent tbody tr td:nth-child(3)').allInnerTexts();
    await waitFor('its last files', async () => [...new Set(await decs())].join() === '+16.24°');
    await screenshot(page, 'two-telescopes');

    const later = start + 68 * EVERY_DAYS;
    const total = () => textOf(page, '#selection');
    const before = await total();
    await storePointings(place, [{ by: byHera, mjd: later, raDeg: 350, decDeg: -30.72 }]);
    await storePointings(place, [{ by: byDsa110, mjd: later + 100 / 86_400, raDeg: 200, decDeg: 16.24 }]);
    await waitFor('the row of the DSA-110', async () => (await total()) !== before);
    assert.match(await total(), /\b45\b/);
    assert.equal((await dwells()).length, 2);

    await page.goBack();
    await waitFor('HERA again', async () => (await dwells()).length === 1);
    assert.deepEqual(complaints, []);
  },
);

test(
  'rows of one telescope never stay under the name of another whose rows could not be fetched',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    await storePointings(place, twentyOfEach());
    writeStatus(place.statusFile, {});
    const { page } = await openPage(await openBrowser(t), `${await new Server(t, place).url()}?tab=dwells`);
    const dwells = () => page.locator('#panel-dwells tbody tr').count();
    await waitFor('the dwell of HERA', async () => (await dwells()) === 1);
    await page.route('**/api/pointing/track*', (route) =>
      route.fulfill({ status: 503, json: { error: { code: 'database', message: 'it is locked' } } }),
    );
    await page.locator('#telescopes select').selectOption('DSA-110');
    await page.getByText('it is locked').waitFor();
    assert.equal(await page.getAttribute('body', 'data-loading'), '');
    await storePointings(place, [{ by: byDsa110, mjd: now() - 0.01, raDeg: 200, decDeg: 16.24 }]);
    await waitFor('the new row', async () => /Dec \+16\.24°/.test(await textOf(page, '#sentence')));
    assert.equal(await dwells(), 1);
    await page.unroute('**/api/pointing/track*');
    await waitFor('its rows', async () => (await dwells()) === 3, 20);
    assert.equal(await page.getAttribute('body', 'data-loading'), null);
    assert.equal(await page.locator('#request-error').isVisible(), false);
  },
);

test(
  'an address that names an unknown telescope is refused, and those there are offered',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    const mjd = now() - 0.01;
    await storePointings(place, [{ by: byDsa110, mjd, raDeg: 100, decDeg: 16.24 }]);
    writeStatus(place.statusFile, {});
    const server = new Server(t, place);
    const context = await (await openBrowser(t)).newContext();
    const page = await context.newPage();
    await page.goto(`${await server.url()}?telescope=VLA`);
    await page.getByText('no telescope named VLA; known: DSA-110').waitFor();
    await page.locator('#telescopes select').selectOption('DSA-110');
    await loaded(page, '7d');
    await waitFor('its sentence', async () => /Dec \+16\.24°/.test(await textOf(page, '#sentence')));
  },
);

test('the page stays with its telescope when another begins to observe', needs('browser'), async (t) => {
  const place = workspace(t);
  const mjd = now() - 0.01;
  await storePointings(place, [{ by: byDsa110, mjd, raDeg: 100, decDeg: 16.24 }]);
  writeStatus(place.statusFile, {});
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), `${await server.url()}?tab=dwells`);
  const choice = page.locator('#telescopes');
  assert.equal(await choice.isVisible(), false);
  await storePointings(place, [{ by: byHera, mjd: mjd + 0.002, raDeg: 250, decDeg: -30.72 }]);
  await choice.waitFor();
  assert.equal(await choice.locator('select').inputValue(), 'DSA-110');
  await waitFor('one observation', async () => /^1 /.test(await textOf(page, '#selection')));
  assert.match(await textOf(page, '#sentence'), /Dec \+16\.24°/);
  await waitFor('its dwell alone', async () => (await page.locator('#panel-dwells tbody tr').count()) === 1);
});

test(
  'rows that came before the first answer told the telescope do not stay mixed',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    await storePointings(place, twentyOfEach());
    writeStatus(place.statusFile, {});
    let fails = true;
    const { page } = await openPage(
      await openBrowser(t),
      `${await new Server(t, place).url()}?tab=dwells`,
      {},
      async (page) => {
        await page.clock.install();
        await failWhile(page, '**/api/pointing/latest*', () => fails);
      },
    );
    const dwells = () => page.locator('#panel-dwells tbody tr').count();
    await waitFor('those of both', async () => (await dwells()) > 1);
    fails = false;
    await page.clock.runFor(20_000);
    await waitFor('one dwell of HERA', async () => (await dwells()) === 1);
  },
);

test('a telescope that has another name now is followed under that', needs('browser'), async (t) => {
  const place = workspace(t);
  const mjd = now() - 0.01;
  await storePointings(place, [
    { by: byDsa110, mjd, raDeg: 100, decDeg: 16.24 },
    { by: byHera, mjd: mjd + 0.002, raDeg: 250, decDeg: -30.72 },
  ]);
  writeStatus(place.statusFile, {});
  const { page } = await openPage(await openBrowser(t), await new Server(t, place).url());
  const choice = page.locator('#telescopes select');
  assert.equal(await choice.inputValue(), 'HERA');
  const database = new Database(place.productsDb);
  database.exec(`UPDATE pointing_instruments SET name = 'HERA 350' WHERE name = 'HERA'`);
  database.close();
  await storePointings(place, [{ by: byDsa110, mjd: mjd + 0.001, raDeg: 100, decDeg: 16.24 }]);
  await waitFor('the new name', async () => (await choice.inputValue()) === 'HERA 350');
  await waitFor('its sentence', async () => /Dec −30\.72°/.test(await textOf(page, '#sentence')));
});

for (const [name, gone, left] of [
  ['HERA', byHera, byDsa110],
  // Which the server knows without an observation.
  ['DSA-110', byDsa110, byHera],
] as const)
  test(`${name}, gone from the database, is left for another telescope`, needs('browser'), async (t) => {
    const place = workspace(t);
    const mjd = now() - 0.01;
    await storePointings(place, [
      { by: left, mjd, decDeg: 10 },
      { by: gone, mjd: mjd + 0.001, decDeg: -10 },
    ]);
    writeStatus(place.statusFile, {});
    const { page } = await openPage(await openBrowser(t), await new Server(t, place).url(), {}, (page) =>
      page.clock.install(),
    );
    assert.equal(await page.locator('#telescopes select').inputValue(), name);
    const other = workspace(t);
    await storePointings(other, [{ by: left, mjd: mjd + 0.002, decDeg: 20 }]);
    renameSync(other.productsDb, place.productsDb);
    await passTime(page, 16_000);
    await waitForText('the sentence', () => textOf(page, '#sentence'), /Dec \+20\.00°/, 10);
    await waitForText('its row', () => textOf(page, '#selection'), /^1 observation$/, 10);
  });
