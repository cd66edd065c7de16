import type { HistoryReader } from '../store/reader.js';
import { type MjdUtc, mjdUtc, SECONDS_PER_DAY } from '../units.js';
import { takenPages } from './history/taken.js';
import type { Instruments, TakenRow } from './instruments.js';

/** The latest hours where they have enough observations, else the latest days. */
const LOOKED_BACK_DAYS = [0.25, 2, 30];
const MIN_INTERVALS = 5;

/** What a telescope's latest observations have in common. */
export interface Rhythm {
  /** Median interval; undefined where there are too few to tell. Gaps do not count as long as most intervals are shorter. */
  readonly cadenceSeconds: number | undefined;
  /** Median length. */
  readonly observationSeconds: number;
}

/** That of a telescope up to its newest observation. Those of other telescopes do not count. */
export async function rhythmOf(
  reader: Pick<HistoryReader, 'historyColumns'>,
  newest: TakenRow,
  instruments: Instruments,
): Promise<Rhythm> {
  const telescope = instruments.telescopeOf(newest.instrumentId);
  let observationSeconds = instruments.secondsOf(newest);
  for (const days of LOOKED_BACK_DAYS) {
    const rows: TakenRow[] = [];
    const range = { fromMjdUtc: mjdUtc(newest.timestamp - days), toMjdUtc: newest.timestamp };
    for await (const page of takenPages(reader, range))
      for (const row of page) if (instruments.telescopeOf(row.instrumentId) === telescope) rows.push(row);
    if (rows.length > 0) observationSeconds = median(rows.map((row) => instruments.secondsOf(row)));
    const cadenceSeconds = cadenceOfTimes(rows.map(({ timestamp }) => timestamp).reverse());
    if (cadenceSeconds !== undefined) return { cadenceSeconds, observationSeconds };
  }
  return { cadenceSeconds: undefined, observationSeconds };
}

/** The median interval between times, the newest first; undefined where they are too few to tell. */
export function cadenceOfTimes(newestFirst: readonly MjdUtc[]): number | undefined {
  const intervals = newestFirst
    .slice(1)
    .map((time, i) => ((newestFirst[i] as MjdUtc) - time) * SECONDS_PER_DAY);
  return intervals.length >= MIN_INTERVALS ? median(intervals) : undefined;
}

function median(numbers: number[]): number {
  const sorted = numbers.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
