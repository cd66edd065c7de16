import type { ExtractionError } from '../errors.js';
import type { Degrees, MjdUtc } from '../units.js';

/** How a file says where the telescope pointed; see native/uvh5/pointing_header.h. */
export const pointingKinds = ['hadec', 'zenith', 'sidereal'] as const;
export type PointingKind = (typeof pointingKinds)[number];

/** Where the telescope pointed at the middle of an observation. */
export interface Pointing {
  readonly kind: PointingKind;
  readonly midTimeMjdUtc: MjdUtc;
  /** Apparent, equinox of date: apparent sidereal time minus hour angle. 0 to 360. */
  readonly raDeg: Degrees;
  readonly decDeg: Degrees;
  /** The same direction in ICRS, without refraction. */
  readonly raIcrsDeg: Degrees;
  readonly decIcrsDeg: Degrees;
  /** -180 to 180. */
  readonly haDeg: Degrees;
  /** Local apparent sidereal time (IAU 2006/2000A). */
  readonly lstDeg: Degrees;
  /** Integrations in the file (UVH5's Ntimes). */
  readonly nTimes: number;
}

/** A file as it was when it was listed or opened. A change of any of these means a changed file. */
export interface FileVersion {
  readonly sizeBytes: number;
  /** When it was last written, in microseconds since 1970, which a double holds exactly. */
  readonly mtimeUs: number;
  /** When it was last written, renamed or replaced: unlike the time before, no program can set it. */
  readonly ctimeUs: number;
}

export interface ListedFile extends FileVersion {
  readonly path: string;
}

/** What reading one file gave. Version is absent where the file could not be opened. */
export type Outcome = { readonly path: string; readonly version?: FileVersion } & (
  | { readonly pointing: Pointing; readonly error?: never }
  | { readonly error: ExtractionError; readonly pointing?: never }
);
