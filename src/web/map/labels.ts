import { colour, font } from '../colours.js';
import type { Context } from './context.js';
import { type Anchor, anchorsBeside, type Box, placed, type Wanted } from './placement.js';
import type { Place, SkyProjection } from './projection.js';

const LINE_HEIGHT = 1.3;
/** Of the height of a letter. */
const RIM = 0.28;

/** What has labels, the most important first, and the colours in styles/theme.css. */
const KINDS = {
  mark: 'text',
  sun: 'sun',
  moon: 'moon',
  grid: 'label',
  source: 'source',
  galaxy: 'galaxy',
  path: 'accent',
  calibrator: 'calibrator',
};
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS);

interface Label extends Wanted {
  readonly kind: Kind;
  readonly words: string;
}

/** Text on the map, beside all marks. If there is no room for all, the least important are left out. */
export class Labels {
  readonly #context: Context;
  readonly #view: Box;
  readonly #font: string;
  readonly #linePx: number;
  readonly #rimPx: number;
  readonly #keptFree: Box[] = [];
  readonly #labels: Label[] = [];

  constructor(context: Context, { width, top, bottom, fontPx }: SkyProjection) {
    this.#context = context;
    this.#view = { left: 0, right: width, top, bottom };
    this.#font = font(fontPx);
    this.#linePx = fontPx * LINE_HEIGHT;
    this.#rimPx = fontPx * RIM;
  }

  /** Keeps text away from a mark. */
  keepFree({ x, y }: Place, radiusPx: number): void {
    this.#keptFree.push({ left: x - radiusPx, right: x + radiusPx, top: y - radiusPx, bottom: y + radiusPx });
  }

  /** The name of a mark, on any side of it. Of one kind, the more important come first. */
  addBeside(kind: Kind, words: string, place: Place, distancePx: number): void {
    this.add(kind, words, ...anchorsBeside(place, distancePx, this.#linePx));
  }

  /** Text at one of these places, the best first. */
  add(kind: Kind, words: string, ...anchors: readonly Anchor[]): void {
    this.#labels.push({ kind, words, anchors, widthPx: widthOf(words, this.#font, this.#context) });
  }

  /** With a rim of the sky's colour, so that it can be read on anything. */
  draw(): void {
    const context = this.#context;
    const important = this.#labels.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
    const fitting = placed(important, this.#keptFree, this.#view, this.#linePx);
    context.font = this.#font;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = this.#rimPx;
    context.strokeStyle = colour('sky');
    for (const { text, box } of fitting) {
      const y = (box.top + box.bottom) / 2;
      context.fillStyle = colour(KINDS[text.kind]);
      context.strokeText(text.words, box.left, y);
      context.fillText(text.words, box.left, y);
    }
  }
}

/** Measuring costs more than drawing. */
const measured = { font: '', widths: new Map<string, number>() };

function widthOf(words: string, font: string, context: Context): number {
  if (font !== measured.font) {
    measured.font = font;
    measured.widths.clear();
  }
  let widthPx = measured.widths.get(words);
  if (widthPx === undefined) {
    context.font = font;
    widthPx = context.measureText(words).width;
    measured.widths.set(words, widthPx);
  }
  return widthPx;
}
