import type { ErrorCode } from '../errors.js';
import type { ListedFile, Outcome, PointingKind } from '../native/outcome.js';
import type { Degrees, MjdUtc, UnixSeconds } from '../units.js';
import type { FileRows } from './snapshot.js';

/** What becomes of a file: `stored` has its row, `waiting` is tried again, `failed` stands until the file changes. */
const fileStates = ['stored', 'waiting', 'failed'] as const;
export type FileState = (typeof fileStates)[number];

/** What to record of a file that has been read. */
export interface FileResult {
  readonly outcome: Outcome;
  readonly state: FileState;
  /** Tries so far at this version of the file. */
  readonly attempts: number;
}

/** One row of pointing_history. Apparent, equinox of date. */
export interface HistoryRow {
  readonly timestamp: MjdUtc;
  readonly ra_deg: Degrees;
  readonly dec_deg: Degrees;
}

/** A history row with what the ledger knows of its file; nulls where the ledger has none. */
export interface Observation extends HistoryRow {
  /** The first by name where several files hold the same observation. */
  readonly path: string | null;
  readonly raIcrsDeg: Degrees | null;
  readonly decIcrsDeg: Degrees | null;
  readonly haDeg: Degrees | null;
}

/** One row of cal_transits. */
export interface TransitRow {
  readonly name: string;
  readonly mjdUtc: MjdUtc;
}

/** One row of the ledger. */
export interface LedgerRow {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeUs: number;
  readonly ctimeUs: number;
  readonly state: FileState;
  readonly kind: PointingKind | null;
  readonly errorCode: ErrorCode | null;
  readonly errorMessage: string | null;
  readonly attempts: number;
  readonly timestamp: MjdUtc | null;
  readonly raIcrsDeg: Degrees | null;
  readonly decIcrsDeg: Degrees | null;
  readonly haDeg: Degrees | null;
  readonly recordedAt: UnixSeconds;
}

/** What became of files' rows from another database. */
export interface Merged {
  readonly added: number;
  /** Took the place of the row that was there. */
  readonly newer: number;
  /** The row that was there stands: it is the same, or takes precedence. */
  readonly kept: number;
}

/** Where a listed file stands in the ledger. `unread`: not there, or changed since. */
export type LedgerState = FileState | 'unread';

export interface ClassifiedFile {
  readonly state: LedgerState;
  /** Why, where it is waiting or failed. */
  readonly errorCode: ErrorCode | null;
}

export interface LedgerFilter {
  readonly state?: FileState;
  readonly code?: ErrorCode;
  /** Only paths in this directory or below it. */
  readonly under?: string;
}

/**
 * The history and the ledger, whatever holds them. Every call either does all it says or throws a StoreError and has
 * done nothing; a trouble may pass, so the caller decides whether to try again.
 */
export interface Store {
  /**
   * Records files in one transaction: each one's ledger row, and with a pointing its history row, which takes the place of
   * the row of the file's earlier version. A failure leaves the position that an earlier version gave.
   */
  record(results: readonly FileResult[]): Promise<void>;
  /** One state a file, in the order given. */
  classify(files: readonly ListedFile[]): Promise<ClassifiedFile[]>;
  /** Ledger rows by path. */
  ledger(filter: LedgerFilter): AsyncIterable<LedgerRow>;
  /** Makes the ledger forget these files' failures, so that the next reconciliation reads them. Gives how many it forgot. */
  forget(filter: LedgerFilter): Promise<number>;
  /** Rows with start <= timestamp <= end, oldest first. */
  history(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): AsyncIterable<HistoryRow>;
  /** The same, each with its file. Rows of other programs that have no position are left out. */
  observations(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): AsyncIterable<Observation>;
  newest(): Promise<HistoryRow | undefined>;
  /** Adds calibrator transits that are not there yet, in one transaction. Gives how many it added. */
  addTransits(transits: readonly TransitRow[]): Promise<number>;
  /**
   * Takes over files' rows from another database in one transaction, each ledger row with its history row, where `supersedes`
   * (precedence.ts) says so; no two of one host and path. A history row that no file has any more goes, as with `record`.
   * A history row that is there of another file recorded later stays. Files without a host are this store's host's.
   */
  mergeFiles(files: readonly FileRows[]): Promise<Merged>;
  /**
   * Adds history rows of no file, in one transaction, where there is none with a position at the time, nor a file's within
   * half a second: repaired rows of the replaced system are so near to the true time. Gives how many it added.
   */
  mergeHistory(rows: readonly HistoryRow[]): Promise<number>;
  /** Keeps what this host's monitor says of itself, where several hosts share the database; elsewhere its file is enough. */
  putStatus(json: string): Promise<void>;
  /** Throws a StoreError unless rows could be written now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
