import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { openBrowser, openPage, openTabs } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, recordFiles, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** Of a part of the page, or of all of it. */
async function findings(page: Page, part = 'html'): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(`axe.run('${part}')`)) as AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, whatever is open: ${colorScheme}`, needs('browser'), async (t) => {
    const place = workspace(t);
    fillHistory(place.productsDb, [...rowsFrom(now() - 0.3, 40, 54.57), ...rowsFrom(now() - 0.1, 25, 16.24)]);
    await recordFiles(place.productsDb, [
      { path: '/in/bad.hdf5', error: { code: 'not_hdf5', message: 'no signature' } },
    ]);
    writeStatus(place.statusFile, { healthy: false, issues: ['the disk is full'], warnings: ['look'] });
    const server = new Server(t, place);
    const { page } = await openPage(await openBrowser(t), await server.url(), { colorScheme });
    const fades = () => page.evaluate(() => document.getAnimations().length > 0);
    await waitFor('the end of fading', async () => !(await fades()));
    assert.deepEqual(await findings(page), []);
    for await (const name of openTabs(page)) {
      assert.deepEqual(await findings(page, '#tabs'), [], name);
    }
    await page.click('#export-button');
    assert.deepEqual(await findings(page, '#export'), [], 'the exports');
    await page.keyboard.press('Escape');
    await page.click('#recent a');
    await page.locator('#observation[open]').waitFor();
    assert.deepEqual(await findings(page, '#observation'), [], 'the side panel');
    await page.goto(`${await server.url()}?kiosk`);
    await page.locator('.wall-plot canvas').first().waitFor();
    assert.deepEqual(await findings(page), [], 'on the wall');
  });
}

test('what a thumb has to hit on a phone is 44 px high', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 0.3, 80, 54.57));
  writeStatus(place.statusFile, {});
  const { page } = await openPage(await openBrowser(t), `${await new Server(t, place).url()}?tab=calendar`, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const small = async (selector: string) => {
    await page.locator(selector).first().waitFor();
    return page
      .locator(selector)
      .evaluateAll((all) =>
        (all as unknown as HTMLElement[])
          .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 44)
          .map(({ outerHTML }) => outerHTML.slice(0, 120)),
      );
  };
  for (const selector of [
    'main a',
    '#panel-calendar [role=rowheader] a',
    '#controls :is(button, select)',
    '[role=tab]',
    '.zoom button',
    '#legend label',
    '#search-text',
    'nav :is(#times, #theme, a)',
    'summary',
  ])
    assert.deepEqual(await small(selector), [], selector);
  const summary = page.locator('#monitor-line');
  assert.equal(await summary.evaluate((each) => getComputedStyle(each as never).display), 'list-item');
  await page.click('#export-button');
  assert.deepEqual(await small('#export :is(a, button)'), []);
  await page.keyboard.press('Escape');
  await page.locator('#recent a').nth(1).click();
  await page.locator('#observation[open]').waitFor();
  assert.deepEqual(await small('#observation :is(a, button)'), []);
});

test('less motion, forced colours and paper are respected', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 0.3, 40, 54.57));
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url());
  await page.locator('#panel-coverage tbody tr').first().waitFor();
  const styleOf = (selector: string, property: string, pseudo?: string) =>
    page
      .locator(selector)
      .evaluate(
        (each, [name, part]) => getComputedStyle(each as never, part).getPropertyValue(name as string),
        [property, pseudo] as const,
      );
  await page.evaluate(() => document.body.toggleAttribute('data-loading', true));
  const moves = async () => (await styleOf('#progress', 'animation-name', '::before')) !== 'none';
  assert.equal(await moves(), true);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  assert.equal(await moves(), false);
  assert.equal(await styleOf('.stage', 'transition-duration'), '0s');
  await page.evaluate(() => document.body.toggleAttribute('data-loading', false));

  await page.emulateMedia({ forcedColors: 'active' });
  const underline = (tab: string) => styleOf(`#tab-${tab}`, 'border-bottom-color');
  assert.notEqual(await underline('coverage'), await underline('calendar'));
  assert.equal(await underline('calendar'), await styleOf('body', 'background-color'));

  // Else the system would paint them in the colour of the page.
  for (const selector of ['#dec-plot .u-select', '#progress'])
    await waitFor(selector, async () => (await styleOf(selector, 'forced-color-adjust')) === 'none');

  await page.emulateMedia({ forcedColors: 'none', media: 'print' });
  for (const [selector, isPrinted] of [
    ['#controls', false],
    ['#search', false],
    ['[role=tablist]', false],
    ['.zoom', false],
    ['#sentence', true],
    ['#map', true],
    ['#dec-plot canvas', true],
    ['#panel-coverage', true],
  ] as const)
    assert.equal(await page.locator(selector).isVisible(), isPrinted, selector);
});
