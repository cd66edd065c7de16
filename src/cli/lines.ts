/** What the commands print with `--json`, one object per line. The names are stable. */
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
  /** How sure the values are: `QualityWord`s with spaces between. */
  readonly quality: string;
}

/** A line of `extract --json`: one for each file, in the order given. */
export type ExtractLine = (PointingLine & { readonly error?: never }) | FailureLine;

/** The last line of `backfill --json`; those before it are `FailureLine`s. */
export interface BackfillSummary {
  /** Files that were to be read. */
  readonly files: number;
  readonly succeeded: number;
  /** Stand until the file changes. */
  readonly failed: number;
  /** May still be arriving: read again by the next run or the monitor. */
  readonly waiting: number;
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
  /** The telescope's name. */
  readonly instrument: string;
}

/** A line of `verify --json` but the last. */
export interface VerifyLine {
  readonly standing: 'with_row' | 'waiting' | 'failed' | 'unaccounted';
  readonly path: string;
  /** An error code, or why a place could not be read. */
  readonly why?: string;
}

/** The last line of `verify --json`: files in each state, on disk now. */
export interface VerifySummary {
  readonly files_on_disk: number;
  readonly with_row: number;
  readonly waiting: number;
  readonly failed: number;
  readonly unaccounted: number;
}

/** The line of `backup --json`. */
export interface BackupLine {
  /** Path of the database. */
  readonly database: string;
  /** Path of the copy. */
  readonly backup: string;
  /** Rows of every table, as counted in both. */
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** Older backups that `--keep` removed. */
  readonly removed: readonly string[];
}

/** The line of `maintenance --json`. */
export interface MaintenanceLine {
  /** Null where alerts are not silenced. */
  readonly maintenance: {
    readonly until: number;
    readonly until_iso: string;
    readonly reason: string;
  } | null;
}

/** The line of `retry --json`. */
export interface RetryLine {
  /** Files that had failed and are read again. */
  readonly requeued: number;
}

/** A line of `doctor --json`, one for each check. */
export interface DoctorLine {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly message: string;
}

/** The first line of `doctor --repair --json`. */
export interface RepairLine {
  readonly repaired: number;
  /** Rows whose observation had its correct one already. */
  readonly dropped: number;
  /** Path of the database as it was before; null where there was nothing to repair. */
  readonly backup: string | null;
}

/** A line of `merge --json`, one for each source. */
export interface MergeLine {
  /** Path or URL, without its password. */
  readonly source: string;
  readonly files: number;
  readonly added: number;
  readonly newer: number;
  readonly kept: number;
  readonly without_file: number;
  readonly without_file_added: number;
  readonly left_out_no_row: number;
  readonly left_out_wrong_time: number;
  readonly left_out_no_position: number;
  /** Also times in the future. */
  readonly left_out_impossible_time: number;
  readonly transits_added: number;
  readonly seconds: number;
}
