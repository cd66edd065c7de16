import type { HistoryRow } from '../store/rows.js';
import { type Degrees, degrees, type MjdUtc } from '../units.js';

/** The telescope moved: `mjd` is the first observation at the new declination. Apparent declinations. */
export interface DeclinationChange {
  readonly mjd: MjdUtc;
  readonly fromDeg: Degrees;
  readonly toDeg: Degrees;
}

export const DEFAULT_JUMP_DEG = degrees(0.1);

/** Where the declination of successive rows, oldest first, differs by more than the threshold. */
export async function* declinationChanges(
  rows: AsyncIterable<HistoryRow> | Iterable<HistoryRow>,
  thresholdDeg: Degrees = DEFAULT_JUMP_DEG,
): AsyncGenerator<DeclinationChange> {
  let previous: HistoryRow | undefined;
  for await (const row of rows) {
    if (previous && Math.abs(row.dec_deg - previous.dec_deg) > thresholdDeg) {
      yield { mjd: row.timestamp, fromDeg: previous.dec_deg, toDeg: row.dec_deg };
    }
    previous = row;
  }
}
