import type { IssueCode } from '../issues.js';
import type { SourceInBeam } from '../sky/in-beam.js';
import type { Degrees, MjdUtc } from '../units.js';
import type { HistogramReport } from './histogram.js';
import type { MetricsReport } from './metrics.js';
import type { LastBackup, Maintenance } from './notes.js';

/**
 * The status file. The first block is the seed guide's; the others add to it. Times are seconds since 1970 unless the
 * name says otherwise.
 */
export interface Status {
  readonly running: boolean;
  /** True exactly when every finished file in the watched tree has, or is about to have, its row. */
  readonly healthy: boolean;
  /** What is wrong, in words an operator can act on. */
  readonly issues: readonly string[];
  /** Of the catalogue in src/issues.ts: one for each of the issues, in their order. */
  readonly issue_codes: readonly IssueCode[];
  /** What a person should look at during the day; the monitor is healthy all the same. */
  readonly warnings: readonly string[];
  /** One for each of the warnings, in their order. */
  readonly warning_codes: readonly IssueCode[];
  /** Nobody is alerted until then; null outside of maintenance. `healthy` and `issues` are the same with and without. */
  readonly maintenance: Maintenance | null;
  readonly watch_dir: string;
  /** Names of the files that are read. */
  readonly pattern: string;
  readonly products_db: string;
  readonly metrics: MetricsReport;
  readonly timestamp: number;
  readonly timestamp_iso: string;

  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly queue: {
    /** Files that are ready, being read, or waiting to be retried. */
    readonly depth: number;
    readonly retrying: number;
    readonly in_flight: number;
    /** Files that wait for libhdf5 or are being read by it. */
    readonly for_libhdf5: number;
    /** Results that wait for the database. */
    readonly unwritten: number;
    /** Events that found no room and were left to the scan. */
    readonly overflowed: number;
  };
  readonly events: {
    readonly enabled: boolean;
    readonly alive: boolean;
    readonly last_event_time: number | null;
  };
  /** Of the last completed scan; null before the first. */
  readonly reconciliation: {
    readonly time: number;
    readonly seconds: number;
    readonly files_on_disk: number;
    readonly with_row: number;
    readonly waiting: number;
    readonly failed: number;
    readonly unaccounted: number;
    /** Files that a scan after the first one found before any event did. */
    readonly found_by_scan: number;
    readonly found_at_start: number;
    readonly entries_seen: number;
    /** Links to directories, and links out of the tree, that were not followed. */
    readonly links_passed_over: number;
  } | null;
  readonly newest_observation: {
    /** Mid time. */
    readonly timestamp_mjd: MjdUtc;
    readonly time_iso: string;
    readonly age_seconds: number;
    /** Apparent, of date. */
    readonly ra_deg: Degrees;
    readonly dec_deg: Degrees;
    /** The telescope's name. */
    readonly instrument: string | null;
    /** Words with spaces between; null where no file is known. */
    readonly quality: string | null;
    /** Median interval of the latest observations; null where there are too few. */
    readonly cadence_seconds: number | null;
  } | null;
  /** Calibrators within the half-power beam now, while the telescope stands where the newest observation left it. */
  readonly in_beam: readonly SourceInBeam[];
  readonly extraction: {
    readonly hdf5_restarts: number;
    readonly quarantined_files: number;
    /** Files whose file system does not answer. */
    readonly unanswered_files: number;
    /** The file that has waited for libhdf5 for the longest. */
    readonly longest_wait: { readonly path: string; readonly seconds: number } | null;
    /** From a file's turn to its outcome, since the start. */
    readonly duration: HistogramReport;
  };
  /** The newest backup by "pointing-monitor backup". */
  readonly last_backup: LastBackup | null;
  /** Where the predictions of the IERS table end. */
  readonly earth_orientation: { readonly last_mjd: MjdUtc; readonly days_left: number };
}
