import type { ExtractionError } from '../errors.js';
import type { Degrees, MjdUtc } from '../units.js';
import type { Site } from './astrometry.js';

export const pointingKinds = ['hadec', 'zenith', 'sidereal'] as const;
/**
 * How a file says where the telescope pointed: by hour angle and declination, the DSA-110's keywords (`hadec`); it does not
 * track (`zenith`: drift scan, unprojected, or fixed in azimuth and altitude); by a phase centre among the stars (`sidereal`). See
 * native/uvh5/pointing_header.h.
 */
export type PointingKind = (typeof pointingKinds)[number];

/**
 * What the header says, in the order of the bits in native/boundary/pointing_columns.cc. `even`: the first and the last time gave the
 * mid time. `mean`: the file is not evenly sampled, and all times gave it. `gaps`: times are missing between the first and the last.
 * `iers_predicted`, `iers_extrapolated`: the Earth's rotation was predicted by the IERS, or lies outside its table (good to 15 arcsec).
 */
export const headerQualityWords = ['even', 'mean', 'gaps', 'iers_predicted', 'iers_extrapolated'] as const;
/** What the header and the name say together: they put the start of the observation more than a minute apart. */
export const NAME_DIFFERS = 'name_differs';
/** One of them. */
export type QualityWord = (typeof headerQualityWords)[number] | typeof NAME_DIFFERS;

/** What took the data, as its file says. */
export interface Instrument {
  /** Header/telescope_name; empty where the file has none. */
  readonly name: string;
  readonly site: Site;
  /** The diameter of the dishes; null where the file has none, or antennas differ. */
  readonly dishM: number | null;
}

/**
 * Where the telescope pointed at the middle of an observation, from the header of its UVH5 file (UVH5 memo of pyuvdata).
 * Astrometry by ERFA with UT1-UTC and polar motion of the IERS (Bulletin A): directions as its eraAtoc13 and eraAtco13 give
 * them at zero pressure, so without refraction. See docs/file-format.md.
 */
export interface Pointing {
  readonly kind: PointingKind;
  /** Mean of Header/time_array, a Julian Date, less 2400000.5. */
  readonly midTimeMjdUtc: MjdUtc;
  /** Apparent right ascension, equinox of date: apparent sidereal time minus hour angle. 0 to 360. */
  readonly raDeg: Degrees;
  /** Apparent declination, equator of date. */
  readonly decDeg: Degrees;
  /** Right ascension of the same direction in ICRS, 0 to 360. */
  readonly raIcrsDeg: Degrees;
  /** Declination of the same direction in ICRS. Compare catalogue positions with these two. */
  readonly decIcrsDeg: Degrees;
  /** Apparent hour angle, west positive. -180 to 180. */
  readonly haDeg: Degrees;
  /** Local apparent sidereal time (IAU 2006/2000A), 0 to 360. */
  readonly lstDeg: Degrees;
  /** Integrations in the file (UVH5's Ntimes). */
  readonly nTimes: number;
  /** Integrations times integration time; null where the file has no integration time. */
  readonly durationSeconds: number | null;
  /** Edges of the channels in the file; null where it does not say. */
  readonly minFrequencyHz: number | null;
  readonly maxFrequencyHz: number | null;
  readonly instrument: Instrument;
  readonly quality: readonly QualityWord[];
}

/** A file as it was when it was listed or opened. A change of any of these means a changed file. */
export interface FileVersion {
  readonly sizeBytes: number;
  /** When it was last written, in microseconds since 1970, which a double holds exactly. */
  readonly mtimeUs: number;
  /** When it was last written, renamed or replaced: unlike the time before, no program can set it. */
  readonly ctimeUs: number;
}

/** A file as a listing gives it. */
export interface ListedFile extends FileVersion {
  readonly path: string;
}

/** What reading one file gave. Version is absent where the file could not be opened. */
export type Outcome = { readonly path: string; readonly version?: FileVersion } & (
  | { readonly pointing: Pointing; readonly error?: never }
  | { readonly error: ExtractionError; readonly pointing?: never }
);
