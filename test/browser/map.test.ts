import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { galacticOfIcrs } from '#src/sky/galactic.js';
import { angularSeparationDeg } from '#src/sky/separation.js';
import { degrees } from '#src/units.js';
import { utc } from '#web/format.js';
import { openBrowser, openPage } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, now, rowsFrom, Server, writeStatus } from '../helpers/server.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** A page with a day of rows at one declination, the last of them just now or some days ago. */
/** However often it is asked for, so that two pictures can be the same. */
async function holdSky(page: Page): Promise<void> {
  let sky: Promise<Buffer> | undefined;
  await page.route('**/api/pointing/sky*', async (route) => {
    sky ??= route.fetch().then((answer) => answer.body());
    await route.fulfill({ contentType: 'application/json', body: await sky });
  });
}

async function mapPage(t: TestContext, daysAgo = 0) {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - daysAgo - (280 * 309) / 86_400, 280, 54.57));
  writeStatus(place.statusFile, {});
  const server = new Server(t, place);
  const { page } = await openPage(await openBrowser(t), await server.url(), {}, holdSky);
  await waitFor('the sky', async () => (await picture(page)).unseen > 0);
  // With them the sentence above the map can take a second line.
  await page.locator('#transits > *').first().waitFor();
  const box = await page.locator('#map').boundingBox();
  assert.ok(box);
  return { page, box };
}

/** Moves the sky by hand until it rests: then the address has followed. */
async function byHand(page: Page, move: () => Promise<void>): Promise<void> {
  const before = page.url();
  await move();
  await waitFor('the sky at rest', () => page.url() !== before);
}

const afterFrame = (page: Page) =>
  page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => done(true))));

/** Hides a layer and shows it again. */
async function redraw(page: Page, layer: string): Promise<{ without: string; after: string }> {
  await page.locator(`#legend [data-layer="${layer}"]`).focus();
  await page.keyboard.press('Space');
  await afterFrame(page);
  const without = (await picture(page)).url;
  await page.keyboard.press('Space');
  await afterFrame(page);
  return { without, after: (await picture(page)).url };
}

interface Position {
  readonly raDeg: number;
  readonly decDeg: number;
  readonly lDeg: number;
  readonly bDeg: number;
}

/** What the read-out says. */
async function position(page: Page): Promise<Position> {
  const text = (await page.locator('#map-position').innerText()).replaceAll('−', '-');
  const match = /RA (\d+)h (\d+)m (\d+)s Dec ([+-])(\d+)° (\d+)′ (\d+)″ · l ([\d.]+)° b ([+-]?[\d.]+)°/.exec(
    text,
  );
  assert.ok(match, text);
  const sexagesimal = (first: number) =>
    Number(match[first]) + Number(match[first + 1]) / 60 + Number(match[first + 2]) / 3600;
  return {
    raDeg: 15 * sexagesimal(1),
    decDeg: Number(`${match[4]}1`) * sexagesimal(5),
    lDeg: Number(match[8]),
    bDeg: Number(match[9]),
  };
}

const apartDeg = (a: Position, b: Position) =>
  angularSeparationDeg(degrees(a.raDeg), degrees(a.decDeg), degrees(b.raDeg), degrees(b.decDeg));

/** Of the map: how many pixels have the colour of these, and how far those of the beam extend. */
const picture = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.getElementById('map') as unknown as {
      width: number;
      height: number;
      toDataURL(): string;
      getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } };
    };
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const style = getComputedStyle(document.documentElement as never);
    const pixelsOf = (name: string) => {
      const value = Number.parseInt(style.getPropertyValue(`--${name}`).trim().slice(1), 16);
      const found: [number, number][] = [];
      for (let i = 0; i < data.length; i += 4)
        if (((data[i] as number) << 16) + ((data[i + 1] as number) << 8) + (data[i + 2] as number) === value)
          found.push([(i / 4) % canvas.width, Math.floor(i / 4 / canvas.width)]);
      return found;
    };
    const beam = pixelsOf('accent');
    const extent = (k: 0 | 1) =>
      Math.max(...beam.map((pixel) => pixel[k])) - Math.min(...beam.map((pixel) => pixel[k]));
    return {
      url: canvas.toDataURL(),
      address: location.href,
      unseen: pixelsOf('unseen').length,
      skyShare: pixelsOf('sky').length / (canvas.width * canvas.height),
      beam: [extent(0), extent(1)] as const,
    };
  });

