import type { ErrorCode } from '../errors.js';
import type { FileVersion, Instrument, ListedFile, Outcome, PointingKind } from '../native/outcome.js';
import type { Degrees, MjdUtc, UnixSeconds } from '../units.js';

/** `stored`: the file has its row. `waiting`: it is retried. `failed`: it stays so until the file changes. */
const fileStates = ['stored', 'waiting', 'failed'] as const;
export type FileState = (typeof fileStates)[number];
export type UnsettledState = Exclude<FileState, 'stored'>;

/** What to record of a file that has been read. */
export interface FileResult {
  readonly outcome: Outcome;
  readonly state: FileState;
  /** Tries so far at this version of the file. */
  readonly attempts: number;
}

/** What the ledger has of a file before a result is recorded. */
export interface LedgerEntry extends FileVersion {
  readonly state: FileState;
  readonly timestamp: MjdUtc | null;
}

/** One row of pointing_history. Apparent, equinox of date. */
export interface HistoryRow {
  readonly timestamp: MjdUtc;
  readonly ra_deg: Degrees;
  readonly dec_deg: Degrees;
}

/** A history row with what the ledger knows of its file; nulls where no file has it. */
export interface Observation extends HistoryRow {
  /** Where several files hold the same observation, that which gave the row its position, or the first by name. */
  readonly path: string | null;
  readonly kind: PointingKind | null;
  readonly raIcrsDeg: Degrees | null;
  readonly decIcrsDeg: Degrees | null;
  readonly haDeg: Degrees | null;
  readonly durationSeconds: number | null;
  readonly minFrequencyHz: number | null;
  readonly maxFrequencyHz: number | null;
  /** `QualityWord`s with spaces between. */
  readonly quality: string | null;
  /** When its file was read last. */
  readonly recordedAt: UnixSeconds | null;
  /** Of `HistoryReader.instruments`. */
  readonly instrumentId: number | null;
}

/** One row of cal_transits. */
export interface TransitRow {
  readonly name: string;
  readonly mjdUtc: MjdUtc;
}

/** One row of the ledger. */
export interface LedgerRow extends ListedFile {
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
  readonly durationSeconds: number | null;
  readonly minFrequencyHz: number | null;
  readonly maxFrequencyHz: number | null;
  /** `QualityWord`s with spaces between; null where a version before 0.2 read the file. */
  readonly quality: string | null;
}

/** A ledger row with its apparent position, null where its history row is missing. */
export interface FileRows extends LedgerRow {
  /** Whose file it is; null in SQLite, which keeps no hosts. */
  readonly host: string | null;
  readonly raDeg: Degrees | null;
  readonly decDeg: Degrees | null;
  readonly instrument: Instrument | null;
}

/** A history row that no file has: another program stored it, perhaps without a position or with text in its place. */
export interface UnattributedRow {
  readonly timestamp: unknown;
  readonly ra_deg: unknown;
  readonly dec_deg: unknown;
}

/** What became of files' rows from another database. */
export interface Merged {
  readonly added: number;
  /** Replaced the row that was there. */
  readonly newer: number;
  /** The row that was there stays: it is the same, or takes precedence. */
  readonly kept: number;
}

/**
 * Where a listed file stands in the ledger. `stored`: its history row is there, as the file says it or another file of the same
 * time. `unread`: the file is not in the ledger or has changed since, or its history row is missing or different.
 */
export type LedgerState = FileState | 'unread';

export interface ClassifiedFile {
  readonly state: LedgerState;
  /** Why, where it is waiting or failed. */
  readonly errorCode: ErrorCode | null;
  /** Its row is right, but an earlier version of this program read the file, and less of it. */
  readonly incomplete?: true;
  /** libhdf5 began to read it, and the process that asked for it ended before the read did. */
  readonly interrupted?: true;
}

export const STORED: ClassifiedFile = { state: 'stored', errorCode: null };
export const INCOMPLETE: ClassifiedFile = { ...STORED, incomplete: true };

/** A file without its row, by what the ledger has of it. One that is to be tried as if it were new has no attempts. */
export const withoutRow = (
  state: Exclude<LedgerState, 'stored'>,
  errorCode: ErrorCode | null,
  attempts: number,
): ClassifiedFile => ({
  state,
  errorCode,
  ...(state === 'waiting' && errorCode === 'timeout' && attempts > 0 && { interrupted: true }),
});

/** Stored files whose history row is missing, or has the position of no file. */
export interface UnmatchedFiles {
  readonly files: number;
  /** Some of their paths. */
  readonly first: readonly string[];
}

export interface LedgerFilter {
  readonly code?: ErrorCode;
  /** Only paths in this directory or below it. */
  readonly under?: string;
}

/** A part of the apparent sky, bounds included. */
export interface SkyRegion {
  readonly decFromDeg: number;
  readonly decToDeg: number;
  /** 0 to 360. */
  readonly raFromDeg: number;
  /** At least `raFromDeg`; beyond 360 where the region reaches across right ascension 0. */
  readonly raToDeg: number;
}

/** A file without a pointing, and why. */
export interface FailedFile {
  /** Null where the database is of one host. */
  readonly host: string | null;
  readonly path: string;
  readonly errorCode: ErrorCode;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly recordedAt: UnixSeconds;
}

/** The latest status of a host's monitor. */
export interface HostStatus {
  readonly host: string;
  /** As in its status file. */
  readonly json: string;
  /** By the database's clock: the hosts' own may differ. */
  readonly ageSeconds: number;
}

export interface UnsettledCount {
  readonly state: UnsettledState;
  readonly errorCode: ErrorCode | null;
  readonly files: number;
}
