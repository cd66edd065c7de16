import { colour, rgb } from '../colours.js';
import type { Track } from '../data/track.js';
import { unitPosition, type View } from './projection.js';

const SHADES = 64;
const OPAQUE = 255 << 24;

/** One dot an observation, the newest brightest. Written as pixels: a hundred thousand take milliseconds. */
export class Points {
  #positions = new Float32Array(0);
  #projected = 0;
  #canvas = document.createElement('canvas');
  #shades = new Uint32Array(SHADES);

  clear(): void {
    this.#projected = 0;
  }

  /** Projects the rows that are new since the last time. */
  project(track: Track): void {
    if (this.#positions.length < track.count * 2) {
      const larger = new Float32Array(track.count * 3);
      larger.set(this.#positions.subarray(0, this.#projected * 2));
      this.#positions = larger;
    }
    for (let i = this.#projected; i < track.count; i++) {
      const raDeg = track.raIcrsDeg(i);
      this.#positions.set(
        Number.isNaN(raDeg) ? [Number.NaN, Number.NaN] : unitPosition(raDeg, track.decIcrsDeg(i)),
        i * 2,
      );
    }
    this.#projected = track.count;
  }

  recolour(): void {
    const [old, young] = [rgb(colour('trail-old')), rgb(colour('trail-new'))];
    this.#shades = Uint32Array.from({ length: SHADES }, (_, i) => {
      const [r, g, b] = old.map((value, k) =>
        Math.round(value + (((young[k] as number) - value) * i) / (SHADES - 1)),
      ) as [number, number, number];
      return (OPAQUE | (b << 16) | (g << 8) | r) >>> 0;
    });
  }

  /** Draws the rows from one index up to another. The view is in device pixels. */
  draw(context: CanvasRenderingContext2D, view: View, from: number, to: number, sizePx: number): void {
    const { width, height, scale, x, y } = view;
    if (to <= from || width < 1 || height < 1) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    const layer = this.#canvas.getContext('2d') as CanvasRenderingContext2D;
    const image = layer.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const half = sizePx >> 1;
    for (let i = from; i < to; i++) {
      const left = Math.round(x + scale * (this.#positions[i * 2] as number)) - half;
      const top = Math.round(y + scale * (this.#positions[i * 2 + 1] as number)) - half;
      // Also false for NaN.
      if (!(left >= 0 && top >= 0 && left + sizePx <= width && top + sizePx <= height)) continue;
      const shade = this.#shades[Math.floor(((i - from) / (to - from)) * SHADES)] as number;
      for (let row = 0; row < sizePx; row++) {
        const start = (top + row) * width + left;
        for (let column = 0; column < sizePx; column++) pixels[start + column] = shade;
      }
    }
    layer.putImageData(image, 0, 0);
    context.drawImage(this.#canvas, 0, 0);
  }

  /** The row nearest to a place, within a distance; all in device pixels. */
  nearest(
    view: View,
    px: number,
    py: number,
    from: number,
    to: number,
    withinPx: number,
  ): number | undefined {
    let best: number | undefined;
    let least = withinPx ** 2;
    for (let i = from; i < to; i++) {
      const dx = view.x + view.scale * (this.#positions[i * 2] as number) - px;
      const dy = view.y + view.scale * (this.#positions[i * 2 + 1] as number) - py;
      const distance = dx * dx + dy * dy;
      // Of several rows at one place the newest counts.
      if (distance <= least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }
}