test(
  'the read-out agrees with the server on galactic coordinates, and is empty beside the sky',
  needs('browser'),
  async (t) => {
    const { page, box } = await mapPage(t);
    for (const [x, y] of [
      [0.5, 0.5],
      [0.2, 0.5],
      [0.7, 0.3],
      [0.6, 0.8],
    ] as const) {
      await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
      const { raDeg, decDeg, lDeg, bDeg } = await position(page);
      const galactic = galacticOfIcrs(raDeg, decDeg);
      const offDeg = angularSeparationDeg(degrees(lDeg), degrees(bDeg), galactic.lDeg, galactic.bDeg);
      assert.ok(offDeg < 0.012, `${offDeg} degrees off`);
    }
    await page.mouse.move(box.x + 3, box.y + 3);
    assert.equal(await page.locator('#map-position').innerText(), '');
  },
);

test('what is under the mouse stays there while zooming and turning', needs('browser'), async (t) => {
  const { page, box } = await mapPage(t);
  const at = { x: box.x + box.width * 0.62, y: box.y + box.height * 0.36 };
  await page.mouse.move(at.x, at.y);
  const before = await position(page);
  await byHand(page, async () => {
    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -200);
  });
  assert.ok(apartDeg(before, await position(page)) < 0.5);
  await byHand(page, async () => {
    await page.mouse.down();
    await page.mouse.move(at.x - 150, at.y + 90, { steps: 5 });
    await page.mouse.up();
  });
  assert.ok(apartDeg(before, await position(page)) < 0.5);
});

test('keys turn, zoom, and go to the telescope, whose beam is a circle', needs('browser'), async (t) => {
  const { page } = await mapPage(t);
  const map = page.locator('#map');
  assert.equal(await map.getAttribute('role'), 'application');
  assert.match((await map.getAttribute('aria-label')) ?? '', /Arrow keys turn.*T goes to the telescope/);
  const whole = await picture(page);
  await map.focus();
  await page.keyboard.press('t');
  const telescope = await position(page);
  assert.ok(Math.abs(telescope.decDeg - 54.57) < 0.3, `${telescope.decDeg}`);
  for (let i = 0; i < 3; i++) await page.keyboard.press('+');
  await waitFor('a round beam', async () => {
    const [width, height] = (await picture(page)).beam;
    return width > 150 && Math.abs(width / height - 1) < 0.02;
  });
  await page.keyboard.press('ArrowLeft');
  const east = await position(page);
  assert.match(await page.locator('#map-said').innerText(), /^Centre RA .* degrees across$/);
  assert.ok(((east.raDeg - telescope.raDeg + 540) % 360) - 180 > 0.5);
  await page.keyboard.press('ArrowUp');
  assert.ok((await position(page)).decDeg > east.decDeg + 0.5);
  await page.keyboard.press('0');
  assert.equal(await page.locator('#map-position').innerText(), '');
  await waitFor('the whole sky', async () => (await picture(page)).unseen === whole.unseen);
});

test(
  'turned by hand, the sky has less detail until it rests, then as much as ever',
  needs('browser'),
  async (t) => {
    // The place of a telescope that has stopped does not change.
    const { page, box } = await mapPage(t, 3);
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    const moving = await waitFor('a picture before the sky rests', async () => {
      const before = await picture(page);
      await page.mouse.move(++at.x, at.y);
      await afterFrame(page);
      const after = await picture(page);
      return after.address === before.address && after;
    });
    await waitFor('the sky at rest', async () => (await picture(page)).address !== moving.address);
    await afterFrame(page);
    const rested = await picture(page);
    assert.ok(rested.url !== moving.url, 'the same with less detail');
    await page.mouse.up();
    assert.ok((await redraw(page, 'sun')).after === rested.url, 'a setting draws another picture');
  },
);

test('the whole sky ends below where nothing rises', needs('browser'), async (t) => {
  const { page, box } = await mapPage(t);
  let y = box.y + box.height;
  const readout = page.locator('#map-position');
  do await page.mouse.move(box.x + box.width / 2, --y);
  while ((await readout.innerText()) === '' && y > box.y);
  const { decDeg } = await position(page);
  // OVRO lies at +37.23: nothing below -52.77 rises, and that parallel meets the ellipse's edge at the canvas's.
  assert.ok(decDeg > -80 && decDeg < -52.77, `${decDeg}`);
});

