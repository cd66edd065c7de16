import type { HistoryRow } from '../store/rows.js';
import { type MjdUtc, mjdUtc } from '../units.js';
import { OBSERVATION_SECONDS } from './observation-time.js';

/** A time in which nothing was observed, from the end of one observation to the start of the next. */
export interface Gap {
  readonly fromMjdUtc: MjdUtc;
  readonly toMjdUtc: MjdUtc;
  readonly minutes: number;
}

const MINUTES_PER_DAY = 1440;
const HALF_OBSERVATION_DAYS = OBSERVATION_SECONDS / 2 / 86400;

/** The gaps longer than this between rows, oldest first. */
export async function gaps(
  rows: AsyncIterable<HistoryRow> | Iterable<HistoryRow>,
  longerThanMinutes: number,
): Promise<Gap[]> {
  const found: Gap[] = [];
  let previous: HistoryRow | undefined;
  for await (const row of rows) {
    if (previous) {
      const fromMjdUtc = mjdUtc(previous.timestamp + HALF_OBSERVATION_DAYS);
      const toMjdUtc = mjdUtc(row.timestamp - HALF_OBSERVATION_DAYS);
      const minutes = (toMjdUtc - fromMjdUtc) * MINUTES_PER_DAY;
      if (minutes > longerThanMinutes) found.push({ fromMjdUtc, toMjdUtc, minutes });
    }
    previous = row;
  }
  return found;
}
