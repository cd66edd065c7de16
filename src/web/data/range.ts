import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { mjdOfText, utc } from '../format.js';

/** Days, both ends included. */
export interface MjdSpan {
  readonly start: number;
  readonly end: number;
}

const names = ['1h', '24h', '7d', '30d', 'all', 'custom'] as const;
export type RangeName = (typeof names)[number];

const DEFAULT: RangeName = '7d';

/** As the address has it. */
export const rangeOf = (text: string | undefined): RangeName =>
  names.find((name) => name === text) ?? DEFAULT;

/** `2025-10-04T12:00:00,2025-10-05T00:00:00`, UTC: the whole seconds around the span. */
export function textOfSpan({ start, end }: MjdSpan): string {
  const iso = (seconds: number) => utc(seconds / SECONDS_PER_DAY).replace(' ', 'T');
  return `${iso(Math.floor(start * SECONDS_PER_DAY))},${iso(Math.ceil(end * SECONDS_PER_DAY))}`;
}

/** The same the other way about; undefined where the text is no span. */
export function spanOfText(text: string | undefined): MjdSpan | undefined {
  const [start, end] = (text ?? '').split(',').map(mjdOfText);
  return start !== undefined && end !== undefined && start < end ? { start, end } : undefined;
}

/** Spans are kept to whole seconds. */
const SLACK_DAYS = 2 / SECONDS_PER_DAY;
export const isWithin = (inner: MjdSpan, outer: MjdSpan) =>
  inner.start >= outer.start - SLACK_DAYS && inner.end <= outer.end + SLACK_DAYS;

export const union = (a: MjdSpan | undefined, b: MjdSpan): MjdSpan =>
  a ? { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) } : b;

const DAYS: Partial<Record<RangeName, number>> = { '1h': 1 / 24, '24h': 1, '7d': 7, '30d': 30 };

/**
 * The span of a range. It ends now, or with the newest row where that is later (another machine's clock, or a simulated
 * sky), and is open at that end, so that new rows belong to it.
 */
export function spanOf(
  range: RangeName,
  nowMjd: number,
  newestMjd: number | undefined,
  custom: MjdSpan | undefined,
): MjdSpan {
  if (range === 'custom' && custom) return custom;
  const days = DAYS[range];
  const end = Math.max(nowMjd, newestMjd ?? Number.NEGATIVE_INFINITY);
  return {
    start: days === undefined ? Number.NEGATIVE_INFINITY : end - days,
    end: Number.POSITIVE_INFINITY,
  };
}
