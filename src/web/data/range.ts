import type { MjdSpan } from './api.js';

export type RangeName = '1h' | '24h' | '7d' | '30d' | 'all' | 'custom';

const DAYS: Partial<Record<RangeName, number>> = { '1h': 1 / 24, '24h': 1, '7d': 7, '30d': 30 };

/**
 * The span of a range. It ends now, or with the newest row where that is later (another machine's clock, or a simulated
 * sky), and is open at that end, so that new rows belong to it.
 */
export function spanOf(
  range: RangeName,
  nowMjd: number,
  newestMjd: number | undefined,
  custom: MjdSpan,
): MjdSpan {
  if (range === 'custom') return custom;
  const days = DAYS[range];
  const end = Math.max(nowMjd, newestMjd ?? Number.NEGATIVE_INFINITY);
  return {
    start: days === undefined ? Number.NEGATIVE_INFINITY : end - days,
    end: Number.POSITIVE_INFINITY,
  };
}
