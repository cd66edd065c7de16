import { astrometry, type Site } from '../native/astrometry.js';
import { hourAngleDeg } from './angles.js';

/**
 * The ICRS directions of apparent ones, without refraction. A row keeps no hour angle: it is sidereal time minus right
 * ascension, and the site cancels out but for a third of an arcsecond of diurnal aberration. NaN where a row's date is
 * outside 1990 to 2100 or its numbers are not possible.
 */
export function icrsOfColumns(mjdUtc: Float64Array, raDeg: Float64Array, decDeg: Float64Array, site: Site) {
  const lstDeg = astrometry().apparentSiderealTimesDeg(mjdUtc, site.longitudeDeg);
  const haDeg = raDeg.map((ra, i) => hourAngleDeg(lstDeg[i] as number, ra));
  return astrometry().icrsOfApparentSeries(haDeg, decDeg, mjdUtc, site);
}
