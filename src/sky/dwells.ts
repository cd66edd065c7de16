import type { HistoryRow } from '../store/rows.js';
import type { Degrees, MjdUtc } from '../units.js';
import { DEFAULT_JUMP_DEG } from './declination-changes.js';
import { observationSeconds } from './observation-time.js';

/** The telescope at one declination, from its first observation there to its last. */
export interface Dwell {
  /** Mid times of the first and the last observation. */
  readonly fromMjdUtc: MjdUtc;
  readonly toMjdUtc: MjdUtc;
  /** Of the first observation, apparent. */
  readonly decDeg: Degrees;
  readonly observations: number;
  /** Observed; gaps do not count. */
  readonly seconds: number;
}

/** A stay ends where the declination of successive rows, oldest first, differs by more than the threshold. */
export async function dwells(
  rows: AsyncIterable<HistoryRow> | Iterable<HistoryRow>,
  thresholdDeg: Degrees = DEFAULT_JUMP_DEG,
): Promise<Dwell[]> {
  const found: { -readonly [K in keyof Dwell]: Dwell[K] }[] = [];
  let previousDeg = Number.NaN;
  for await (const [{ timestamp, dec_deg }, seconds] of observationSeconds(rows)) {
    const stay = found.at(-1);
    if (stay && Math.abs(dec_deg - previousDeg) <= thresholdDeg) {
      stay.toMjdUtc = timestamp;
      stay.observations++;
      stay.seconds += seconds;
    } else {
      found.push({ fromMjdUtc: timestamp, toMjdUtc: timestamp, decDeg: dec_deg, observations: 1, seconds });
    }
    previousDeg = dec_deg;
  }
  return found;
}
