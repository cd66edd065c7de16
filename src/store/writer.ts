import type { HistoryReader } from './reader.js';
import type { FileResult, FileRows, HistoryRow, LedgerFilter, Merged, TransitRow } from './rows.js';
import type { LockWait } from './sqlite/file.js';
import type { KnownDatabaseOptions } from './sqlite/known.js';

/** What `KnownDatabaseOptions` has is for SQLite files. */
export interface StoreOptions extends KnownDatabaseOptions {
  /** The host whose files the ledger keeps, where several hosts share the database. */
  readonly host: string;
  /** This is the host's monitor: where hosts share a database, it writes only while no other monitor has the host's name. */
  readonly exclusive?: boolean;
  /** How long an SQLite statement waits for another program's lock, which blocks the thread: `short` for services. */
  readonly lockWait?: LockWait;
  /**
   * Called when an SQLite file, or PostgreSQL's tables, were found to be deleted or replaced, with the database's public name; the store
   * goes on with the new ones.
   */
  readonly onReplaced?: (name: string) => void;
}

/**
 * Writes the history and the ledger, and reads what it has written. Every call either does all of its work or throws a
 * StoreError and has done nothing; an error may pass, so the caller decides whether to try again.
 */
export interface Store extends HistoryReader {
  /**
   * Records files in one transaction: each file's ledger row, and with a pointing its history row, which replaces the row of
   * the file's earlier version. A failure leaves the position that an earlier version gave. Returns those results that the ledger
   * already had, of the same version of the file.
   */
  record(results: readonly FileResult[]): Promise<readonly FileResult[]>;
  /** Makes these failed files waiting ones, so that the next scan reads them. Returns how many there were. */
  forget(filter: LedgerFilter): Promise<number>;
  /** Files below a directory that wait to be retried, at most this many. */
  waitingBelow(directory: string, limit: number): Promise<string[]>;
  /** For files that wait and are gone: see gone.ts. Others of these paths stay as they are. */
  settleGone(paths: readonly string[]): Promise<void>;
  /** Adds calibrator transits that are not there yet to half a second, in one transaction. Returns how many it added. */
  addTransits(transits: readonly TransitRow[]): Promise<number>;
  /**
   * Copies files' rows from another database in one transaction, each ledger row with its history row, if `supersedes`
   * (precedence.ts) decides so; host and path must be unique. A history row that no file has any more is deleted, as with
   * `record`. An existing history row of another file recorded later stays. Files without a host get this store's host.
   */
  mergeFiles(files: readonly FileRows[]): Promise<Merged>;
  /**
   * Adds history rows without a file, in one transaction, if there is none with a position at the time, nor a file's within
   * half a second: repaired rows of the Python monitor are so near to the true time. Returns how many it added.
   */
  mergeHistory(rows: readonly HistoryRow[]): Promise<number>;
  /** Publishes this host's status where several hosts share the database; elsewhere the status file is enough. */
  putStatus(json: string): Promise<void>;
  /** Throws a StoreError unless rows could be written now. */
  check(): Promise<void>;
}
