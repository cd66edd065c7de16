import { astrometry } from '../native/astrometry.js';
import { hourAngleDeg } from '../sky/angles.js';
import { dsa110 } from '../sky/site.js';
import type { HistoryRow } from '../store/rows.js';
import { degrees, type MjdUtc, mjdUtc, SECONDS_PER_DAY, wrap360 } from '../units.js';

/** The fault is described at FAULT_RANGE in store/plausible.ts. */
const WRONG_EPOCH_MJD = 51544;
const JD_OF_MJD_0 = 2400000.5;

/** The Python monitor used several longitudes for the array, up to 0.002 degrees apart; real hour angles are larger. */
const MIN_HOUR_ANGLE_DEG = 0.01;

/** Good to 0.03 s: half the spacing of doubles at the wrong timestamp, times a day in seconds. */
export function trueTime(wrong: MjdUtc): MjdUtc {
  return mjdUtc((wrong - WRONG_EPOCH_MJD) * SECONDS_PER_DAY - JD_OF_MJD_0);
}

/**
 * Rows as they should have been, in the same order. The stored right ascension was the sidereal time at the wrong instant
 * minus the hour angle, which is so won back. The declination was right.
 */
export function trueRows(faulty: readonly HistoryRow[]): HistoryRow[] {
  const times = faulty.map(({ timestamp }) => trueTime(timestamp));
  const wrongLstDeg = siderealTimesDeg(faulty.map(({ timestamp }) => timestamp));
  const lstDeg = siderealTimesDeg(times);
  return faulty.map(({ ra_deg, dec_deg }, i) => {
    const given = hourAngleDeg(wrongLstDeg[i] as number, ra_deg);
    const haDeg = Math.abs(given) < MIN_HOUR_ANGLE_DEG ? 0 : given;
    const raDeg = wrap360((lstDeg[i] as number) - haDeg);
    return { timestamp: times[i] as MjdUtc, ra_deg: degrees(raDeg), dec_deg };
  });
}

const siderealTimesDeg = (times: readonly number[]) =>
  astrometry().apparentSiderealTimesDeg(Float64Array.from(times), dsa110.longitudeDeg);
