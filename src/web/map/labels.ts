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

/** Text on the map. What comes first takes its place; what would cover it is left out. */
export class Labels {
  readonly #context: CanvasRenderingContext2D;
  readonly #width: number;
  readonly #font: string;
  readonly #halfLinePx: number;
  readonly #taken: Box[] = [];
  readonly #texts: {
    readonly text: string;
    readonly x: number;
    readonly y: number;
    readonly colourName: string;
  }[] = [];

  constructor(context: CanvasRenderingContext2D, { width, fontPx }: SkyProjection) {
    this.#context = context;
    this.#width = width;
    this.#font = `${fontPx}px ${colour('font')}`;
    this.#halfLinePx = (fontPx * LINE_HEIGHT) / 2;
    context.font = this.#font;
  }

  /** Keeps text away from a mark. */
  keepFree({ x, y }: Place, radiusPx: number): void {
    this.#taken.push({ left: x - radiusPx, right: x + radiusPx, top: y - radiusPx, bottom: y + radiusPx });
  }

  /** The name of a mark: to its right, else to its left. */
  addBeside(text: string, { x, y }: Place, distancePx: number, colourName: string): void {
    if (!this.add(text, { x: x + distancePx, y }, 'left', colourName))
      this.add(text, { x: x - distancePx, y }, 'right', colourName);
  }

  /** Text that begins or ends at a place, or is centred on it. False if it does not fit. */
  add(text: string, { x, y }: Place, align: 'left' | 'right' | 'center', colourName: string): boolean {
    const width = this.#context.measureText(text).width;
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
    const box = { left, right: left + width, top: y - this.#halfLinePx, bottom: y + this.#halfLinePx };
    if (left < 0 || left + width > this.#width) return false;
    if (this.#taken.some((other) => overlaps(box, other))) return false;
    this.#taken.push(box);
    this.#texts.push({ text, x: left, y, colourName });
    return true;
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
    for (const { text, x, y } of this.#texts) context.strokeText(text, x, y);
    for (const { text, x, y, colourName } of this.#texts) {
      context.fillStyle = colour(colourName);
      context.fillText(text, x, y);
    }
  }
}

const overlaps = (a: Box, b: Box) =>
  a.left < b.right + GAP_PX && b.left < a.right + GAP_PX && a.top < b.bottom && b.top < a.bottom;
