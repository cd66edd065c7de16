import type { StoreError, StoreErrorKind } from './errors.js';

/** What a person should do: be woken up (`page`), look when it is day, or just know. */
export type Severity = 'page' | 'day' | 'note';

interface Entry {
  readonly severity: Severity;
  readonly meaning: string;
}
/** Rows are missing, or could be soon. */
const page = (meaning: string): Entry => ({ severity: 'page', meaning });
/** The monitor's promise holds: this is listed as a warning, and the monitor is healthy all the same. */
const day = (meaning: string): Entry => ({ severity: 'day', meaning });
/** Ends by itself. */
const note = (meaning: string): Entry => ({ severity: 'note', meaning });

/**
 * Everything that can be wrong with a monitor, and how bad it is: health, the Nagios check, the Prometheus rules and the documents
 * follow it. The codes are written into the status, exported as metrics and explained in docs/runbook.md; they never change their
 * meaning.
 */
const catalogue = {
  directory_missing: page('the watch directory does not exist or is not a directory'),
  directory_unreadable: page('the watch directory or the ledger cannot be read'),
  directory_silent: page('the file system of the watch directory is not responding'),
  directory_unmounted: page('the file system of the watch directory is no longer mounted'),
  places_unreadable: page('parts of the watch directory cannot be read'),
  events_missing: page('the operating system delivers no events for the watch directory'),
  files_unaccounted: page('files on disk have neither a row nor an error'),
  scan_overdue: page('the watch directory has not been compared with the ledger for too long'),
  first_scan: note('the first scan is still running'),
  reading_hangs: page('reading a file is taking too long'),
  database_locked: page('another program has locked the database'),
  database_read_only: page('the database is read-only'),
  database_full: page("the database's disk is full"),
  database_corrupt: page('the database is damaged'),
  database_missing: page('the database or its directory does not exist'),
  database_unreachable: page('the database server cannot be reached'),
  database_unusable: page('the database reports an error'),
  database_refused: page('the database refuses what is in a row'),
  database_host_taken: page('another monitor writes to the database under this host name'),
  database_silent: page('the database is not responding'),
  database_replaced: page('the database was deleted or replaced and is being refilled'),
  foreign_rows: day('the history has rows that no observation can have'),
  future_rows: day('the history has rows dated in the future'),
  backup_overdue: day('the newest backup of the database is older than allowed'),
  reading_delayed: page('files are waiting for libhdf5 because damaged files keep it busy'),
  observation_overdue: page('no new observation for longer than expected'),
  sub_band_missing: day('an observation has other sub-bands, but not the one that is read'),
  clocks_differ: day('the name and the header of a file give different times'),
  earth_orientation_ended: day('the IERS table has ended'),
  status_file_kept: page('another monitor owns the status file, so this one writes none'),
  status_file_unwritable: page('the status file cannot be written'),
  status_stale: page('the status is too old: the monitor hangs or was killed'),
  status_missing: page('there is no status file, or it cannot be read'),
  stopped: page('the monitor has stopped'),
} as const satisfies Record<string, Entry> & Record<`database_${StoreErrorKind}`, Entry>;

/** A code of the catalogue of issues. */
export type IssueCode = keyof typeof catalogue;
/** All codes, in the catalogue's order. */
export const issueCodes = Object.keys(catalogue) as readonly IssueCode[];
/** What each code means. */
export const issueCatalogue = Object.fromEntries(
  issueCodes.map((code) => [code, catalogue[code].meaning]),
) as Readonly<Record<IssueCode, string>>;

export const severityOf = (code: IssueCode): Severity => catalogue[code].severity;
export const isWarning = (code: IssueCode): boolean => severityOf(code) === 'day';

/** What is wrong now. The message is one line: what happened, to what, what to do. */
export interface Issue {
  readonly code: IssueCode;
  readonly message: string;
}

export const databaseIssue = ({ kind, message }: StoreError): Issue => ({
  code: `database_${kind}`,
  message,
});
