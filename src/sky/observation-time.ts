import { SECONDS_PER_DAY } from '../units.js';
import type { Instrument } from './instrument.js';
import type { Instruments, TakenRow, Telescope } from './instruments.js';

/** How far the sky turns in a second of UTC. */
export const SIDEREAL_DEG_PER_SECOND = (360 * 1.0027378119113546) / SECONDS_PER_DAY;

/** Takes rows one after the other, oldest first, each with the seconds that it observed and the instrument that did. */
export interface RowSink {
  add(row: TakenRow, seconds: number, instrument: Instrument): void;
}

/** Rows, or pages of them, oldest first. */
export type Rows<Row extends TakenRow = TakenRow> =
  | AsyncIterable<Row | readonly Row[]>
  | Iterable<Row | readonly Row[]>;

/**
 * Gives each row to the sinks of its telescope with the seconds it observed: a whole observation, or up to the telescope's next
 * row where that is sooner. Rows of other programs without a position are passed over.
 */
export class Feed {
  readonly #instruments: Instruments;
  readonly #sinksOf: (telescope: Telescope) => readonly RowSink[];
  readonly #held = new Map<Telescope, { row: TakenRow; readonly sinks: readonly RowSink[] }>();

  /** `sinksOf` is asked at a telescope's first row. */
  constructor(instruments: Instruments, sinksOf: (telescope: Telescope) => readonly RowSink[]) {
    this.#instruments = instruments;
    this.#sinksOf = sinksOf;
  }

  add(row: TakenRow): void {
    if (!Number.isFinite(row.ra_deg) || !Number.isFinite(row.dec_deg)) return;
    const telescope = this.#instruments.telescopeOf(row.instrumentId);
    const held = this.#held.get(telescope);
    if (held) {
      this.#give(held, (row.timestamp - held.row.timestamp) * SECONDS_PER_DAY);
      held.row = row;
    } else this.#held.set(telescope, { row, sinks: this.#sinksOf(telescope) });
  }

  /** After the last row. */
  finish(): void {
    for (const held of this.#held.values()) this.#give(held, Number.POSITIVE_INFINITY);
    this.#held.clear();
  }

  #give(
    { row, sinks }: { readonly row: TakenRow; readonly sinks: readonly RowSink[] },
    atMost: number,
  ): void {
    const seconds = Math.min(this.#instruments.secondsOf(row), atMost);
    const instrument = this.#instruments.of(row);
    for (const sink of sinks) sink.add(row, seconds, instrument);
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
