import { colour, HEAT_LEVELS } from '../colours.js';
import { type Exposure, exposureOf, spread } from '../data/exposure.js';
import { BEAM_RADIUS_DEG } from '../data/instrument.js';
import type { Track } from '../data/track.js';
import type { Context } from './context.js';
import { type SkyProjection, type Vector, vectorOf } from './projection.js';

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
    const edges = new Map<number, Edge>();
    const edge = (row: number) => {
      const known = edges.get(row) ?? edgeAt(projection, decOfEdge(row));
      edges.set(row, known);
      return known;
    };
    this.#blocks ??= this.#levels();
    const lowest = this.#blocks.findIndex((blocks) => blocks.length > 0);
    for (const [level, blocks] of this.#blocks.entries()) {
      context.beginPath();
      for (const block of blocks) outline(context, block, edge(block.row), edge(block.toRow), projection);
      if (isRimmed && level === lowest) {
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

type Point = readonly [x: number, y: number];
/** Where an edge between columns lies; NaN out of sight. */
type Edge = (column: number) => Point;

function edgeAt(projection: SkyProjection, decDeg: number): Edge {
  const [flat, , z] = vectorOf(0, decDeg);
  const known: (Point | undefined)[] = [];
  const place = new Float32Array(2);
  return (column) => {
    const [x, y] = directions[column] as Vector;
    if (!known[column]) {
      projection.project(flat * x, flat * y, z, place, 0);
      known[column] = [...place] as unknown as Point;
    }
    return known[column];
  };
}

/** Along the lower declination and back along the upper, in parts where the edge of the sky cuts the block. */
function outline(
  context: Context,
  { from, to }: Block,
  lower: Edge,
  upper: Edge,
  { scale, chordDeg }: SkyProjection,
): void {
  const step = Math.max(1, Math.floor(chordDeg / RA_BIN_DEG));
  const isNear = (a: number, b: number) =>
    [lower, upper].every((edge) => Math.abs(edge(a)[0] - edge(b)[0]) < scale);
  const parts: [number, ...number[]][] = [[from]];
  for (let column = from; column < to; ) {
    const corner = Math.min(to, (Math.floor(column / step) + 1) * step);
    const next = isNear(column, corner) ? corner : column + 1;
    if (isNear(column, next)) parts.at(-1)?.push(next);
    else parts.push([next]);
    column = next;
  }
  for (const part of parts) {
    const [first, last] = [part[0], part.at(-1) as number];
    if (first === last) continue;
    const along = (edge: Edge) => [
      ...(first > from ? [halfBeyond(edge(first + 1), edge(first))] : []),
      ...part.map(edge),
      ...(last < to ? [halfBeyond(edge(last - 1), edge(last))] : []),
    ];
    const [start, ...corners] = [...along(lower), ...along(upper).reverse()] as [Point, ...Point[]];
    context.moveTo(...start);
    for (const corner of corners) context.lineTo(...corner);
  }
}

/** Where a part is cut, the edge of the sky lies within a column: on average in its middle. */
const halfBeyond = ([fromX, fromY]: Point, [x, y]: Point): Point => [
  x + (x - fromX) / 2,
  y + (y - fromY) / 2,
];
