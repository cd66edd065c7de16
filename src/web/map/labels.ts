import { colour } from '../colours.js';
import type { Place, SkyProjection } from './projection.js';

const GAP_PX = 3;
const LINE_HEIGHT = 1.3;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Align = 'left' | 'right' | 'center';

interface Label {
  readonly text: string;
  readonly colourName: string;
  /** Where it may stand, the best first. */
  readonly places: readonly (Place & { readonly align: Align })[];
}

/** Text on the map, beside all marks. What comes first takes its place; what would cover it is left out. */
export class Labels {
  readonly #context: CanvasRenderingContext2D;
  readonly #width: number;
  readonly #font: string;
  readonly #halfLinePx: number;
  readonly #taken: Box[] = [];
  readonly #labels: Label[] = [];

  constructor(context: CanvasRenderingContext2D, { width, fontPx }: SkyProjection) {
    this.#context = context;
    this.#width = width;
    this.#font = `${fontPx}px ${colour('font')}`;
    this.#halfLinePx = (fontPx * LINE_HEIGHT) / 2;
  }

  /** Keeps text away from a mark. */
  keepFree({ x, y }: Place, radiusPx: number): void {
    this.#taken.push({ left: x - radiusPx, right: x + radiusPx, top: y - radiusPx, bottom: y + radiusPx });
  }

  /** The name of a mark: to its right, else to its left, above or below. */
  addBeside(text: string, { x, y }: Place, distancePx: number, colourName: string): void {
    const places = [
      { x: x + distancePx, y, align: 'left' },
      { x: x - distancePx, y, align: 'right' },
      { x, y: y - distancePx - this.#halfLinePx, align: 'center' },
      { x, y: y + distancePx + this.#halfLinePx, align: 'center' },
    ] as const;
    this.#labels.push({ text, colourName, places });
  }

  /** Text that begins or ends at a place, or is centred on it. */
  add(text: string, { x, y }: Place, align: Align, colourName: string): void {
    this.#labels.push({ text, colourName, places: [{ x, y, align }] });
  }

  /** With a rim of the sky's colour, so that it can be read on anything. */
  draw(): void {
    const context = this.#context;
    context.font = this.#font;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 3;
    context.strokeStyle = colour('sky');
    const fitting = this.#labels.flatMap((label) => this.#placed(label) ?? []);
    for (const { text, x, y } of fitting) context.strokeText(text, x, y);
    for (const { text, x, y, colourName } of fitting) {
      context.fillStyle = colour(colourName);
      context.fillText(text, x, y);
    }
  }

  /** With its left edge; undefined where no place is free. */
  #placed({ text, colourName, places }: Label) {
    const { width } = this.#context.measureText(text);
    for (const { x, y, align } of places) {
      const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
      const box = { left, right: left + width, top: y - this.#halfLinePx, bottom: y + this.#halfLinePx };
      if (left < 0 || box.right > this.#width || this.#taken.some((other) => overlaps(box, other))) continue;
      this.#taken.push(box);
      return { text, x: left, y, colourName };
    }
    return undefined;
  }
}

const overlaps = (a: Box, b: Box) =>
  a.left < b.right + GAP_PX && b.left < a.right + GAP_PX && a.top < b.bottom && b.top < a.bottom;
