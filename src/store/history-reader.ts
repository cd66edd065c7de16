import type { ErrorCode } from '../errors.js';
import type { Degrees, MjdUtc, UnixSeconds } from '../units.js';
import type { FileState, HistoryRow } from './store.js';

/** A file that has no pointing, and why. */
export interface FailedFile {
  /** Null where the database is of one host. */
  readonly host: string | null;
  readonly path: string;
  readonly errorCode: ErrorCode;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly recordedAt: UnixSeconds;
}

/** What a host's monitor said of itself last. */
export interface HostStatus {
  readonly host: string;
  /** As in its status file. */
  readonly json: string;
  /** By the database's clock: the hosts' own may differ. */
  readonly ageSeconds: number;
}

export interface FileCount {
  readonly state: FileState;
  readonly errorCode: ErrorCode | null;
  readonly files: number;
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

/**
 * What the web server reads. A database that is not there yet, or lacks our tables, is an empty one; any other trouble is
 * a StoreError. Rows that another program stored without a position are left out. Bounds are included.
 */
export interface HistoryReader {
  /** Another text after every change that another connection made; the same as long as nothing changed. */
  version(): Promise<string>;
  /** Oldest first. */
  history(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): AsyncIterable<HistoryRow>;
  /** The same, some thousand at a time. */
  historyPages(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): AsyncIterable<readonly HistoryRow[]>;
  /** The first `limit` of the same rows as JSON objects with commas between, in UTF-8, some thousand a piece: three times as fast. */
  historyJson(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc, limit: number): AsyncIterable<Uint8Array>;
  /** Where the row lies that follows the first `count` ones. Undefined where there is none. */
  timestampAfter(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc, count: number): Promise<MjdUtc | undefined>;
  /** The rows that point into a part of the apparent sky, oldest first, all at once. */
  within(region: SkyRegion, startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): Promise<HistoryRow[]>;
  /** The first row after this one whose declination differs from its by more than the tolerance: the telescope had moved. */
  movedAfter(row: HistoryRow, toleranceDeg: Degrees): Promise<MjdUtc | undefined>;
  /** The files that rows came from, by the rows' times, in their order: the first by name; null where the ledger has none. */
  paths(timestamps: readonly MjdUtc[]): Promise<(string | null)[]>;
  newest(): Promise<HistoryRow | undefined>;
  /** The first of the newest rows in succession whose declination is that of the newest, give or take the tolerance. */
  atDeclinationSince(newest: HistoryRow, toleranceDeg: Degrees): Promise<MjdUtc>;
  /** Files in state `failed`, the latest first. */
  failures(limit: number): Promise<FailedFile[]>;
  fileCounts(): Promise<FileCount[]>;
  /** By host. None where each host keeps its own file. */
  hostStatuses(): Promise<HostStatus[]>;
  close(): Promise<void>;
}
