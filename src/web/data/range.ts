import type { MjdSpan } from './api.js';

const names = ['1h', '24h', '7d', '30d', 'all', 'custom'] as const;
export type RangeName = (typeof names)[number];

const DEFAULT: RangeName = '7d';

/** Of the address, `#30d`, so that a view can be kept as a bookmark. */
export const rangeOfAddress = (hash: string): RangeName =>
  names.find((name) => name !== 'custom' && hash === `#${name}`) ?? DEFAULT;

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
