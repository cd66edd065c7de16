/**
 * Numbers that carry their unit and time scale in their type, so that one cannot be passed for another.
 * A plain number becomes one only by the functions below, at the edges where its unit is known.
 */
declare const unit: unique symbol;
type Measured<Unit extends string> = number & { readonly [unit]: Unit };

export type Degrees = Measured<'deg'>;
/** Modified Julian Date, UTC, in days: JD - 2400000.5. */
export type MjdUtc = Measured<'MJD UTC'>;
/** Seconds since 1970-01-01T00:00:00 UTC, leap seconds not counted (POSIX). */
export type UnixSeconds = Measured<'s since 1970'>;

export const degrees = (value: number) => value as Degrees;
export const mjdUtc = (value: number) => value as MjdUtc;
export const unixSeconds = (value: number) => value as UnixSeconds;

const MJD_OF_UNIX_EPOCH = 40587;
const SECONDS_PER_DAY = 86400;

export const mjdUtcOfUnix = (time: UnixSeconds): MjdUtc => mjdUtc(time / SECONDS_PER_DAY + MJD_OF_UNIX_EPOCH);
export const unixOfMjdUtc = (mjd: MjdUtc): UnixSeconds =>
  unixSeconds((mjd - MJD_OF_UNIX_EPOCH) * SECONDS_PER_DAY);

export const isoOfUnix = (time: UnixSeconds): string => new Date(time * 1000).toISOString();
/** ISO 8601, UTC, to the second: `2025-10-04T15:14:41Z`. */
export const isoOfMjdUtc = (mjd: MjdUtc): string =>
  `${new Date(Math.round(unixOfMjdUtc(mjd)) * 1000).toISOString().slice(0, 19)}Z`;
/** ISO 8601, UTC, to the millisecond: `2025-10-04T15:14:41.326Z`. */
export const isoMillisecondsOfMjdUtc = (mjd: MjdUtc): string =>
  new Date(Math.round(unixOfMjdUtc(mjd) * 1000)).toISOString();
