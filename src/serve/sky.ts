import { addon, type Site } from '../extract/addon.js';
import type { HistoryRow } from '../store/store.js';
import { type Degrees, degrees, type MjdUtc } from '../units.js';

/** The addon's forms for many values; see native/boundary/astrometry_series.h. Values out of range give NaN. */
interface Series {
  apparentSiderealTimesDeg(mjdUtc: Float64Array, longitudeDeg: Degrees): Float64Array;
  icrsOfApparentSeries(
    haDeg: Float64Array,
    decDeg: Float64Array,
    mjdUtc: Float64Array,
    site: Site,
  ): { readonly raIcrsDeg: Float64Array; readonly decIcrsDeg: Float64Array };
}

const series = addon as unknown as Series;

/** The DSA-110 at OVRO, by the header of its own files. */
export const site: Site = {
  latitudeDeg: degrees(37.23337777),
  longitudeDeg: degrees(-118.283407),
  altitudeM: 1188.0519,
};

export interface IcrsColumns {
  readonly raIcrsDeg: Float64Array;
  readonly decIcrsDeg: Float64Array;
}

/**
 * The ICRS directions of apparent ones, without refraction. A row keeps no hour angle: it is sidereal time minus right
 * ascension, and the site cancels out but for a third of an arcsecond of diurnal aberration. NaN where a row's date is
 * before 1973 or its numbers are not possible.
 */
export function icrsOfRows(rows: readonly HistoryRow[]): IcrsColumns {
  const mjd = Float64Array.from(rows, ({ timestamp }) => timestamp);
  const lst = series.apparentSiderealTimesDeg(mjd, site.longitudeDeg);
  const ha = Float64Array.from(rows, ({ ra_deg }, i) => wrap180((lst[i] as number) - ra_deg));
  const dec = Float64Array.from(rows, ({ dec_deg }) => dec_deg);
  return series.icrsOfApparentSeries(ha, dec, mjd, site);
}

/** Apparent sidereal time at the telescope. */
export const siderealTimeDeg = (time: MjdUtc): Degrees =>
  addon.apparentSiderealTimeDeg(time, site.longitudeDeg);

const wrap180 = (deg: number) => ((((deg + 180) % 360) + 360) % 360) - 180;
