import type { HistoryRow } from '../store/store.js';
import { type MjdUtc, mjdUtc } from '../units.js';
import { feed, OBSERVATION_SECONDS, type RowSink, type Rows } from './observation-time.js';

/** A time in which nothing was observed, from the end of one observation to the start of the next. */
export interface Gap {
  readonly fromMjdUtc: MjdUtc;
  readonly toMjdUtc: MjdUtc;
  readonly minutes: number;
}

const MINUTES_PER_DAY = 1440;
const HALF_OBSERVATION_DAYS = OBSERVATION_SECONDS / 2 / 86400;

/** The gaps longer than this between rows, oldest first. */
export class GapList implements RowSink {
  readonly #longerThanMinutes: number;
  readonly #found: Gap[] = [];
  #previous: HistoryRow | undefined;

  constructor(longerThanMinutes: number) {
    this.#longerThanMinutes = longerThanMinutes;
  }

  add(row: HistoryRow): void {
    if (this.#previous) {
      const fromMjdUtc = mjdUtc(this.#previous.timestamp + HALF_OBSERVATION_DAYS);
      const toMjdUtc = mjdUtc(row.timestamp - HALF_OBSERVATION_DAYS);
      const minutes = (toMjdUtc - fromMjdUtc) * MINUTES_PER_DAY;
      if (minutes > this.#longerThanMinutes) this.#found.push({ fromMjdUtc, toMjdUtc, minutes });
    }
    this.#previous = row;
  }

  result(): Gap[] {
    return this.#found;
  }
}

/** The same of rows, oldest first. */
export async function gaps(rows: Rows<HistoryRow>, longerThanMinutes: number): Promise<Gap[]> {
  const list = new GapList(longerThanMinutes);
  await feed(rows, [list]);
  return list.result();
}
