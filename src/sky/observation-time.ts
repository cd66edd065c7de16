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
export async function feed<Row extends HistoryRow>(
  rows: Rows<Row>,
  sinks: readonly RowSink<Row>[],
): Promise<void> {
  let held: Row | undefined;
  const give = (row: Row, seconds: number) => {
    for (const sink of sinks) sink.add(row, seconds);
  };
  for await (const item of rows) {
    for (const row of Array.isArray(item) ? (item as readonly Row[]) : [item as Row]) {
      if (!Number.isFinite(row.ra_deg) || !Number.isFinite(row.dec_deg)) continue;
      if (held) give(held, Math.min(OBSERVATION_SECONDS, (row.timestamp - held.timestamp) * SECONDS_PER_DAY));
      held = row;
    }
  }
  if (held) give(held, OBSERVATION_SECONDS);
}
