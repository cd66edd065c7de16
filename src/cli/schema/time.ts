import { UsageError } from '../../errors.js';
import { FIRST_MJD, LAST_MJD } from '../../store/plausible.js';
import {
  MINUTES_PER_DAY,
  type MjdUtc,
  mjdUtc,
  mjdUtcOfUnix,
  type TimeRange,
  unixSeconds,
} from '../../units.js';
import type { TimeSpan } from './types.js';

/** Everything that can have been observed: 1990 to 2099. */
export const ALL_TIME: TimeRange = { fromMjdUtc: FIRST_MJD, toMjdUtc: LAST_MJD };

const DAY = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(?:Z|\+00:00| ?UTC)?)?$/i;
const AGO = /^([+-]\d+(?:\.\d+)?)([mhdw])$/;
const MJD = /^\d{5}(?:\.\d+)?$/;
const DAYS_IN = { m: 1 / MINUTES_PER_DAY, h: 1 / 24, d: 1, w: 7 } as const;
const NAMED_DAYS = { yesterday: -1, today: 0, tomorrow: 1 } as const;

/** A time as people write it, in UTC; `what` names it in the error for anything else. Throws a UsageError. */
export function parseTime(text: string, what: string, now = Date.now()): TimeSpan {
  const span = spanOf(text.trim(), mjdUtcOfUnix(unixSeconds(now / 1000)));
  if (!span) {
    throw new UsageError(
      `${what}: expected a UTC time such as 2026-01-02, "2026-01-02 03:04", 2026-01-02T03:04:05Z, an MJD, -3d or yesterday`,
    );
  }
  if (span.startMjdUtc < ALL_TIME.fromMjdUtc || span.endMjdUtc > ALL_TIME.toMjdUtc)
    throw new UsageError(`${what}: expected a time from 1990 to 2099`);
  return span;
}

function spanOf(text: string, now: MjdUtc): TimeSpan | undefined {
  const word = text.toLowerCase();
  if (word === 'now') return at(now);
  if (Object.hasOwn(NAMED_DAYS, word))
    return day(Math.floor(now) + NAMED_DAYS[word as keyof typeof NAMED_DAYS]);
  const [, number, unit] = AGO.exec(word) ?? [];
  if (number) return at(now + Number(number) * DAYS_IN[unit as keyof typeof DAYS_IN]);
  if (MJD.test(text)) return at(Number(text));
  const [, date, minute, second = ':00'] = DAY.exec(text) ?? [];
  if (date === undefined) return undefined;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // Date.parse takes 2025-02-30 for March 2.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  if (minute === undefined) return day(mjdUtcOfUnix(unixSeconds(midnight / 1000)));
  const instant = Date.parse(`${date}T${minute}${second}Z`);
  return Number.isNaN(instant) ? undefined : at(mjdUtcOfUnix(unixSeconds(instant / 1000)));
}

const at = (mjd: number): TimeSpan => ({ startMjdUtc: mjdUtc(mjd), endMjdUtc: mjdUtc(mjd) });
const day = (mjd: number): TimeSpan => ({ startMjdUtc: mjdUtc(mjd), endMjdUtc: mjdUtc(mjd + 1) });
