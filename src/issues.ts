import type { StoreError, StoreErrorKind } from './errors.js';

/**
 * The catalogue of issues: all that can be wrong with a monitor. The codes are written into its status, exported as metrics and
 * explained in ops/doc/runbook.md; they never change their meaning.
 */
export const issueCatalogue = {
  directory_missing: 'the watch directory does not exist or is none',
  directory_unreadable: 'the watch directory, or the ledger that it is compared with, cannot be read',
  directory_silent: 'the file system of the watch directory does not answer',
  directory_unmounted: 'the watch directory has lost its file system',
  places_unreadable: 'parts of the watch directory cannot be read',
  events_missing: 'the operating system gives no events for the watch directory',
  files_unaccounted: 'files on disk have neither a row nor an error',
  scan_overdue: 'the watch directory has not been compared with the ledger for long',
  first_scan: 'the first scan has not ended yet',
  reading_hangs: 'a file is being read for minutes',
  database_locked: 'another program holds the database',
  database_read_only: 'the database cannot be written',
  database_full: 'the disk of the database is full',
  database_corrupt: 'the database is damaged',
  database_missing: 'the database or its directory does not exist',
  database_unreachable: 'the database server cannot be reached',
  database_unusable: 'the database gives an error',
  database_silent: 'the database does not answer',
  database_replaced: 'the database was deleted or replaced, and is being filled again',
  observation_overdue: 'no new observation for longer than expected',
  clocks_differ: 'the name and the header of a file tell different times',
  earth_orientation_ended: 'the IERS table has ended',
  status_file_kept: 'another monitor keeps the status file, and this one writes none',
  status_file_unwritable: 'the status file cannot be written',
  status_stale: 'the status is too old: the monitor hangs or was killed',
  status_missing: 'there is no status, or it cannot be read',
  stopped: 'the monitor has stopped',
} as const satisfies Record<string, string> & Record<`database_${StoreErrorKind}`, string>;

/** A code of the catalogue of issues. */
export type IssueCode = keyof typeof issueCatalogue;
/** All codes, in the catalogue's order. */
export const issueCodes = Object.keys(issueCatalogue) as readonly IssueCode[];

/** What is wrong now. The message is one line: what happened, to what, what to do. */
export interface Issue {
  readonly code: IssueCode;
  readonly message: string;
}

export const databaseIssue = ({ kind, message }: StoreError): Issue => ({
  code: `database_${kind}`,
  message,
});