test('where nothing was observed, there is sky', needs('browser'), async (t) => {
  const { page } = await mapPage(t);
  await page.goto(`${page.url()}?map=30,-20,15`);
  await waitFor('the sky', async () => (await picture(page)).skyShare > 0.9);
});

test('every layer can be hidden and shown again', needs('browser'), async (t) => {
  const { page } = await mapPage(t);
  const layers = await page.locator('#legend [data-layer]').all();
  assert.equal(layers.length, 10);
  for (const layer of layers) {
    const name = (await layer.getAttribute('data-layer')) as string;
    await waitFor(`a picture without ${name} and the same with it`, async () => {
      const before = (await picture(page)).url;
      const { without, after } = await redraw(page, name);
      return without !== before && after === before;
    });
  }
});

test('colours follow the theme, forced colours, and paper', needs('browser'), async (t) => {
  const { page } = await mapPage(t);
  const centre = () =>
    page.evaluate(() => {
      const canvas = document.getElementById('map') as never as { width: number; height: number };
      const context = (canvas as never as { getContext(kind: '2d'): never }).getContext('2d') as {
        getImageData(...box: number[]): { data: number[] };
      };
      // Between the lines of the graticule.
      return [...context.getImageData(canvas.width / 2 + 9, canvas.height * 0.7, 1, 1).data.slice(0, 3)];
    });
  const isDark = async () => (await centre()).every((value) => value < 60);
  await page.emulateMedia({ colorScheme: 'dark' });
  await waitFor('a dark sky', isDark);
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  await waitFor('a light sky on paper', async () => (await centre()).every((value) => value > 240));
  await page.emulateMedia({ colorScheme: 'dark', media: 'screen', forcedColors: 'active' });
  await waitFor('the system’s colours', async () => {
    const canvasColour = await page.evaluate(() => {
      const probe = document.createElement('i') as never as { style: { color: string }; remove(): void };
      probe.style.color = 'Canvas';
      (document.body as never as { append(node: unknown): void }).append(probe);
      const { color } = getComputedStyle(probe as never);
      probe.remove();
      return color;
    });
    return canvasColour === `rgb(${(await centre()).join(', ')})`;
  });
});

test('every dot has a rim of sky at rest, also on the smallest map', needs('browser'), async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(now() - 0.2, 50, 54.57));
  const record = (page: Page) =>
    page.addInitScript(() => {
      // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without the browser's types
      const { CanvasRenderingContext2D, document } = globalThis as any;
      const { rect, clip } = CanvasRenderingContext2D.prototype;
      const state = globalThis as unknown as { squares: (readonly [string, number, number, number])[] };
      state.squares = [];
      const isMap = (canvas: unknown) => canvas === document.getElementById('map');
      CanvasRenderingContext2D.prototype.rect = function (
        x: number,
        y: number,
        width: number,
        height: number,
      ) {
        if (isMap(this.canvas) && width === height) state.squares.push([this.fillStyle, x, y, width]);
        rect.call(this, x, y, width, height);
      };
      // Each picture begins with it.
      CanvasRenderingContext2D.prototype.clip = function (...rest: unknown[]) {
        if (isMap(this.canvas)) state.squares = [];
        clip.apply(this, rest);
      };
    });
  const url = await new Server(t, place).url();
  for (const width of [390, 1280]) {
    const { page } = await openPage(await openBrowser(t), url, { viewport: { width, height: 844 } }, record);
    const { squares, sky } = await waitFor('the dots', () =>
      page.evaluate(() => {
        const { squares } = globalThis as unknown as {
          squares: (readonly [string, number, number, number])[];
        };
        const sky = getComputedStyle(document.documentElement as never)
          .getPropertyValue('--sky')
          .trim();
        return squares.length > 0 && { squares, sky };
      }),
    );
    const rims = squares.filter(([style]) => style === sky);
    // Bright sources come after them.
    const dots = squares.filter(([style]) => style !== sky).slice(0, 50);
    assert.equal(rims.length, 50);
    for (const [i, [, x, y, size]] of dots.entries()) {
      const [, rimX, rimY, rimSize] = rims[i] as (typeof rims)[number];
      const sides = [x - rimX, y - rimY, rimX + rimSize - x - size, rimY + rimSize - y - size];
      assert.ok(Math.min(...sides) >= 1, `${width}: ${sides}`);
    }
    await page.context().close();
  }
});

