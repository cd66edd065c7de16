/** Reading pointings from file headers, and what a process that does so must know of the addon. */
import { addon } from './addon.js';
import { earthOrientation } from './astrometry.js';
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
  /** Bit i stands for word i of the addon's qualityWords. */
  readonly quality: Uint8Array;
  /** Of the opened file; -1 where it could not be opened. */
  readonly sizeBytes: Float64Array;
  readonly mtimeUs: Float64Array;
  readonly ctimeUs: Float64Array;
  readonly messages: Readonly<Record<number, string>>;
  readonly instruments: readonly Instrument[];
}

interface Headers {
  /** The codes of native/core/result.h, in their order. */
  readonly errorCodes: readonly string[];
  /** Those of outcome.ts, in their order. */
  readonly qualityWords: readonly string[];
  readonly versions: { readonly hdf5: string; readonly erfa: string };
  /**
   * The direct reader reads `atOnce` files at once, on threads of its own; libhdf5 one after the other. A file that takes
   * longer than `secondsPerFile` is a `timeout`: with the direct reader, which bounds its work, the file system is to blame, and a
   * read that hangs is given up a second later; a call of libhdf5 that hangs never returns. Files
   * outside `root`, through a link, are `unsupported`.
   */
  readPointings(
    paths: readonly string[],
    reader: 'direct' | 'libhdf5',
    atOnce: number,
    secondsPerFile: number,
    root?: string,
  ): PointingColumns;
}

/** The addon's readers, with the Earth orientation that they compute with loaded. */
export function headers(): Headers {
  earthOrientation();
  return addon<Headers>();
}
