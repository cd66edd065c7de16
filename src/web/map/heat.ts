import { colour, HEAT_LEVELS } from '../colours.js';
import { type Exposure, exposureOf, spread } from '../data/exposure.js';
import { BEAM_RADIUS_DEG } from '../data/instrument.js';
import type { Track } from '../data/track.js';
import type { Context } from './context.js';
import { type SkyProjection, vectorOf } from './projection.js';

const RIM_PX = 2;
const RA_BIN_DEG = 1.25;
const DEC_BIN_DEG = 1;
const RA_BINS = 360 / RA_BIN_DEG;
const DEC_BINS = 180 / DEC_BIN_DEG;
/** Seconds in the beam at which each level begins. */
const LEVEL_FROM_SECONDS = [1, 600, 1800, 7200, 28_800];
export const LEVEL_WORDS = ['< 10 min', '10–30 min', '0.5–2 h', '2–8 h', '> 8 h'];

const decOfEdge = (row: number) => row * DEC_BIN_DEG - 90;
/** Of the edges between columns; the last is the first again. */
const directions = Array.from({ length: RA_BINS + 1 }, (_, i) => vectorOf((i % RA_BINS) * RA_BIN_DEG, 0));

/** Time in the beam, by cell of the sky in ICRS. */
export class Heat {
  #seconds = new Float32Array(RA_BINS * DEC_BINS);
  /** Of each level, while no time was added. */
  #blocks: readonly (readonly Block[])[] | undefined;

  clear(): void {
    this.#seconds.fill(0);
    this.#blocks = undefined;
  }

  /** Adds the rows from one index up to another. */
  add(track: Track, from: number, to: number): void {
    this.#blocks = undefined;
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

  /** Each level over the one below it, so that no seam shows between them. A rim of the sky's colour sets it off from a background. */
  draw(context: Context, projection: SkyProjection, isRimmed: boolean): void {
    const edges = new Map<number, Float32Array>();
    const edge = (row: number) => {
      const known = edges.get(row) ?? placesAlong(projection, decOfEdge(row));
      edges.set(row, known);
      return known;
    };
    this.#blocks ??= this.#levels();
    for (const [level, blocks] of this.#blocks.entries()) {
      context.beginPath();
      for (const { row, toRow, from, to } of blocks)
        outline(context, edge(row), edge(toRow), from, to, projection);
      if (isRimmed && level === 0) {
        context.strokeStyle = colour('sky');
        context.lineWidth = 2 * RIM_PX;
        context.stroke();
      }
      context.fillStyle = colour(HEAT_LEVELS[level] as string);
      context.fill();
    }
  }

  /** Without those that the next one covers. */
  #levels(): readonly (readonly Block[])[] {
    const counts = LEVEL_FROM_SECONDS.map(
      (least) => this.#seconds.filter((seconds) => seconds >= least).length,
    );
    return LEVEL_FROM_SECONDS.map((seconds, i) =>
      counts[i] === counts[i + 1] ? [] : this.#blocksFrom(seconds),
    );
  }

  /** Cells that were seen so long: neighbours of one declination together, with those of the next where they are the same. */
  #blocksFrom(seconds: number): Block[] {
    const blocks: Block[] = [];
    let below = new Map<number, Block>();
    for (let row = 0; row < DEC_BINS; row++) {
      const here = new Map<number, Block>();
      const first = row * RA_BINS;
      for (let column = 0; column < RA_BINS; column++) {
        if ((this.#seconds[first + column] as number) < seconds) continue;
        const from = column;
        while (column < RA_BINS && (this.#seconds[first + column] as number) >= seconds) column++;
        const beneath = below.get(from);
        const block = beneath?.to === column ? beneath : { row, toRow: row, from, to: column };
        if (block !== beneath) blocks.push(block);
        block.toRow = row + 1;
        here.set(from, block);
      }
      below = here;
    }
    return blocks;
  }
}

/** From one edge to another, of rows and of columns. */
interface Block {
  readonly row: number;
  toRow: number;
  readonly from: number;
  readonly to: number;
}

/** x and y of each column's edge at a declination; NaN where it is out of sight. */
function placesAlong(projection: SkyProjection, decDeg: number): Float32Array {
  const [flat, , z] = vectorOf(0, decDeg);
  const places = new Float32Array(directions.length * 2);
  for (const [i, [x, y]] of directions.entries()) projection.project(flat * x, flat * y, z, places, i * 2);
  return places;
}

/**
 * Along the lower declination and back along the upper, in parts where the edge of the sky cuts the run; each part goes on for a
 * column, for the clip at that edge.
 */
function outline(
  context: Context,
  lower: Float32Array,
  upper: Float32Array,
  from: number,
  to: number,
  { scale, chordDeg }: SkyProjection,
): void {
  const step = Math.max(1, Math.floor(chordDeg / RA_BIN_DEG));
  const isCorner = (column: number) => column % step === 0;
  const gap = (column: number) =>
    Math.max(
      Math.abs((lower[column * 2] as number) - (lower[column * 2 + 2] as number)),
      Math.abs((upper[column * 2] as number) - (upper[column * 2 + 2] as number)),
    );
  let start = from;
  for (let column = from; column <= to; column++) {
    const width = column < to ? gap(column) : 0;
    if (column < to && width < scale) continue;
    if (column > start) {
      const first = start > from ? start - 1 : start;
      const last = column < to ? column + 1 : column;
      const at = (edge: Float32Array, i: number, k: number) =>
        i < start
          ? 2 * (edge[start * 2 + k] as number) - (edge[start * 2 + 2 + k] as number)
          : i > column
            ? 2 * (edge[column * 2 + k] as number) - (edge[column * 2 - 2 + k] as number)
            : (edge[i * 2 + k] as number);
      context.moveTo(at(lower, first, 0), at(lower, first, 1));
      for (let i = first + 1; i <= last; i++)
        if (isCorner(i) || i === last) context.lineTo(at(lower, i, 0), at(lower, i, 1));
      for (let i = last; i >= first; i--)
        if (isCorner(i) || i === last || i === first) context.lineTo(at(upper, i, 0), at(upper, i, 1));
    }
    start = column + 1;
  }
}
