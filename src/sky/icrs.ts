import { astrometry } from '../native/astrometry.js';
import type { HistoryRow } from '../store/rows.js';
import { hourAngleDeg } from './angles.js';
import { dsa110 } from './site.js';

export interface IcrsColumns {
  readonly raIcrsDeg: Float64Array;
  readonly decIcrsDeg: Float64Array;
}

/**
 * The ICRS directions of apparent ones, without refraction. A row keeps no hour angle: it is sidereal time minus right
 * ascension, and the site cancels out but for a third of an arcsecond of diurnal aberration. NaN where a row's date is
 * outside 1990 to 2100 or its numbers are not possible.
 */
export function icrsOfColumns(mjdUtc: Float64Array, raDeg: Float64Array, decDeg: Float64Array): IcrsColumns {
  const lstDeg = astrometry().apparentSiderealTimesDeg(mjdUtc, dsa110.longitudeDeg);
  const haDeg = raDeg.map((ra, i) => hourAngleDeg(lstDeg[i] as number, ra));
  return astrometry().icrsOfApparentSeries(haDeg, decDeg, mjdUtc, dsa110);
}

export const icrsOfRow = ({ timestamp, ra_deg, dec_deg }: HistoryRow): IcrsColumns =>
  icrsOfColumns(Float64Array.of(timestamp), Float64Array.of(ra_deg), Float64Array.of(dec_deg));
