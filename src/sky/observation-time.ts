import type { HistoryRow } from '../store/rows.js';
import { dsa110 } from './instrument.js';

/** 24 integrations of the DSA-110 correlator. */
export const OBSERVATION_SECONDS = dsa110.observationSeconds;
/** How far the sky turns in a second of UTC. */
export const SIDEREAL_DEG_PER_SECOND = (360 * 1.0027378119113546) / 86400;
const SECONDS_PER_DAY = 86400;

/** Takes rows one after the other, oldest first, each with the seconds that it observed. */
export interface RowSink<Row extends HistoryRow = HistoryRow> {
  add(row: Row, seconds: number): void;
}

/** Rows, or pages of them, oldest first. */
export type Rows<Row extends HistoryRow> =
  | AsyncIterable<Row | readonly Row[]>
  | Iterable<Row | readonly Row[]>;

/**
 * Gives each row to the sinks with the seconds it observed: a whole observation, or up to the next row where that is
 * sooner. Rows of other programs without a position are passed over.
 */
export class Feed<Row extends HistoryRow> {
  readonly #sinks: readonly RowSink<Row>[];
  #held: Row | undefined;

  constructor(sinks: readonly RowSink<Row>[]) {
    this.#sinks = sinks;
  }

  add(row: Row): void {
    if (!Number.isFinite(row.ra_deg) || !Number.isFinite(row.dec_deg)) return;
    const held = this.#held;
    if (held)
      this.#give(held, Math.min(OBSERVATION_SECONDS, (row.timestamp - held.timestamp) * SECONDS_PER_DAY));
    this.#held = row;
  }

  /** After the last row. */
  finish(): void {
    if (this.#held) this.#give(this.#held, OBSERVATION_SECONDS);
    this.#held = undefined;
  }

  #give(row: Row, seconds: number): void {
    for (const sink of this.#sinks) sink.add(row, seconds);
  }
}

/** The same of rows that come one after the other. */
export async function feed<Row extends HistoryRow>(
  rows: Rows<Row>,
  sinks: readonly RowSink<Row>[],
): Promise<void> {
  const all = new Feed(sinks);
  for await (const item of rows) {
    if (Array.isArray(item)) for (const row of item as readonly Row[]) all.add(row);
    else all.add(item as Row);
  }
  all.finish();
}
