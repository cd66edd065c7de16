import { RAD_PER_DEG } from 'pointing-monitor/units';
import { colour, mixed } from '../colours.js';
import { BEAM_RADIUS_DEG } from '../data/instrument.js';
import { Track } from '../data/track.js';
import type { Context } from './context.js';
import { type SkyProjection, vectorOf } from './projection.js';
import { clamp } from './state.js';

const SHADES = 16;
/** Of the width of the beam, so that its time shows beside the dots. */
const SIZE = 0.25;
const [MIN_PX, MAX_PX] = [1, 4];
const MAX_RIM_PX = 1;
/** A week has fewer. */
const FEW = 3000;

export interface FoundRow {
  readonly track: Track;
  readonly row: number;
}

/** One dot an observation, the newest most distinct, each in a rim of the sky's colour. */
export class Points {
  #track = new Track();
  #vectors = new Float32Array(0);
  #known = 0;
  #places = new Float32Array(0);
  /** What the places are of. */
  #drawn = { track: this.#track, from: 0, to: 0 };

  /** Takes in the rows of another track, or those that are new since the last time. */
  take(track: Track): void {
    if (track !== this.#track) this.#known = 0;
    this.#track = track;
    if (this.#vectors.length < track.count * 3) {
      const larger = new Float32Array(track.count * 4);
      larger.set(this.#vectors.subarray(0, this.#known * 3));
      this.#vectors = larger;
    }
    for (let i = this.#known; i < track.count; i++)
      this.#vectors.set(vectorOf(track.raIcrsDeg(i), track.decIcrsDeg(i)), i * 3);
    this.#known = track.count;
  }

  /** Draws the rows from one index up to another; without rims in less time. */
  draw(context: Context, projection: SkyProjection, from: number, to: number, isRimmed: boolean): void {
    if (this.#places.length < to * 2) this.#places = new Float32Array(to * 3);
    for (let i = from; i < to; i++) {
      const at = i * 3;
      const [x, y, z] = [this.#vectors[at], this.#vectors[at + 1], this.#vectors[at + 2]];
      projection.project(x as number, y as number, z as number, this.#places, i * 2);
    }
    this.#drawn = { track: this.#track, from, to };
    const beamPx = 2 * BEAM_RADIUS_DEG * RAD_PER_DEG * projection.scale;
    const sizePx = clamp(beamPx * SIZE, MIN_PX, MAX_PX);
    const distinct = this.#distinct(projection, from, to, sizePx);
    const rimPx = Math.min(MAX_RIM_PX, sizePx / 2);
    if (isRimmed) this.#dots(context, distinct, sizePx, () => colour('sky'), rimPx);
    const shades = Array.from({ length: SHADES }, (_, i) =>
      mixed('trail-old', 'trail-new', i / (SHADES - 1)),
    );
    this.#dots(
      context,
      distinct,
      sizePx,
      (row) => shades[Math.floor(((row - from) / (to - from)) * SHADES)] as string,
    );
  }

  /** Those in sight, oldest first; of many, without those that a newer one hides. */
  #distinct({ width, height }: SkyProjection, from: number, to: number, sizePx: number): number[] {
    const columns = Math.ceil(width / sizePx);
    const taken = new Uint8Array(columns * Math.ceil(height / sizePx));
    const rows: number[] = [];
    for (let i = to - 1; i >= from; i--) {
      const [x, y] = [this.#places[i * 2] as number, this.#places[i * 2 + 1] as number];
      // Also false for NaN.
      if (!(x >= 0 && y >= 0 && x < width && y < height)) continue;
      const cell = Math.floor(y / sizePx) * columns + Math.floor(x / sizePx);
      if (taken[cell] === 0 || to - from <= FEW) rows.push(i);
      taken[cell] = 1;
    }
    return rows.reverse();
  }

  /** The row whose dot is nearest to a place on the page, within a distance. */
  nearest(x: number, y: number, withinPx: number): FoundRow | undefined {
    let best: number | undefined;
    let nearest = withinPx ** 2;
    const { track, from, to } = this.#drawn;
    for (let i = from; i < to; i++) {
      const dx = (this.#places[i * 2] as number) - x;
      const dy = (this.#places[i * 2 + 1] as number) - y;
      const distance = dx * dx + dy * dy;
      // Of several rows at one place the newest counts.
      if (distance <= nearest) {
        nearest = distance;
        best = i;
      }
    }
    return best === undefined ? undefined : { track, row: best };
  }

  /** On whole pixels of the screen, where they are sharp; a rim has at least one on each side. */
  #dots(
    context: Context,
    rows: readonly number[],
    sizePx: number,
    styleOf: (row: number) => string,
    rimPx = 0,
  ): void {
    // It is slow to read.
    const ratio = devicePixelRatio;
    const whole = (px: number) => Math.round(px * ratio) / ratio;
    const atLeastOne = (px: number) => Math.max(1 / ratio, whole(px));
    const rim = rimPx === 0 ? 0 : atLeastOne(rimPx);
    const width = atLeastOne(sizePx) + 2 * rim;
    let style: string | undefined;
    for (const row of rows) {
      const next = styleOf(row);
      if (next !== style) {
        if (style !== undefined) context.fill();
        context.beginPath();
        context.fillStyle = next;
        style = next;
      }
      const [x, y] = [this.#places[row * 2] as number, this.#places[row * 2 + 1] as number];
      context.rect(whole(x - sizePx / 2) - rim, whole(y - sizePx / 2) - rim, width, width);
    }
    if (style !== undefined) context.fill();
  }
}
