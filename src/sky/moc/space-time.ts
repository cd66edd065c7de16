import { order2nside, pix2vec_nest } from '@hscmap/healpix';
import { RAD_PER_DEG } from '../../units.js';
import { beamOf } from '../beam.js';
import { cellAt, eachCellNear } from '../healpix.js';
import { icrsOfColumns } from '../icrs.js';
import type { Instrument } from '../instrument.js';
import type { TakenRow } from '../instruments.js';
import { driftDegPerSecond, type RowSink } from '../observation-time.js';
import { timeCells } from './time.js';

/** Cells of 2.4 hours and of 0.9 degrees: a month takes some 150 kB. */
export const TIME_ORDER = 28;
export const SPACE_ORDER = 6;

const NSIDE = order2nside(SPACE_ORDER);
/** Beams whose centres share a cell of this order, 0.11 degrees wide, are taken as one. */
const CENTRE_NSIDE = order2nside(9);
const CENTRE_SLACK_DEG = 0.1;
/** Between beams along the drift of an observation; the DSA-110's drifts twice that. */
const MAX_BETWEEN_BEAMS_DEG = 0.65;
const ROWS_AT_ONCE = 4096;

type Held = readonly [row: TakenRow, seconds: number, wholeSeconds: number];

/**
 * Which sky passed through the half-power beam when: for each cell of time the HEALPix cells (nested, ICRS) that the beam
 * touched. A sink of rows, oldest first.
 */
export class SpaceTimeCells implements RowSink {
  readonly byTime = new Map<number, Set<number>>();
  readonly #nearCentre = new Map<Instrument, Map<number, readonly number[]>>();
  readonly #held = new Map<Instrument, Held[]>();
  /** How many pairs of cells there are. */
  size = 0;

  add(row: TakenRow, seconds: number, instrument: Instrument, wholeSeconds: number): void {
    const held = this.#held.get(instrument) ?? [];
    this.#held.set(instrument, held);
    if (held.push([row, seconds, wholeSeconds]) >= ROWS_AT_ONCE) this.flush();
  }

  /** After the last row. */
  flush(): void {
    for (const [instrument, held] of this.#held) this.#addRows(held, instrument);
    this.#held.clear();
  }

  #addRows(held: readonly Held[], instrument: Instrument): void {
    const column = (value: (row: TakenRow) => number) => Float64Array.from(held, ([row]) => value(row));
    const { raIcrsDeg, decIcrsDeg } = icrsOfColumns(
      column(({ timestamp }) => timestamp),
      column(({ ra_deg }) => ra_deg),
      column(({ dec_deg }) => dec_deg),
      instrument.site,
    );
    for (const [i, [{ timestamp, kind }, seconds, wholeSeconds]] of held.entries()) {
      const raDeg = raIcrsDeg[i] as number;
      const decDeg = decIcrsDeg[i] as number;
      if (Number.isNaN(raDeg)) continue; // what another program stored is no direction
      const driftDeg = seconds * driftDegPerSecond(kind);
      const westDeg = raDeg - (wholeSeconds / 2) * driftDegPerSecond(kind);
      const steps = Math.max(1, Math.ceil(driftDeg / MAX_BETWEEN_BEAMS_DEG));
      for (let k = 0; k <= steps; k++) {
        const near = this.#near(westDeg + (k / steps) * driftDeg, decDeg, instrument);
        // Up to the beams before and after it.
        const around = {
          fromSeconds: (Math.max(k - 1, 0) / steps) * seconds,
          toSeconds: (Math.min(k + 1, steps) / steps) * seconds,
        };
        for (const cell of timeCells(timestamp, around, wholeSeconds, TIME_ORDER)) this.#addAll(cell, near);
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

  #near(raDeg: number, decDeg: number, instrument: Instrument): readonly number[] {
    const known = this.#nearCentre.get(instrument) ?? new Map<number, readonly number[]>();
    this.#nearCentre.set(instrument, known);
    const centre = cellAt(CENTRE_NSIDE, raDeg, decDeg);
    let cells = known.get(centre);
    if (!cells) {
      const found: number[] = [];
      const reach = (beamOf(instrument).fwhmDeg / 2 + CENTRE_SLACK_DEG) * RAD_PER_DEG;
      eachCellNear(NSIDE, pix2vec_nest(CENTRE_NSIDE, centre), reach, (cell) => void found.push(cell));
      cells = found;
      known.set(centre, cells);
    }
    return cells;
  }
}
