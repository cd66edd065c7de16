import { colour, family, font } from '../colours.js';
import { nowMjd } from '../data/clock.js';
import type { MjdSpan } from '../data/range.js';
import { byId } from '../element.js';
import { utc } from '../format.js';
import type { Context } from '../map/context.js';
import { legendOf } from '../map/legend.js';
import type { SkyMap } from '../map/sky-map.js';
import { WHOLE_SKY_DEG } from '../map/state.js';
import { SvgContext } from '../map/svg-context.js';

const [FONT_PX, LINE_PX, MARGIN_PX, SIGN_PX] = [12, 18, 10, 10];
/** Right of the left edge of a sign. */
const WORDS_FROM_PX = SIGN_PX + 5;

interface Sign {
  readonly words: string;
  readonly colourName: string;
  readonly x: number;
  readonly line: number;
}

/** The map as it is on the screen, and below it a caption: the range, what the colours mean, and when the picture was made. */
class Picture {
  readonly width: number;
  readonly height: number;
  readonly #map: SkyMap;
  readonly #lines: readonly string[];
  readonly #signs: readonly Sign[];

  constructor(map: SkyMap, span: MjdSpan) {
    const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
    context.font = font(FONT_PX);
    const widthOf = (text: string) => context.measureText(text).width;
    this.#map = map;
    this.width = map.width;
    this.#lines = wrapped(captionOf(map, span), map.width - 2 * MARGIN_PX, widthOf);
    this.#signs = signsOf(map, this.#lines.length, widthOf);
    this.height = map.height + ((this.#signs.at(-1)?.line ?? 0) + 1.5) * LINE_PX;
  }

  draw(context: Context): void {
    context.fillStyle = colour('card');
    context.fillRect(0, 0, this.width, this.height);
    this.#map.drawOn(context);
    const middleOf = (line: number) => this.#map.height + (line + 0.5) * LINE_PX;
    context.font = font(FONT_PX);
    context.textBaseline = 'middle';
    context.lineWidth = 1;
    context.strokeStyle = colour('control');
    for (const { colourName, x, line } of this.#signs) {
      context.beginPath();
      context.rect(x, middleOf(line) - SIGN_PX / 2, SIGN_PX, SIGN_PX);
      context.fillStyle = colour(colourName);
      context.fill();
      context.stroke();
    }
    context.fillStyle = colour('text');
    for (const [i, text] of this.#lines.entries()) context.fillText(text, MARGIN_PX, middleOf(i));
    for (const { words, x, line } of this.#signs) context.fillText(words, x + WORDS_FROM_PX, middleOf(line));
  }
}

function captionOf({ state: { view } }: SkyMap, { start, end }: MjdSpan): string {
  const across = view.fieldDeg < WHOLE_SKY_DEG ? `${view.fieldDeg.toFixed(0)}° across` : 'the whole sky';
  const { value, selectedOptions } = byId<HTMLSelectElement>('flux');
  const calibrators =
    view.layers.includes('calibrators') && value !== 'none'
      ? ` Calibrators ${selectedOptions[0]?.textContent} at 1.4 GHz.`
      : '';
  return `${byId('telescope').textContent}, ${utc(start)} to ${utc(end)} UTC; ${byId('selection').textContent}. ICRS, equal area, ${across}, right ascension grows to the left.${calibrators} Made ${utc(nowMjd())} UTC.`;
}

/** In lines of a width. */
function wrapped(text: string, widthPx: number, widthOf: (text: string) => number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (widthOf(longer) <= widthPx) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The legend, from a line of the caption on. */
function signsOf(
  { state: { view }, width }: SkyMap,
  line: number,
  widthOf: (text: string) => number,
): Sign[] {
  let x = MARGIN_PX;
  return legendOf(view.layers).map((sign) => {
    const signPx = WORDS_FROM_PX + widthOf(sign.words);
    if (x > MARGIN_PX && x + signPx > width - MARGIN_PX) [x, line] = [MARGIN_PX, line + 1];
    const placed = { ...sign, x, line };
    x += signPx + MARGIN_PX;
    return placed;
  });
}

export async function savePng(map: SkyMap, span: MjdSpan, name: string): Promise<void> {
  const picture = new Picture(map, span);
  const canvas = document.createElement('canvas');
  canvas.width = picture.width * devicePixelRatio;
  canvas.height = picture.height * devicePixelRatio;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.scale(devicePixelRatio, devicePixelRatio);
  picture.draw(context);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!blob) throw new Error('the browser cannot make a picture so large');
  save(blob, name);
}

export function saveSvg(map: SkyMap, span: MjdSpan, name: string): void {
  const picture = new Picture(map, span);
  const context = new SvgContext(picture.width, picture.height, family());
  picture.draw(context);
  save(new Blob([String(context)], { type: 'image/svg+xml' }), name);
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
