import { type Block, DEC_BIN_DEG, DEC_BINS, RA_BIN_DEG, RA_BINS } from './blocks.js';
import type { Context } from './context.js';
import { type SkyProjection, type Vector, vectorOf } from './projection.js';

/** Of the edges between columns, at the equator; the last is the first again. */
const columnEdges = Array.from({ length: RA_BINS + 1 }, (_, i) => vectorOf((i % RA_BINS) * RA_BIN_DEG, 0));
/** Of the edges between rows. */
const rowEdges = Array.from({ length: DEC_BINS + 1 }, (_, i) => vectorOf(0, i * DEC_BIN_DEG - 90));

const UNKNOWN = Number.POSITIVE_INFINITY;
/** X and y of the corners of all cells; NaN out of sight. Each picture uses the same memory. */
const places = new Float32Array((RA_BINS + 1) * (DEC_BINS + 1) * 2);

/** Traces blocks of cells on one picture. */
export class Outlines {
  readonly #context: Context;
  readonly #projection: SkyProjection;
  readonly #stepColumns: number;

  constructor(context: Context, projection: SkyProjection) {
    this.#context = context;
    this.#projection = projection;
    this.#stepColumns = Math.max(1, Math.floor(projection.chordDeg / RA_BIN_DEG));
    places.fill(UNKNOWN);
  }

  /** Makes blocks the context's path, in parts where the edge of the sky cuts them. */
  trace(blocks: readonly Block[]): void {
    this.#context.beginPath();
    for (const block of blocks) {
      let part = [block.from];
      for (let column = block.from; column < block.to; ) {
        const corner = (Math.floor(column / this.#stepColumns) + 1) * this.#stepColumns;
        const far = Math.min(block.to, corner);
        const next = this.#isWhole(block, column, far) ? far : column + 1;
        if (this.#isWhole(block, column, next)) part.push(next);
        else {
          this.#tracePart(block, part);
          part = [next];
        }
        column = next;
      }
      this.#tracePart(block, part);
    }
  }

  /** False where the edge of the sky lies between two columns. */
  #isWhole({ row, toRow }: Block, column: number, next: number): boolean {
    const apart = (edge: number) =>
      Math.abs((places[this.#at(edge, next)] as number) - (places[this.#at(edge, column)] as number));
    const { scale } = this.#projection;
    return apart(row) < scale && apart(toRow) < scale;
  }

  /** Along the lower declination and back along the upper. */
  #tracePart({ row, toRow, from, to }: Block, columns: readonly number[]): void {
    if (columns.length < 2) return;
    const isCut = (column: number) => column > from && column < to;
    const ring: number[] = [];
    const add = (edge: number, column: number, inner = column) => {
      const [at, innerAt] = [this.#at(edge, column), this.#at(edge, inner)];
      for (const axis of [0, 1]) {
        const value = places[at + axis] as number;
        // The edge of the sky lies, on average, in the middle of the column that it cuts.
        ring.push(value + (value - (places[innerAt + axis] as number)) / 2);
      }
    };
    for (const [edge, along] of [
      [row, columns],
      [toRow, columns.toReversed()],
    ] as const) {
      const [start, end] = [along[0] as number, along.at(-1) as number];
      const step = Math.sign(end - start);
      if (isCut(start)) add(edge, start, start + step);
      for (const column of along) add(edge, column);
      if (isCut(end)) add(edge, end, end - step);
    }
    this.#context.moveTo(ring[0] as number, ring[1] as number);
    for (let i = 2; i < ring.length; i += 2) this.#context.lineTo(ring[i] as number, ring[i + 1] as number);
  }

  /** Where the x of a corner is among the places. */
  #at(edge: number, column: number): number {
    const at = 2 * (edge * columnEdges.length + column);
    if (places[at] === UNKNOWN) {
      const [x, y] = columnEdges[column] as Vector;
      const [flat, , z] = rowEdges[edge] as Vector;
      this.#projection.project(flat * x, flat * y, z, places, at);
    }
    return at;
  }
}