test(
  'dots are of their rows when a row comes and the range leaves others behind',
  needs('browser'),
  async (t) => {
    const place = workspace(t);
    const minutesAgo = (minutes: number) => now() - minutes / 1440;
    // In the middle of the map, whatever the frame.
    const kept = { timestamp: minutesAgo(30), ra_deg: 180, dec_deg: 50 };
    fillHistory(place.productsDb, [...rowsFrom(minutesAgo(59), 2, 54.57), kept]);
    writeStatus(place.statusFile, {});
    const url = `${await new Server(t, place).url()}?range=1h`;
    const { page, complaints } = await openPage(await openBrowser(t), url, {}, undefined, '1h');
    assert.equal(await page.locator('#selection').innerText(), '3 observations');
    // By a machine whose clock is ahead, so that the range moves on at once.
    const added = { timestamp: minutesAgo(-10), ra_deg: 180, dec_deg: 30 };
    fillHistory(place.productsDb, [added]);
    await waitForText('the range', () => page.locator('#selection').innerText(), /^2 observations$/);

    const box = await page.locator('#map').boundingBox();
    assert.ok(box);
    for (const { timestamp, dec_deg } of [kept, added]) {
      const tip = await waitFor(`the dot at ${dec_deg}°`, async () => {
        for (let y = 0.05; y < 0.6; y += 0.01) {
          await page.mouse.move(box.x + box.width / 2, box.y + box.height * y);
          const words = await page.locator('#tip').innerText();
          if (words.includes(`Apparent 12h 00m 00.0s +${dec_deg}.000°`)) return words;
        }
        return undefined;
      });
      assert.match(tip, new RegExp(`^${utc(timestamp)} UTC`));
    }
    await page.mouse.down();
    await page.mouse.up();
    await waitForText(
      'its panel',
      () => page.locator('#observation-title').innerText(),
      new RegExp(utc(added.timestamp)),
    );
    assert.deepEqual(complaints, []);
  },
);

test('a button goes to the telescope', needs('browser'), async (t) => {
  const { page } = await mapPage(t);
  await page.click('#zoom-telescope');
  await waitFor('its field', () => {
    const [, decDeg = 0, fieldDeg = 360] =
      new URL(page.url()).searchParams.get('map')?.split(',').map(Number) ?? [];
    return fieldDeg === 40 && Math.abs(decDeg - 54.57) < 0.3;
  });
});

test('a bright source opens by its mark on the map, and by its crossing', needs('browser'), async (t) => {
  const place = workspace(t);
  // Cas A follows in two hours.
  fillHistory(place.productsDb, [{ timestamp: now() - 0.002, ra_deg: 320, dec_deg: 58.8 }]);
  writeStatus(place.statusFile, {});
  const url = await new Server(t, place).url();
  const { page } = await openPage(await openBrowser(t), `${url}?map=350.85,58.815,20`);
  const heading = page.locator('#panel-search h3');
  const box = await page.locator('#map').boundingBox();
  assert.ok(box);
  const tip = page.locator('#tip');
  await waitFor('the source under the mouse', async () => {
    for (let y = 0.4; y < 0.6; y += 0.01) {
      await page.mouse.move(box.x + box.width / 2, box.y + box.height * y);
      if ((await tip.isVisible()) && (await tip.innerText()).startsWith('Cas A (3C461)')) return true;
    }
    return false;
  });
  await page.mouse.down();
  await page.mouse.up();
  await waitFor('what is known of it', async () => (await heading.innerText()) === 'Cas A');
  assert.equal(new URL(page.url()).searchParams.get('find'), 'Cas A');

  await page.fill('#search-text', '3C286');
  await page.press('#search-text', 'Enter');
  await waitFor('another source', async () => (await heading.innerText()) === '3C286');
  await page.click('#tab-meridian');
  await page.locator('#panel-meridian').getByRole('link', { name: 'Cas A', exact: true }).click();
  await waitFor('it again', async () => (await heading.innerText()) === 'Cas A');
});
