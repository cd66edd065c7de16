import { SECONDS_PER_DAY } from '../units.js';
import type { Instrument } from './instrument.js';
import type { Instruments, TakenRow, Telescope } from './instruments.js';

/** How far the sky turns in a second of UTC. */
export const SIDEREAL_DEG_PER_SECOND = (360 * 1.0027378119113546) / SECONDS_PER_DAY;

/** Whether the telescope followed its phase centre. Otherwise, or where no file tells, it stood still and the sky drifted past. */
export const isTracked = (kind: TakenRow['kind']): boolean => kind === 'sidereal';

/** How far the sky turns past the telescope in a second: not at all where it follows its phase centre. */
export const driftDegPerSecond = (kind: TakenRow['kind']): number =>
  isTracked(kind) ? 0 : SIDEREAL_DEG_PER_SECOND;

/**
 * Takes rows one after the other, oldest first, each with the seconds that it observed and the instrument that did. They are the
 * first seconds of `wholeSeconds`, which lie around the row's time.
 */
export interface RowSink {
  add(row: TakenRow, seconds: number, instrument: Instrument, wholeSeconds: number): void;
}

/** Of an observation's seconds, those before the next one starts, whose middle is `daysToNext` later. */
export function secondsBeforeNext(wholeSeconds: number, daysToNext: number, nextSeconds: number): number {
  const toNext = daysToNext * SECONDS_PER_DAY + (wholeSeconds - nextSeconds) / 2;
  if (toNext >= wholeSeconds) return wholeSeconds;
  return toNext > 0 ? toNext : 0;
}

/** Rows, or pages of them, oldest first. */
export type Rows<Row extends TakenRow = TakenRow> =
  | AsyncIterable<Row | readonly Row[]>
  | Iterable<Row | readonly Row[]>;

interface Held {
  row: TakenRow;
  wholeSeconds: number;
  readonly sinks: readonly RowSink[];
}

/**
 * Gives each row to the sinks of its telescope with the seconds it observed: a whole observation, or up to the start of the
 * telescope's next one where that is sooner. Rows of other programs without a position are passed over.
 */
export class Feed {
  readonly #instruments: Instruments;
  readonly #sinksOf: (telescope: Telescope) => readonly RowSink[];
  readonly #held = new Map<Telescope, Held>();

  /** `sinksOf` is asked at a telescope's first row. */
  constructor(instruments: Instruments, sinksOf: (telescope: Telescope) => readonly RowSink[]) {
    this.#instruments = instruments;
    this.#sinksOf = sinksOf;
  }

  add(row: TakenRow): void {
    if (!Number.isFinite(row.ra_deg) || !Number.isFinite(row.dec_deg)) return;
    const telescope = this.#instruments.telescopeOf(row.instrumentId);
    const held = this.#held.get(telescope);
    const wholeSeconds = this.#instruments.secondsOf(row);
    if (held) {
      const days = row.timestamp - held.row.timestamp;
      this.#give(held, secondsBeforeNext(held.wholeSeconds, days, wholeSeconds));
      held.row = row;
      held.wholeSeconds = wholeSeconds;
    } else this.#held.set(telescope, { row, wholeSeconds, sinks: this.#sinksOf(telescope) });
  }

  /** After the last row. */
  finish(): void {
    for (const held of this.#held.values()) this.#give(held, held.wholeSeconds);
    this.#held.clear();
  }

  #give({ row, wholeSeconds, sinks }: Held, seconds: number): void {
    const instrument = this.#instruments.of(row);
    for (const sink of sinks) sink.add(row, seconds, instrument, wholeSeconds);
  }
}

/** The same of rows that come one after the other. */
export async function feed(rows: Rows, ...how: ConstructorParameters<typeof Feed>): Promise<void> {
  const all = new Feed(...how);
  for await (const item of rows) {
    if (Array.isArray(item)) for (const row of item as readonly TakenRow[]) all.add(row);
    else all.add(item as TakenRow);
  }
  all.finish();
}
