import { UsageError } from '../errors.js';
import { justBefore, type MjdUtc, mjdUtc, nowMjdUtc, type TimeRange } from '../units.js';
import { ALL_TIME } from './schema/time.js';
import type { TimeSpan } from './schema/types.js';

export interface TimeFlags {
  readonly from: TimeSpan | undefined;
  readonly to: TimeSpan | undefined;
  readonly 'days-back': number | undefined;
  readonly 'days-ahead': number | undefined;
}

/**
 * What the flags say, else these days around now; an end that nobody gives is that of all time. Where the one that is given lies beyond
 * the other's default, the days count from it. Throws a UsageError.
 */
export function timeRange(
  flags: TimeFlags,
  defaults: { readonly daysBack?: number; readonly daysAhead?: number } = {},
): TimeRange {
  requireOne(flags, 'from', 'days-back');
  requireOne(flags, 'to', 'days-ahead');
  const now = nowMjdUtc();
  const daysBack = flags['days-back'] ?? defaults.daysBack;
  const daysAhead = flags['days-ahead'] ?? defaults.daysAhead;
  const { fromMjdUtc: first, toMjdUtc: last } = ALL_TIME;
  const near = (days: number | undefined, bound: MjdUtc, time = now) =>
    days === undefined ? bound : mjdUtc(Math.min(Math.max(time + days, first), last));
  const { from, to } = flags;
  const range = {
    fromMjdUtc: from?.startMjdUtc ?? near(daysBack && -daysBack, first),
    toMjdUtc: to ? lastOf(to) : near(daysAhead, last),
  };
  if (range.fromMjdUtc <= range.toMjdUtc) return range;
  if (from && !to && flags['days-ahead'] === undefined)
    return { ...range, toMjdUtc: near(daysAhead, last, range.fromMjdUtc) };
  if (to && !from && flags['days-back'] === undefined)
    return { ...range, fromMjdUtc: near(daysBack && -daysBack, first, range.toMjdUtc) };
  throw new UsageError('the time range ends before it starts');
}

/** A day ends when the next one begins, and has nothing of it. */
const lastOf = ({ startMjdUtc, endMjdUtc }: TimeSpan): MjdUtc =>
  startMjdUtc < endMjdUtc ? justBefore(endMjdUtc) : endMjdUtc;

function requireOne(flags: TimeFlags, time: 'from' | 'to', days: 'days-back' | 'days-ahead'): void {
  if (flags[time] !== undefined && flags[days] !== undefined)
    throw new UsageError(`--${time} and --${days} exclude each other: give one`);
}
