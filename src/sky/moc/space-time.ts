import { ang2pix_nest, order2nside, pix2vec_nest, query_disc_inclusive_nest } from '@hscmap/healpix';
import type { HistoryRow } from '../../store/rows.js';
import { RAD_PER_DEG } from '../angles.js';
import { BEAM_FWHM_DEG } from '../beam.js';
import { icrsOfColumns } from '../icrs.js';
import { type RowSink, SIDEREAL_DEG_PER_SECOND } from '../observation-time.js';
import { timeCells } from './time.js';

/** Cells of 2.4 hours and of 0.9 degrees: a month takes some 150 kB. */
export const TIME_ORDER = 28;
export const SPACE_ORDER = 6;

const NSIDE = order2nside(SPACE_ORDER);
/** Beams whose centres share a cell of this order, 0.11 degrees wide, are taken as one. */
const CENTRE_NSIDE = order2nside(9);
const CENTRE_SLACK_DEG = 0.1;
/** Along the drift of an observation: 0.65 degrees between neighbours. */
const BEAMS = 3;
const ROWS_AT_ONCE = 4096;

/**
 * Which sky passed through the half-power beam when: for each cell of time the HEALPix cells (nested, ICRS) that the beam
 * touched. A sink of rows, oldest first.
 */
export class SpaceTimeCells implements RowSink {
  readonly byTime = new Map<number, Set<number>>();
  readonly #nearCentre = new Map<number, readonly number[]>();
  #held: (readonly [row: HistoryRow, seconds: number])[] = [];
  /** How many pairs of cells there are. */
  size = 0;

  add(row: HistoryRow, seconds: number): void {
    if (this.#held.push([row, seconds]) >= ROWS_AT_ONCE) this.flush();
  }

  /** After the last row. */
  flush(): void {
    const held = this.#held;
    this.#held = [];
    const column = (value: (row: HistoryRow) => number) => Float64Array.from(held, ([row]) => value(row));
    const { raIcrsDeg, decIcrsDeg } = icrsOfColumns(
      column(({ timestamp }) => timestamp),
      column(({ ra_deg }) => ra_deg),
      column(({ dec_deg }) => dec_deg),
    );
    for (const [i, [{ timestamp }, seconds]] of held.entries()) {
      const raDeg = raIcrsDeg[i] as number;
      const decDeg = decIcrsDeg[i] as number;
      if (Number.isNaN(raDeg)) continue; // what another program stored is no direction
      const driftDeg = seconds * SIDEREAL_DEG_PER_SECOND;
      for (let k = 0; k < BEAMS; k++) {
        const aside = k / (BEAMS - 1) - 0.5;
        const near = this.#near(raDeg + aside * driftDeg, decDeg);
        for (const cell of timeCells(timestamp, seconds, TIME_ORDER)) this.#addAll(cell, near);
      }
    }
  }

  #addAll(time: number, spaces: readonly number[]): void {
    let seen = this.byTime.get(time);
    if (!seen) {
      seen = new Set();
      this.byTime.set(time, seen);
    }
    const before = seen.size;
    for (const space of spaces) seen.add(space);
    this.size += seen.size - before;
  }

  #near(raDeg: number, decDeg: number): readonly number[] {
    const centre = ang2pix_nest(CENTRE_NSIDE, (90 - decDeg) * RAD_PER_DEG, raDeg * RAD_PER_DEG);
    let cells = this.#nearCentre.get(centre);
    if (!cells) {
      const found: number[] = [];
      const reach = (BEAM_FWHM_DEG / 2 + CENTRE_SLACK_DEG) * RAD_PER_DEG;
      query_disc_inclusive_nest(NSIDE, pix2vec_nest(CENTRE_NSIDE, centre), reach, (cell) => {
        found.push(cell);
      });
      cells = found;
      this.#nearCentre.set(centre, cells);
    }
    return cells;
  }
}
