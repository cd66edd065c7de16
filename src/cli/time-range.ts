import { UsageError } from '../errors.js';
import { type MjdUtc, mjdUtc, mjdUtcOfUnix, type TimeRange, unixSeconds } from '../units.js';
import { numberFlag } from './config.js';

export interface TimeFlags {
  from: string | undefined;
  to: string | undefined;
  'days-back': number | undefined;
  'days-ahead': number | undefined;
}

/** The flags that `timeRange` reads. */
export const timeOptions = {
  from: { type: 'string', describe: 'First UTC date or time, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss' },
  to: { type: 'string', describe: 'Last UTC date, included, or time' },
  'days-back': { type: 'number', describe: 'Instead of --from: days before now' },
  'days-ahead': { type: 'number', describe: 'Instead of --to: days after now' },
} as const;

/** Everything that can have been observed. */
const ALL_TIME: TimeRange = { fromMjdUtc: mjdUtc(47892), toMjdUtc: mjdUtc(88069) };
const SECONDS_PER_DAY = 86400;

/** What the flags say, else these days around now; an end that nobody gives is that of all time. */
export function timeRange(
  flags: TimeFlags,
  defaults: { readonly daysBack?: number; readonly daysAhead?: number } = {},
): TimeRange {
  const now = mjdUtcOfUnix(unixSeconds(Date.now() / 1000));
  const daysBack = exclusive(flags, 'from', 'days-back') ?? defaults.daysBack;
  const daysAhead = exclusive(flags, 'to', 'days-ahead') ?? defaults.daysAhead;
  const from = flags.from === undefined ? undefined : parseTime(flags.from, '--from').start;
  const to = flags.to === undefined ? undefined : parseTime(flags.to, '--to').end;
  const range = {
    fromMjdUtc: from ?? (daysBack === undefined ? ALL_TIME.fromMjdUtc : mjdUtc(now - daysBack)),
    toMjdUtc: to ?? (daysAhead === undefined ? ALL_TIME.toMjdUtc : mjdUtc(now + daysAhead)),
  };
  if (range.fromMjdUtc > range.toMjdUtc) throw new UsageError('the range of times ends before it begins');
  return range;
}

function exclusive(flags: TimeFlags, time: 'from' | 'to', days: 'days-back' | 'days-ahead') {
  if (flags[time] !== undefined && flags[days] !== undefined) {
    throw new UsageError(`--${time} and --${days} say the same: give one of them`);
  }
  return flags[days] === undefined
    ? undefined
    : numberFlag(flags[days], `--${days}`, { least: 0, most: 36525 });
}

/** The instant, or where only a date is given its first and its last. */
function parseTime(text: string, flag: string): { start: MjdUtc; end: MjdUtc } {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d+)?)Z?)?$/.exec(text);
  const [, date, time] = match ?? [];
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const instant = Date.parse(`${date}T${time ?? '00:00:00'}Z`);
  // Date.parse takes 2025-02-30 for March 2.
  if (Number.isNaN(instant) || new Date(midnight).toISOString().slice(0, 10) !== date) {
    throw new UsageError(`${flag} ${text}: expected a UTC date or time, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss`);
  }
  const start = mjdUtcOfUnix(unixSeconds(instant / 1000));
  const end = time === undefined ? mjdUtcOfUnix(unixSeconds(instant / 1000 + SECONDS_PER_DAY)) : start;
  if (start < ALL_TIME.fromMjdUtc || end > ALL_TIME.toMjdUtc) {
    throw new UsageError(`${flag} ${text}: expected a time from 1990 to 2099`);
  }
  return { start, end };
}
