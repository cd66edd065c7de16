import { astrometry, computableTime } from '../../native/astrometry.js';
import type { SkyRegion } from '../../store/rows.js';
import { mjdUtc, type TimeRange, wrap180, wrap360 } from '../../units.js';
import type { Source } from '../calibrators.js';
import { SIDEREAL_DEG_PER_SECOND } from '../observation-time.js';
import { raReachDeg, type SearchOptions } from './search.js';

/** Between this many samples of a century, precession is even enough. */
const SAMPLES = 13;
/** Nutation and aberration together stay below it. */
const MARGIN_DEG = 0.02;

/** The part of the apparent sky in which the telescope must have pointed to see a source within the radius. */
export function regionAround(
  { raIcrsDeg, decIcrsDeg }: Source,
  { fromMjdUtc, toMjdUtc }: TimeRange,
  { radiusDeg, instrument, longestSeconds }: SearchOptions,
): SkyRegion {
  const from = computableTime(fromMjdUtc);
  const to = Math.max(from, computableTime(toMjdUtc));
  const places = Array.from({ length: SAMPLES }, (_, i) => {
    const time = mjdUtc(from + ((to - from) * i) / (SAMPLES - 1));
    return astrometry().apparentPlaceOfIcrs(raIcrsDeg, decIcrsDeg, time, instrument.site);
  });
  const reachDeg = radiusDeg + MARGIN_DEG;
  const decs = places.map(({ decDeg }) => decDeg);
  const [southDeg, northDeg] = [Math.min(...decs), Math.max(...decs)];
  const driftDeg = (longestSeconds / 2) * SIDEREAL_DEG_PER_SECOND;
  const raMarginDeg = raReachDeg(Math.max(northDeg, -southDeg), reachDeg) + driftDeg;
  const middleDeg = places[0]?.raDeg ?? raIcrsDeg;
  const offsets = places.map(({ raDeg }) => wrap180(raDeg - middleDeg));
  const westDeg = Math.min(...offsets) - raMarginDeg;
  const widthDeg = Math.max(...offsets) + raMarginDeg - westDeg;
  const all = widthDeg >= 360;
  const raFromDeg = all ? 0 : wrap360(middleDeg + westDeg);
  return {
    decFromDeg: southDeg - reachDeg,
    decToDeg: northDeg + reachDeg,
    raFromDeg,
    raToDeg: all ? 360 : raFromDeg + widthDeg,
  };
}
