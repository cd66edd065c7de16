import { astrometry } from '../native/astrometry.js';
import { hourAngleDeg } from '../sky/angles.js';
import { dsa110 } from '../sky/site.js';
import type { HistoryRow } from '../store/store.js';
import type { Degrees, MjdUtc } from '../units.js';

export interface IcrsColumns {
  readonly raIcrsDeg: Float64Array;
  readonly decIcrsDeg: Float64Array;
}

/**
 * The ICRS directions of apparent ones, without refraction. A row keeps no hour angle: it is sidereal time minus right
 * ascension, and the site cancels out but for a third of an arcsecond of diurnal aberration. NaN where a row's date is
 * outside 1990 to 2100 or its numbers are not possible.
 */
export function icrsOfRows(rows: readonly HistoryRow[]): IcrsColumns {
  const mjd = Float64Array.from(rows, ({ timestamp }) => timestamp);
  const lst = astrometry().apparentSiderealTimesDeg(mjd, dsa110.longitudeDeg);
  const ha = Float64Array.from(rows, ({ ra_deg }, i) => hourAngleDeg(lst[i] as number, ra_deg));
  const dec = Float64Array.from(rows, ({ dec_deg }) => dec_deg);
  return astrometry().icrsOfApparentSeries(ha, dec, mjd, dsa110);
}

/** Apparent sidereal time at the telescope. */
export const siderealTimeDeg = (time: MjdUtc): Degrees =>
  astrometry().apparentSiderealTimeDeg(time, dsa110.longitudeDeg);
