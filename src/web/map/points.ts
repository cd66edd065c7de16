import { colour, mixed } from '../colours.js';
import type { Track } from '../data/track.js';
import { BEAM_RADIUS_DEG } from './heat.js';
import { type SkyProjection, vectorOf } from './projection.js';
import { clamp } from './state.js';

const SHADES = 16;
/** Of the width of the beam, so that its time shows beside the dots. */
const SIZE = 0.25;
const [LEAST_PX, MOST_PX] = [1, 4];

/** One dot an observation, the newest most distinct, each in a rim of the sky's colour. */
export class Points {
  #vectors = new Float32Array(0);
  #known = 0;
  #places = new Float32Array(0);
  #shown: readonly [from: number, to: number] = [0, 0];

  clear(): void {
    this.#known = 0;
  }

  /** Takes in the rows that are new since the last time. */
  add(track: Track): void {
    if (this.#vectors.length < track.count * 3) {
      const larger = new Float32Array(track.count * 4);
      larger.set(this.#vectors.subarray(0, this.#known * 3));
      this.#vectors = larger;
      this.#places = new Float32Array(track.count * 3);
    }
    for (let i = this.#known; i < track.count; i++)
      this.#vectors.set(vectorOf(track.raIcrsDeg(i), track.decIcrsDeg(i)), i * 3);
    this.#known = track.count;
  }

  /** Draws the rows from one index up to another, or only says where they would be. */
  draw(context: CanvasRenderingContext2D, projection: SkyProjection, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const at = i * 3;
      const [x, y, z] = [this.#vectors[at], this.#vectors[at + 1], this.#vectors[at + 2]];
      projection.project(x as number, y as number, z as number, this.#places, i * 2);
    }
    this.#shown = [from, to];
    const beamPx = (2 * BEAM_RADIUS_DEG * projection.scale * Math.PI) / 180;
    const sizePx = clamp(beamPx * SIZE, LEAST_PX, MOST_PX);
    this.#dots(context, from, to, sizePx + Math.min(2, sizePx), colour('sky'));
    for (let shade = 0; shade < SHADES; shade++) {
      const start = from + Math.floor(((to - from) * shade) / SHADES);
      const end = from + Math.floor(((to - from) * (shade + 1)) / SHADES);
      this.#dots(context, start, end, sizePx, mixed('trail-old', 'trail-new', shade / (SHADES - 1)));
    }
  }

  /** The row whose dot is nearest to a place on the page, within a distance. */
  nearest(x: number, y: number, withinPx: number): number | undefined {
    let best: number | undefined;
    let least = withinPx ** 2;
    const [from, to] = this.#shown;
    for (let i = from; i < to; i++) {
      const dx = (this.#places[i * 2] as number) - x;
      const dy = (this.#places[i * 2 + 1] as number) - y;
      const distance = dx * dx + dy * dy;
      // Of several rows at one place the newest counts.
      if (distance <= least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  #dots(context: CanvasRenderingContext2D, from: number, to: number, sizePx: number, style: string): void {
    context.fillStyle = style;
    for (let i = from; i < to; i++) {
      const x = this.#places[i * 2] as number;
      // NaN where it is out of sight.
      if (!Number.isNaN(x))
        context.fillRect(x - sizePx / 2, (this.#places[i * 2 + 1] as number) - sizePx / 2, sizePx, sizePx);
    }
  }
}
