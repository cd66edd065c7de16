import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

async function exported(page: Page, kind: 'png' | 'svg'): Promise<Buffer> {
  await page.click('#export-button');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`#${kind}`)]);
  await page.keyboard.press('Escape');
  return readFileSync(await download.path());
}

const dataUrl = (content: string | Buffer, type: string) =>
  `data:${type};base64,${Buffer.from(content as string).toString('base64')}`;

/** Of two images, reduced so far that letters a pixel apart are the same: the share of pixels that differ. */
const difference = (page: Page, images: readonly [string, string]): Promise<number> =>
  page.evaluate(async (urls) => {
    const drawn = (image: CanvasImageSource, width: number, height: number) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, width, height);
      return { canvas, data: context.getImageData(0, 0, width, height) };
    };
    const [a, b] = await Promise.all(
      urls.map(async (src) => {
        const image = Object.assign(new Image(), { src });
        await image.decode();
        // Shapes are only drawn at the size that is asked for.
        const { canvas } = drawn(image, image.width, image.height);
        return drawn(canvas, Math.floor(image.width / 4), Math.floor(image.height / 4)).data;
      }),
    );
    if (!a || !b || a.width !== b.width || a.height !== b.height) return 1;
    const differs = (i: number) => Math.abs((a.data[i] as number) - (b.data[i] as number)) > 40;
    const pixels = Array.from({ length: a.width * a.height }, (_, i) => 4 * i);
    return pixels.filter((i) => differs(i) || differs(i + 1) || differs(i + 2)).length / pixels.length;
  }, images);

test('the SVG has shapes and text, no pixels, and looks as the PNG does', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, [...rowsFrom(now() - 3, 280, 16.24), ...rowsFrom(now() - 1, 280, 54.57)]);
  writeStatus(place.statusFile, {});
  const server = new Server(t, place);
  const { page, complaints } = await openPage(
    await openBrowser(t),
    `${await server.url()}?layers=heat,trail,calibrators,sources,galaxy,sun,moon,unseen,path,radio`,
  );
  await page.waitForLoadState('networkidle');
  const svg = String(await exported(page, 'svg'));
  const png = await exported(page, 'png');

  const found = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'image/svg+xml');
    const all = (selector: string) => [...document.querySelectorAll(selector)];
    const style = getComputedStyle(globalThis.document.documentElement);
    const stroked = (name: string) =>
      all(`path[stroke="${style.getPropertyValue(`--${name}`).trim()}"]`).length;
    return {
      errors: all('parsererror').length,
      images: all('image').length,
      texts: all('text').map(({ textContent }) => textContent ?? ''),
      graticule: stroked('graticule'),
      beam: stroked('accent'),
      radioSky: all(`path[fill="${style.getPropertyValue('--radio-4').trim()}"]`).length,
      fills: new Set(all('path').map((path) => path.getAttribute('fill'))).size,
    };
  }, svg);
  assert.deepEqual([found.errors, found.images], [0, 0]);
  for (const words of ['+60°', '12h', 'Cas A', 'Sun', 'Galactic centre'])
    assert.ok(found.texts.includes(words), words);
  const caption = found.texts.join(' ');
  assert.match(
    caption,
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to .* UTC; 560 observations\. ICRS, equal area, the whole sky, .* Calibrators ≥ 5 Jy at 1\.4 GHz\. Made .* UTC\./,
  );
  assert.match(caption, /time in the beam: < 10 min 10–30 min .* radio sky \(smooth model\)/);
  assert.ok(
    found.graticule === 1 && found.radioSky > 0 && found.beam > 1 && found.fills > 20,
    JSON.stringify(found),
  );
  assert.doesNotMatch(svg, /NaN|undefined|color-mix/);
  assert.ok(svg.length < 1_000_000, `${svg.length} bytes`);

  const [vector, pixels] = [dataUrl(svg, 'image/svg+xml'), dataUrl(png, 'image/png')];
  const differing = await difference(page, [vector, pixels]);
  const withoutText = await difference(page, [
    dataUrl(svg.replaceAll(/<text.*?<\/text>/g, ''), 'image/svg+xml'),
    pixels,
  ]);
  assert.ok(differing < 0.01 && withoutText > 0.02, `${differing}; without text ${withoutText}`);
  assert.deepEqual(complaints, []);
});
