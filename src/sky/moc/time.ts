import { SECONDS_PER_DAY } from '../../units.js';
import type { Instrument } from '../instrument.js';
import type { TakenRow } from '../instruments.js';
import type { RowSink } from '../observation-time.js';

/** Cells of 2^30 microseconds, 18 minutes: the IVOA's advice for times that are not reduced to the barycentre. */
export const TIME_ORDER = 31;
/** Whose cells are microseconds since JD 0. */
export const FINEST_TIME_ORDER = 61;

const MICROSECONDS = 1e6;
const JD_LESS_MJD = 2400000.5;
/**
 * Barycentric time (TCB) at the Solar System's barycentre less UTC at the telescope: between 1990 and 2100 the scales differ by
 * 56 to 140 s, and light takes up to 515 s to the barycentre, sooner or later by the direction of the source.
 */
const MIN_TCB_LESS_UTC_S = 56 - 515;
const MAX_TCB_LESS_UTC_S = 140 + 515;

/** Of an observation, seconds since its start. */
export interface PartOfIt {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** The cells of time that a part of an observation may touch, whatever it observed. */
export function* timeCells(
  midMjdUtc: number,
  { fromSeconds, toSeconds }: PartOfIt,
  wholeSeconds: number,
  order: number,
): Generator<number> {
  const cell = (sinceStart: number) => {
    const jdSeconds = (midMjdUtc + JD_LESS_MJD) * SECONDS_PER_DAY - wholeSeconds / 2 + sinceStart;
    return Math.floor((jdSeconds * MICROSECONDS) / 2 ** (FINEST_TIME_ORDER - order));
  };
  const last = cell(toSeconds + MAX_TCB_LESS_UTC_S);
  for (let each = cell(fromSeconds + MIN_TCB_LESS_UTC_S); each <= last; each++) yield each;
}

/** When the telescope observed: a sink of rows. */
export class TimeCells implements RowSink {
  readonly cells = new Set<number>();

  add({ timestamp }: TakenRow, seconds: number, _: Instrument, wholeSeconds: number): void {
    const observed = { fromSeconds: 0, toSeconds: seconds };
    for (const cell of timeCells(timestamp, observed, wholeSeconds, TIME_ORDER)) this.cells.add(cell);
  }
}
