/** Positions and times by ERFA with the Earth orientation of the IERS, which is loaded at first use. */
import { type Degrees, type MjdUtc, mjdUtc } from '../units.js';
import { addon, packageFile } from './addon.js';

/** What to do where a table ends. */
export const REFRESH_TABLES =
  'refresh vendor/iers in the clone, as its README.md explains, and install again';

export interface EarthOrientationSpan {
  readonly firstMjdUtc: MjdUtc;
  /** The last day of the table, predictions included. */
  readonly lastMjdUtc: MjdUtc;
  readonly lastMeasuredMjdUtc: MjdUtc;
  readonly leapSecondsExpireMjdUtc: MjdUtc;
}

/** Geodetic, WGS84, longitude east positive. */
export interface Site {
  readonly latitudeDeg: Degrees;
  readonly longitudeDeg: Degrees;
  readonly altitudeM: number;
}

/** Where a site sees a direction, without refraction; equator of date. */
export interface ApparentPlace {
  /** Apparent sidereal time minus hour angle, 0 to 360. */
  readonly raDeg: Degrees;
  readonly decDeg: Degrees;
  /** -180 to 180. */
  readonly haDeg: Degrees;
  readonly elevationDeg: Degrees;
  /** From north through east. */
  readonly azimuthDeg: Degrees;
}

/** Where a site sees a body among the stars, without refraction. */
export interface SkyBody {
  readonly raIcrsDeg: Degrees;
  readonly decIcrsDeg: Degrees;
  readonly elevationDeg: Degrees;
}

/**
 * How directions drift through beams that stand still, an element each. Times are seconds from the middle of the observation; NaN
 * where a direction is never within the radius.
 */
export interface BeamPasses {
  /** First and last within the radius, while the telescope observes. */
  readonly inSeconds: Float64Array;
  readonly outSeconds: Float64Array;
  readonly closestSeconds: Float64Array;
  /** From the centre of the beam at the closest approach. */
  readonly offsetDeg: Float64Array;
  /** Power response at the closest approach. */
  readonly peakResponse: Float64Array;
  /** Time within the radius: less than from in to out only where the direction leaves and comes back, near a pole. */
  readonly seconds: Float64Array;
  /** Mean power response over that time. */
  readonly meanResponse: Float64Array;
}

/** Element i of each column belongs to direction i. */
export type ApparentPlaces = { readonly [K in keyof ApparentPlace]: Float64Array };

/** Places can be computed from 1990 to 2100: up to the second time, which is the first of 2101. */
const COMPUTABLE = { fromMjdUtc: 47_892, endMjdUtc: 88_434 } as const;
export const isComputableTime = (timeMjdUtc: number): boolean =>
  timeMjdUtc >= COMPUTABLE.fromMjdUtc && timeMjdUtc < COMPUTABLE.endMjdUtc;
/** The time nearest to this one at which places can be computed, to some minutes at the end. */
export const computableTime = (timeMjdUtc: number): MjdUtc =>
  mjdUtc(Math.min(Math.max(timeMjdUtc, COMPUTABLE.fromMjdUtc), COMPUTABLE.endMjdUtc - 0.001));

export interface Astrometry {
  apparentSiderealTimeDeg(time: MjdUtc, longitudeDeg: Degrees): Degrees;
  /** NaN for a time outside 1990 to 2100. */
  apparentSiderealTimesDeg(times: Float64Array, longitudeDeg: Degrees): Float64Array;
  /** Throws a RangeError for what is no direction, and for a date outside 1990 to 2100. */
  apparentPlaceOfIcrs(raIcrsDeg: Degrees, decIcrsDeg: Degrees, time: MjdUtc, site: Site): ApparentPlace;
  /** Of many directions at one time; NaN for what is no direction. */
  apparentPlacesOfIcrs(
    raIcrsDeg: Float64Array,
    decIcrsDeg: Float64Array,
    time: MjdUtc,
    site: Site,
  ): ApparentPlaces;
  /** One direction at each time, good to 0.003 arcsec; NaN for a time outside 1990 to 2100 and for what is no direction. */
  apparentPlacesOfIcrsSeries(
    raIcrsDeg: Float64Array,
    decIcrsDeg: Float64Array,
    times: Float64Array,
    site: Site,
  ): Pick<ApparentPlaces, 'raDeg' | 'decDeg' | 'elevationDeg'>;
  /** One direction at each time; NaN for a time outside 1990 to 2100 and for what is no direction. */
  icrsOfApparentSeries(
    haDeg: Float64Array,
    decDeg: Float64Array,
    times: Float64Array,
    site: Site,
  ): { readonly raIcrsDeg: Float64Array; readonly decIcrsDeg: Float64Array };
  /** MJD UTC of each upper transit from one instant to another, both included. Throws a RangeError outside 1990 to 2100. */
  upperTransits(
    raIcrsDeg: Degrees,
    decIcrsDeg: Degrees,
    fromMjdUtc: MjdUtc,
    toMjdUtc: MjdUtc,
    site: Site,
  ): Float64Array;
  /** Good to 0.01 degrees, by ERFA. Throws a RangeError for a date outside 1990 to 2100. */
  sunAndMoon(time: MjdUtc, site: Site): { readonly sun: SkyBody; readonly moon: SkyBody };
  /**
   * Power responses of a uniformly lit circular aperture (Airy) to sources at these angles from its axis, relative to the axis:
   * (2 J1(x) / x)^2 with x = pi times the aperture times the sine of the angle. 0 from 90 degrees on.
   */
  airyPowerResponses(separationsDeg: Float64Array, apertureWavelengths: number): Float64Array;
  /** All places apparent, equinox of date; the beams' at the middle of their observations. Power responses as above. */
  beamPasses(
    beamRaDeg: Float64Array,
    beamDecDeg: Float64Array,
    observationSeconds: Float64Array,
    raDeg: Float64Array,
    decDeg: Float64Array,
    radiusDeg: number,
    apertureWavelengths: number,
  ): BeamPasses;
}

interface Loader extends Astrometry {
  loadEarthOrientation(tablePath: string, leapSecondsPath: string): EarthOrientationSpan;
}

let span: EarthOrientationSpan | undefined;

/** The span of the table in vendor/iers that every computation uses. Loads it if need be; throws if it cannot be read. */
export function earthOrientation(): EarthOrientationSpan {
  span ??= addon<Loader>().loadEarthOrientation(
    packageFile('vendor/iers/earth-orientation.txt'),
    packageFile('vendor/iers/Leap_Second.dat'),
  );
  return span;
}

/** The addon's astrometry, with the Earth orientation loaded. */
export function astrometry(): Astrometry {
  earthOrientation();
  return addon<Astrometry>();
}
