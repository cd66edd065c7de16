import { HEAT_LEVELS } from '../colours.js';
import { type Exposure, exposureOf, spread } from '../data/exposure.js';
import type { Track } from '../data/track.js';
import { unitPosition, type View } from './projection.js';

/** Half of the primary beam's width at half power, 2.715 degrees by src/sky/beam.ts. */
export const BEAM_RADIUS_DEG = 2.715 / 2;

const RA_BIN_DEG = 1.25;
const DEC_BIN_DEG = 1;
const RA_BINS = 360 / RA_BIN_DEG;
const DEC_BINS = 180 / DEC_BIN_DEG;
/** Seconds in the beam at which each level begins. */
const LEVEL_FROM_SECONDS = [1, 600, 1800, 7200, 28_800];
export const LEVEL_WORDS = ['< 10 min', '10–30 min', '0.5–2 h', '2–8 h', '> 8 h'];

const corners = Float32Array.from({ length: (RA_BINS + 1) * (DEC_BINS + 1) * 2 }, (_, i) => {
  const corner = i >> 1;
  // The last meridian is the first one again, at the other edge of the map.
  const raDeg = Math.min((corner % (RA_BINS + 1)) * RA_BIN_DEG, 359.9999);
  return unitPosition(raDeg, Math.floor(corner / (RA_BINS + 1)) * DEC_BIN_DEG - 90)[i & 1] as number;
});

/** Time in the beam, by cell of the sky in ICRS. */
export class Heat {
  #seconds = new Float32Array(RA_BINS * DEC_BINS);

  clear(): void {
    this.#seconds.fill(0);
  }

  /** Adds the rows from one index up to another. */
  add(track: Track, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const raDeg = track.raIcrsDeg(i);
      if (!Number.isNaN(raDeg)) this.#addOne(exposureOf(track, i, raDeg), track.decIcrsDeg(i));
    }
  }

  #addOne(exposure: Exposure, decDeg: number): void {
    const first = Math.max(0, Math.round((decDeg - BEAM_RADIUS_DEG + 90) / DEC_BIN_DEG));
    const end = Math.min(DEC_BINS, Math.round((decDeg + BEAM_RADIUS_DEG + 90) / DEC_BIN_DEG));
    spread(exposure, RA_BIN_DEG, (column, seconds) => {
      for (let row = first; row < end; row++) {
        const cell = row * RA_BINS + column;
        this.#seconds[cell] = (this.#seconds[cell] as number) + seconds;
      }
    });
  }

  /** One path a level, so that neighbouring cells meet without a seam. */
  draw(context: CanvasRenderingContext2D, view: View, colour: (name: string) => string): void {
    const levels = this.#runsByLevel();
    for (const [level, runs] of levels.entries()) {
      context.beginPath();
      for (const run of runs) outline(context, view, run);
      context.fillStyle = colour(HEAT_LEVELS[level] as string);
      context.fill();
    }
  }

  /** Neighbouring cells of one declination and one level are one run. */
  #runsByLevel(): Run[][] {
    const levels: Run[][] = LEVEL_FROM_SECONDS.map(() => []);
    for (let row = 0; row < DEC_BINS; row++) {
      for (let column = 0; column < RA_BINS; ) {
        const level = levelOf(this.#seconds[row * RA_BINS + column] as number);
        const from = column++;
        while (column < RA_BINS && levelOf(this.#seconds[row * RA_BINS + column] as number) === level)
          column++;
        levels[level]?.push({ row, from, to: column });
      }
    }
    return levels;
  }
}

interface Run {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** -1 where it was never seen. */
const levelOf = (seconds: number) => LEVEL_FROM_SECONDS.findLastIndex((from) => seconds >= from);

/** Along the lower declination and back along the upper. A fill closes it, and closePath is slow where there are many. */
function outline(context: CanvasRenderingContext2D, { scale, x, y }: View, { row, from, to }: Run): void {
  const corner = (column: number, edge: number) => {
    const at = (edge * (RA_BINS + 1) + column) * 2;
    return [x + scale * (corners[at] as number), y + scale * (corners[at + 1] as number)] as const;
  };
  context.moveTo(...corner(from, row));
  for (let column = from + 1; column <= to; column++) context.lineTo(...corner(column, row));
  for (let column = to; column >= from; column--) context.lineTo(...corner(column, row + 1));
}
