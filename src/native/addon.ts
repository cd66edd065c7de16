import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.js';
import type { Degrees, MjdUtc } from '../units.js';
import type { Instrument } from './outcome.js';

/** Column i belongs to paths[i]. All arrays are views of one buffer, so that a worker can hand it over whole. */
export interface PointingColumns {
  /** 0: read; 255: declined by the direct reader; otherwise 1 + the index into the error catalogue. */
  readonly status: Uint8Array;
  readonly kind: Uint8Array;
  readonly nTimes: Uint32Array;
  readonly midTimeMjdUtc: Float64Array;
  readonly raDeg: Float64Array;
  readonly decDeg: Float64Array;
  readonly raIcrsDeg: Float64Array;
  readonly decIcrsDeg: Float64Array;
  readonly haDeg: Float64Array;
  readonly lstDeg: Float64Array;
  /** NaN where the file does not say, as in the next two. */
  readonly durationSeconds: Float64Array;
  readonly minFrequencyHz: Float64Array;
  readonly maxFrequencyHz: Float64Array;
  /** An index into `instruments`. */
  readonly instrument: Uint32Array;
  /** Bit i: word i of the addon's qualityWords. */
  readonly quality: Uint8Array;
  /** Of the opened file; -1 where it could not be opened. */
  readonly sizeBytes: Float64Array;
  readonly mtimeUs: Float64Array;
  readonly ctimeUs: Float64Array;
  readonly messages: Readonly<Record<number, string>>;
  readonly instruments: readonly Instrument[];
}

export interface ScanBatch {
  readonly paths: string[];
  readonly sizeBytes: Float64Array;
  readonly mtimeUs: Float64Array;
  readonly ctimeUs: Float64Array;
  /** Directories and files that could not be read for a reason other than having vanished. */
  readonly troubles: readonly { readonly path: string; readonly message: string }[];
  readonly entriesSeen: number;
  /** Directories entered in this batch. */
  readonly directories: readonly string[];
}

export interface TreeScanner {
  /** At most `limit` files more, or null at the end. Rejects with a `code` (ENOENT, EACCES) if the root is unreadable. */
  next(limit: number): Promise<ScanBatch | null>;
  close(): void;
}

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

/** Element i of each column belongs to direction i. */
export type ApparentPlaces = { readonly [K in keyof ApparentPlace]: Float64Array };

/** The native addon (native/boundary). Every call is synchronous on the calling thread unless it returns a promise. */
export interface Addon {
  readonly errorCodes: readonly string[];
  readonly qualityWords: readonly string[];
  readonly versions: { readonly hdf5: string; readonly erfa: string };
  /** The direct reader reads `atOnce` files at once, on threads of its own; libhdf5 one after the other. */
  readPointings(paths: readonly string[], reader: 'direct' | 'libhdf5', atOnce: number): PointingColumns;
  /** Bounds this process's data to what it has now plus `bytes`. For the libhdf5 child only. */
  limitMemory(bytes: number): void;
  /** Has the kernel end this process when its parent dies, even while libhdf5 never returns. */
  dieWithParent(): void;
  /** Sends a datagram to the service manager's socket (sd_notify). Gives why it could not, or null. Does not wait. */
  notifyService(socketName: string, message: string): string | null;
  /** Why this user gets no inotify instance more, or null. */
  inotifyTrouble(): string | null;
  readonly TreeScanner: new (root: string, pattern: string) => TreeScanner;
  /** Whether a scan for `pattern` would report a file of this base name. */
  matches(name: string, pattern: string): boolean;
  loadEarthOrientation(tablePath: string, leapSecondsPath: string): EarthOrientationSpan;
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
}

const packageFile = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The one place that loads the native library. */
export const addon = load(packageFile('build/Release/pointing_monitor.node'));

function load(path: string): Addon {
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    const remedy = reason?.includes('shared object')
      ? 'install that library, or build on this system'
      : 'run "npm run setup"';
    throw new UsageError(`the native addon ${path} cannot be loaded (${reason}): ${remedy}`);
  }
}

/** Of the table in vendor/iers, which every later computation uses. */
export const earthOrientation = addon.loadEarthOrientation(
  packageFile('vendor/iers/earth-orientation.txt'),
  packageFile('vendor/iers/Leap_Second.dat'),
);
