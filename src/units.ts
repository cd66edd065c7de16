/**
 * Numbers that carry their unit and time scale in their type, so that one cannot be passed for another.
 * A plain number becomes one only by the functions below, at the edges where its unit is known.
 */
declare const unit: unique symbol;
type Measured<Unit extends string> = number & { readonly [unit]: Unit };

/** An angle in degrees; the name it goes by says in which frame. */
export type Degrees = Measured<'deg'>;
/** Modified Julian Date, UTC, in days: JD - 2400000.5. */
export type MjdUtc = Measured<'MJD UTC'>;
/** Seconds since 1970-01-01T00:00:00 UTC, leap seconds not counted (POSIX). */
export type UnixSeconds = Measured<'s since 1970'>;

/** A range of times, both ends included. */
export interface TimeRange {
  readonly fromMjdUtc: MjdUtc;
  readonly toMjdUtc: MjdUtc;
}

/** All times. */
export const ALWAYS: TimeRange = {
  fromMjdUtc: Number.NEGATIVE_INFINITY as MjdUtc,
  toMjdUtc: Number.POSITIVE_INFINITY as MjdUtc,
};

/** Says that a number is an angle in degrees. */
export const degrees = (value: number) => value as Degrees;
/** Says that a number is a Modified Julian Date, UTC, in days. */
export const mjdUtc = (value: number) => value as MjdUtc;
/** Says that a number is in seconds since 1970-01-01T00:00:00 UTC. */
export const unixSeconds = (value: number) => value as UnixSeconds;

/** Radians in a degree. */
export const RAD_PER_DEG = Math.PI / 180;

/** The same direction from 0 up to 360 degrees: a right ascension. */
export function wrap360(angleDeg: number): Degrees {
  const rest = angleDeg % 360;
  const wrapped = rest < 0 ? rest + 360 : rest;
  // The sum may have rounded up.
  return degrees(wrapped === 360 ? 0 : wrapped);
}

/** A number for people, never a negative zero. */
export const fixed = (value: number, decimals?: number): string =>
  value.toFixed(decimals).replace(/^-(?=[0.]*$)/, '');

/** An angle from 0 to 360 degrees for people. Wraps after rounding, so 359.99999 is 0.0000 and never 360.0000. */
export const fixed360 = (angleDeg: number, decimals?: number): string =>
  wrap360(Number(angleDeg.toFixed(decimals))).toFixed(decimals);

/** The same direction from -180 up to 180 degrees: an hour angle, or a difference of right ascensions. */
export const wrap180 = (angleDeg: number): Degrees => degrees(wrap360(angleDeg + 180) - 180);

/** `1 file`, `2 files`, `2 directories`: the number with what it counts. */
export const counted = (count: number, noun: string): string =>
  count === 1 ? `1 ${noun}` : `${count} ${noun.replace(/y$/, 'ie')}s`;

const MJD_OF_UNIX_EPOCH = 40587;
/** Of every day, as POSIX counts, also one that ends with a leap second. */
export const SECONDS_PER_DAY = 86400;
/** Of every day, likewise. */
export const MINUTES_PER_DAY = 1440;

/** The time scale of both is UTC. */
export const mjdUtcOfUnix = (time: UnixSeconds): MjdUtc => mjdUtc(time / SECONDS_PER_DAY + MJD_OF_UNIX_EPOCH);
/** The inverse. A double holds a present-day MJD to a microsecond. */
export const unixOfMjdUtc = (mjd: MjdUtc): UnixSeconds =>
  unixSeconds((mjd - MJD_OF_UNIX_EPOCH) * SECONDS_PER_DAY);
/** Of a `Date`, which counts milliseconds since 1970: `mjdUtcOfDate(new Date())` is now. NaN for an invalid date. */
export const mjdUtcOfDate = (date: Date): MjdUtc => mjdUtcOfUnix(unixSeconds(date.getTime() / 1000));

/** The last time before a positive one that a double can hold: ends a range that leaves out this time. */
export const justBefore = (mjd: MjdUtc): MjdUtc => mjdUtc(mjd * (1 - Number.EPSILON / 2));

/** By this host's clock. */
export const nowMjdUtc = (): MjdUtc => mjdUtcOfDate(new Date());

/** ISO 8601, UTC, to the millisecond: `2025-10-04T15:14:41.326Z`. Throws a RangeError for what is no time. */
export const isoOfUnix = (time: UnixSeconds): string => new Date(time * 1000).toISOString();
/** ISO 8601, UTC, to the second: `2025-10-04T15:14:41Z`. Throws a RangeError for what is no time. */
export const isoOfMjdUtc = (mjd: MjdUtc): string =>
  `${new Date(Math.round(unixOfMjdUtc(mjd)) * 1000).toISOString().slice(0, 19)}Z`;
/** ISO 8601, UTC, to the millisecond: `2025-10-04T15:14:41.326Z`. Throws a RangeError for what is no time. */
export const isoMillisecondsOfMjdUtc = (mjd: MjdUtc): string =>
  new Date(Math.round(unixOfMjdUtc(mjd) * 1000)).toISOString();
