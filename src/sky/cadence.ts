import type { HistoryReader } from '../store/reader.js';
import { type MjdUtc, mjdUtc, SECONDS_PER_DAY } from '../units.js';
import type { Instruments, TakenRow } from './instruments.js';

/** The latest hours where they have enough observations, else the latest days. */
const LOOKED_BACK_DAYS = [0.25, 2, 30];
const LEAST_INTERVALS = 5;

/**
 * The median interval between observations up to the newest one; undefined where there are too few to tell. Gaps do not count as
 * long as most intervals are shorter. Those of other telescopes do not count.
 */
export async function cadenceSeconds(
  reader: Pick<HistoryReader, 'historyPages'>,
  newest: TakenRow,
  instruments: Instruments,
): Promise<number | undefined> {
  const others = instruments.othersThan(instruments.telescopeOf(newest.instrumentId));
  for (const days of LOOKED_BACK_DAYS) {
    const intervals: number[] = [];
    const from = mjdUtc(newest.timestamp - days);
    let last: number | undefined;
    for await (const page of reader.historyPages(from, newest.timestamp, others)) {
      for (const { timestamp } of page) {
        if (last !== undefined) intervals.push((timestamp - last) * SECONDS_PER_DAY);
        last = timestamp;
      }
    }
    const found = medianOfEnough(intervals);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The median interval between times, the newest first; undefined where they are too few to tell. */
export function cadenceOfTimes(newestFirst: readonly MjdUtc[]): number | undefined {
  return medianOfEnough(
    newestFirst.slice(1).map((time, i) => ((newestFirst[i] as MjdUtc) - time) * SECONDS_PER_DAY),
  );
}

const medianOfEnough = (intervals: number[]): number | undefined =>
  intervals.length >= LEAST_INTERVALS ? median(intervals) : undefined;

function median(numbers: number[]): number {
  const sorted = numbers.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
