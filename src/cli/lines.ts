/** What the commands print with `--json`, one object a line. The names are stable. */
import type { ExtractionError } from '../errors.js';
import type { PointingKind } from '../native/outcome.js';
import type { Degrees, MjdUtc } from '../units.js';

/** A file that has no pointing, and why: `extract --json` and `backfill --json`. */
export interface FailureLine {
  /** As given to `extract`; absolute from `backfill`. */
  readonly path: string;
  readonly error: ExtractionError;
}

/** A file's pointing: `extract --json`. The fields are those of `Pointing`. */
export interface PointingLine {
  readonly path: string;
  readonly kind: PointingKind;
  /** Middle of the observation. */
  readonly mjd: MjdUtc;
  /** Apparent, equinox of date, 0 to 360. */
  readonly ra_deg: Degrees;
  /** Apparent, equator of date. */
  readonly dec_deg: Degrees;
  /** ICRS, without refraction, 0 to 360. */
  readonly ra_icrs_deg: Degrees;
  /** ICRS, without refraction. */
  readonly dec_icrs_deg: Degrees;
  /** -180 to 180, west positive. */
  readonly ha_deg: Degrees;
  /** Local apparent sidereal time, 0 to 360. */
  readonly lst_deg: Degrees;
  /** Integrations in the file. */
  readonly n_times: number;
}

/** A line of `extract --json`: one for each file, in the order given. */
export type ExtractLine = (PointingLine & { readonly error?: never }) | FailureLine;

/** The last line of `backfill --json`; those before it are `FailureLine`s. */
export interface BackfillSummary {
  /** Files that were to be read. */
  readonly files: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Known to the ledger and unchanged: not opened. */
  readonly skipped: number;
  /** By the clock, from the first directory to the last committed row. */
  readonly seconds: number;
  readonly files_per_second: number;
  /** Where the telescope moved, among the rows of this run, oldest first. Apparent declinations. */
  readonly declination_changes: readonly {
    /** First observation at the new declination. */
    readonly mjd: MjdUtc;
    readonly from_deg: Degrees;
    readonly to_deg: Degrees;
  }[];
  /** `I/N`, where only this part of the files was read. */
  readonly shard?: string;
}

/** A line of `transits --json`. */
export interface TransitLine {
  readonly name: string;
  /** ISO 8601, to the millisecond. */
  readonly transit_utc: string;
  readonly transit_mjd: MjdUtc;
  /** Local apparent sidereal time. */
  readonly lst_deg: Degrees;
  /** Without refraction. */
  readonly elevation_deg: Degrees;
}
