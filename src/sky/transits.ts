import { astrometry, computableTime, isComputableTime, type Site } from '../native/astrometry.js';
import {
  type Degrees,
  degrees,
  type MjdUtc,
  mjdUtc,
  SECONDS_PER_DAY,
  type TimeRange,
  wrap360,
} from '../units.js';
import { beamOf } from './beam.js';
import { type Calibrator, calibratorsAbove, type Source } from './calibrators.js';
import type { FixedDirection } from './in-beam.js';
import type { Instrument } from './instrument.js';
import { SIDEREAL_DEG_PER_SECOND } from './observation-time.js';
import { dsa110 } from './site.js';

/** An upper transit: the source crosses the meridian, apparent right ascension = apparent sidereal time. */
export interface Transit<S extends Source = Source> {
  readonly source: S;
  readonly mjdUtc: MjdUtc;
  /** Local apparent sidereal time, which is the source's apparent right ascension where the hour angle is 0. */
  readonly lstDeg: Degrees;
  /** Without refraction. */
  readonly elevationDeg: Degrees;
  /** Apparent, equinox of date. */
  readonly decDeg: Degrees;
}

/** From one instant to the other, both included, oldest first. Throws a RangeError for a date outside 1990 to 2100. */
export function transitsOf<S extends Source>(
  source: S,
  fromMjdUtc: MjdUtc,
  toMjdUtc: MjdUtc,
  site: Site = dsa110,
): Transit<S>[] {
  const { raIcrsDeg, decIcrsDeg } = source;
  const times = astrometry().upperTransits(raIcrsDeg, decIcrsDeg, fromMjdUtc, toMjdUtc, site);
  const column = (value: number) => new Float64Array(times.length).fill(value);
  const places = astrometry().apparentPlacesOfIcrsSeries(column(raIcrsDeg), column(decIcrsDeg), times, site);
  return Array.from(times, (time, i) => ({
    source,
    mjdUtc: mjdUtc(time),
    // The hour angle is 0.
    lstDeg: degrees(places.raDeg[i] as number),
    elevationDeg: degrees(places.elevationDeg[i] as number),
    decDeg: degrees(places.decDeg[i] as number),
  }));
}

/** The Earth's orientation of so long is kept in memory. */
const WINDOW_DAYS = 1000;
/** Two transits of a source are never so near to each other. */
export const SAME_TRANSIT_DAYS = 0.1;

/** Of many sources together, oldest first. */
export function transitsOfAll<S extends Source>(
  sources: readonly S[],
  fromMjdUtc: MjdUtc,
  toMjdUtc: MjdUtc,
  site: Site = dsa110,
): Transit<S>[] {
  const all: Transit<S>[] = [];
  const last = new Map<S, number>();
  for (let from: number = fromMjdUtc; from <= toMjdUtc; from += WINDOW_DAYS) {
    // Windows overlap, so that none is lost between two.
    const to = Math.min(from + WINDOW_DAYS + SAME_TRANSIT_DAYS, toMjdUtc);
    const found = sources.flatMap((source) =>
      transitsOf(source, mjdUtc(from), mjdUtc(to), site).filter(
        ({ mjdUtc: time }) => time - (last.get(source) ?? Number.NEGATIVE_INFINITY) > SAME_TRANSIT_DAYS,
      ),
    );
    for (const transit of found) {
      all.push(transit);
      last.set(transit.source, transit.mjdUtc);
    }
  }
  return all.sort((a, b) => a.mjdUtc - b.mjdUtc);
}

/** Precession and aberration move declinations by less than this between 1990 and 2100. */
const MAX_DEC_MOTION_DEG = 0.7;

/** Whether a source may, at some date, come within this distance of an apparent declination: to leave out the others. */
export function nearDeclination(decDeg: Degrees, withinDeg: number): (source: Source) => boolean {
  return ({ decIcrsDeg }) => Math.abs(decIcrsDeg - decDeg) <= withinDeg + MAX_DEC_MOTION_DEG;
}

/**
 * When calibrators at least so bright pass a telescope that stands in a direction, at most so far from it in declination: by
 * default within the half-power beam. These are transits, earlier or later by the telescope's hour angle. Oldest first. Throws a
 * RangeError for a date outside 1990 to 2100.
 */
export function transitsNear(
  { haDeg, decDeg }: FixedDirection,
  instrument: Instrument,
  { fromMjdUtc, toMjdUtc }: TimeRange,
  minFluxJy: number,
  radiusDeg: number = beamOf(instrument).fwhmDeg / 2,
): Transit<Calibrator>[] {
  const near = calibratorsAbove(minFluxJy).filter(nearDeclination(decDeg, radiusDeg));
  const { site } = instrument;
  const laterDays = haDeg / SIDEREAL_DEG_PER_SECOND / SECONDS_PER_DAY;
  // Only dates that were asked for are refused, not those that the telescope's hour angle makes of them.
  const earlier = (time: MjdUtc) =>
    isComputableTime(time) ? computableTime(time - laterDays) : mjdUtc(time - laterDays);
  return transitsOfAll(near, earlier(fromMjdUtc), earlier(toMjdUtc), site)
    .filter((transit) => Math.abs(transit.decDeg - decDeg) <= radiusDeg)
    .map((transit) => {
      const time = mjdUtc(transit.mjdUtc + laterDays);
      const { raIcrsDeg, decIcrsDeg } = transit.source;
      const { elevationDeg } = astrometry().apparentPlaceOfIcrs(raIcrsDeg, decIcrsDeg, time, site);
      return { ...transit, mjdUtc: time, lstDeg: wrap360(transit.lstDeg + haDeg), elevationDeg };
    });
}
