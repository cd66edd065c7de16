import type { HistoryRow } from '../store/rows.js';

/** 24 integrations of the DSA-110 correlator. */
export const OBSERVATION_SECONDS = 24 * 12.884901888;
/** How far the sky turns in a second of UTC. */
export const SIDEREAL_DEG_PER_SECOND = (360 * 1.0027378119113546) / 86400;
const SECONDS_PER_DAY = 86400;

/**
 * Each row, oldest first, with the seconds it observed: a whole observation, or up to the next row where that is sooner.
 * Rows of other programs without a position are passed over.
 */
export async function* observationSeconds<Row extends HistoryRow>(
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<readonly [Row, number]> {
  let held: Row | undefined;
  for await (const row of rows) {
    if (!Number.isFinite(row.ra_deg) || !Number.isFinite(row.dec_deg)) continue;
    if (held) {
      const toNext = (row.timestamp - held.timestamp) * SECONDS_PER_DAY;
      yield [held, Math.min(OBSERVATION_SECONDS, toNext)];
    }
    held = row;
  }
  if (held) yield [held, OBSERVATION_SECONDS];
}
