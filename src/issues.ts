import type { StoreError, StoreErrorKind } from './errors.js';

/**
 * The catalogue of issues: everything that can be wrong with a monitor. The codes are written into its status, exported as metrics and
 * explained in docs/runbook.md; they never change their meaning.
 */
export const issueCatalogue = {
  directory_missing: 'the watch directory does not exist or is not a directory',
  directory_unreadable: 'the watch directory or the ledger cannot be read',
  directory_silent: 'the file system of the watch directory is not responding',
  directory_unmounted: 'the file system of the watch directory is no longer mounted',
  places_unreadable: 'parts of the watch directory cannot be read',
  events_missing: 'the operating system delivers no events for the watch directory',
  files_unaccounted: 'files on disk have neither a row nor an error',
  scan_overdue: 'the watch directory has not been compared with the ledger for too long',
  first_scan: 'the first scan is still running',
  reading_hangs: 'reading a file is taking too long',
  database_locked: 'another program has locked the database',
  database_read_only: 'the database is read-only',
  database_full: "the database's disk is full",
  database_corrupt: 'the database is damaged',
  database_missing: 'the database or its directory does not exist',
  database_unreachable: 'the database server cannot be reached',
  database_unusable: 'the database reports an error',
  database_refused: 'the database refuses what is in a row',
  database_host_taken: 'another monitor writes to the database under this host name',
  database_silent: 'the database is not responding',
  database_replaced: 'the database was deleted or replaced and is being refilled',
  foreign_rows: 'the history has rows that no observation can have',
  future_rows: 'the history has rows of times to come',
  backup_overdue: 'the newest backup of the database is older than asked',
  reading_delayed: 'files are waiting for libhdf5 because damaged files keep it busy',
  observation_overdue: 'no new observation for longer than expected',
  sub_band_missing: 'an observation has other sub-bands, but not the one that is read',
  clocks_differ: 'the name and the header of a file give different times',
  earth_orientation_ended: 'the IERS table has ended',
  status_file_kept: 'another monitor owns the status file, so this one writes none',
  status_file_unwritable: 'the status file cannot be written',
  status_stale: 'the status is too old: the monitor hangs or was killed',
  status_missing: 'there is no status file, or it cannot be read',
  stopped: 'the monitor has stopped',
} as const satisfies Record<string, string> & Record<`database_${StoreErrorKind}`, string>;

/** A code of the catalogue of issues. */
export type IssueCode = keyof typeof issueCatalogue;
/** All codes, in the catalogue's order. */
export const issueCodes = Object.keys(issueCatalogue) as readonly IssueCode[];

/** What a person should do: be woken up (`page`), look when it is day, or just know. */
export type Severity = 'page' | 'day' | 'note';

/** What does not break the monitor's promise. It is listed as a warning, and the monitor is healthy all the same. */
const WARNINGS: Partial<Record<IssueCode, Severity>> = {
  sub_band_missing: 'day',
  clocks_differ: 'day',
  earth_orientation_ended: 'day',
  foreign_rows: 'day',
  future_rows: 'day',
  backup_overdue: 'day',
};
/** What ends by itself. */
const NOTES: ReadonlySet<IssueCode> = new Set(['first_scan']);

export const isWarning = (code: IssueCode): boolean => WARNINGS[code] !== undefined;

/** The one table of severities: health, the Nagios check, the Prometheus rules and the documents follow it. */
export const severityOf = (code: IssueCode): Severity =>
  WARNINGS[code] ?? (NOTES.has(code) ? 'note' : 'page');

/** What is wrong now. The message is one line: what happened, to what, what to do. */
export interface Issue {
  readonly code: IssueCode;
  readonly message: string;
}

export const databaseIssue = ({ kind, message }: StoreError): Issue => ({
  code: `database_${kind}`,
  message,
});
