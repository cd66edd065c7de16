import { ALWAYS, type MjdUtc, mjdUtc, nowMjdUtc, SECONDS_PER_DAY } from '../units.js';
import type { UnattributedRow } from './rows.js';

/**
 * What a plausible row of pointing_history is. Other programs write to the table too, and SQLite lets them store text or
 * NULL in any column. Every reader of the history leaves out rows that are not plausible; nothing deletes them.
 */

/** First and last MJD at which a row is plausible: 1990-01-01 and 2100-01-01. */
export const FIRST_MJD = mjdUtc(47892);
export const LAST_MJD = mjdUtc(88069);
/** Clocks of different hosts differ by less. Mid times lie in the past. */
const AHEAD_DAYS = 600 / SECONDS_PER_DAY;

/**
 * The Python monitor read the Julian Date in days as seconds since MJD 51544. A true date from 2020 to 2050 so became an
 * MJD from 51572.459 to 51572.586, on 2000-01-29, when this telescope did not exist.
 */
export const FAULT_RANGE = {
  start: mjdUtc(51544 + 2458849.5 / SECONDS_PER_DAY),
  end: mjdUtc(51544 + 2469807.5 / SECONDS_PER_DAY),
} as const;

/** The latest mid time that an observation can have now. */
export const latestMjdUtc = (): MjdUtc => mjdUtc(Math.min(nowMjdUtc() + AHEAD_DAYS, LAST_MJD));

/** The part of a range of times, both ends included, in which a row can be plausible. */
export function plausibleRange(start: MjdUtc, end: MjdUtc): readonly [MjdUtc, MjdUtc] {
  return [mjdUtc(Math.max(start, FIRST_MJD)), mjdUtc(Math.min(end, latestMjdUtc()))];
}

/** All times at which a row can be plausible. */
export const plausibleTimes = () => plausibleRange(ALWAYS.fromMjdUtc, ALWAYS.toMjdUtc);

/** A position: NULL, text (greater than any number in SQLite), infinities and NaN fail the test. */
export const HAS_POSITION = 'ra_deg BETWEEN -360 AND 360 AND dec_deg BETWEEN -90 AND 90';
const IS_FAULTY = `timestamp >= ${FAULT_RANGE.start} AND timestamp < ${FAULT_RANGE.end}`;
/** A row whose timestamp lies in `plausibleRange` is plausible where this holds. */
export const IS_PLAUSIBLE = `${HAS_POSITION} AND NOT (${IS_FAULTY})`;
/** A row with the Python monitor's wrong time, and with what its right time and position are computed from. */
export const IS_REPAIRABLE = `${IS_FAULTY} AND ${HAS_POSITION}`;
/** Selects the newest plausible row, or one that is plausible but for lying in the future. */
export const NEWEST_PLAUSIBLE = `SELECT timestamp, ra_deg, dec_deg FROM pointing_history
  WHERE timestamp BETWEEN ${FIRST_MJD} AND ${LAST_MJD} AND ${IS_PLAUSIBLE} ORDER BY timestamp DESC LIMIT 1`;

/** Why a row is not plausible. `wrong_time`: the fault of the Python monitor, which `doctor --repair` corrects. */
export const implausibleReasons = ['impossible_time', 'future', 'wrong_time', 'no_position'] as const;
export type ImplausibleReason = (typeof implausibleReasons)[number];
export type ImplausibleCounts = Readonly<Partial<Record<ImplausibleReason, number>>>;

/** Conditions by reason; each row that is not plausible meets exactly one. $1 is `latestMjdUtc()`. */
export const IMPLAUSIBLE = {
  // Text compares as greater than any number, so it is here too.
  impossible_time: `(timestamp < ${FIRST_MJD} OR timestamp > ${LAST_MJD} OR timestamp IS NULL)`,
  future: `(timestamp > $1 AND timestamp <= ${LAST_MJD})`,
  wrong_time: `(${IS_FAULTY})`,
  no_position: `(timestamp BETWEEN ${FIRST_MJD} AND $1 AND NOT (${IS_FAULTY}) AND (${HAS_POSITION}) IS NOT TRUE)`,
} as const satisfies Record<ImplausibleReason, string>;

/** The same in TypeScript: undefined for a plausible row. */
export function whyImplausible({
  timestamp,
  ra_deg,
  dec_deg,
}: UnattributedRow): ImplausibleReason | undefined {
  if (typeof timestamp !== 'number' || !(timestamp >= FIRST_MJD && timestamp <= LAST_MJD))
    return 'impossible_time';
  if (timestamp > latestMjdUtc()) return 'future';
  if (timestamp >= FAULT_RANGE.start && timestamp < FAULT_RANGE.end) return 'wrong_time';
  return isWithin(ra_deg, 360) && isWithin(dec_deg, 90) ? undefined : 'no_position';
}

const isWithin = (value: unknown, bound: number) => typeof value === 'number' && Math.abs(value) <= bound;
