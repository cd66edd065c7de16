import type { ListedFile } from '../native/outcome.js';
import type { Degrees, MjdUtc } from '../units.js';
import type { StoredInstrument } from './instruments.js';
import type { ImplausibleCounts } from './plausible.js';
import type {
  ClassifiedFile,
  FailedFile,
  FileCount,
  FileRows,
  HistoryRow,
  HostStatus,
  Observation,
  SkyRegion,
  TransitRow,
  UnattributedRow,
  UnmatchedFiles,
  UnsettledState,
} from './rows.js';

/**
 * Reads a products database, whichever backend holds it. Rows of the history are oldest first, ranges of times include both
 * ends, and rows that are not plausible (plausible.ts) are left out unless said otherwise. `excluded` are instruments, by their
 * ids, whose rows are left out too; 0 stands for the unknown one. Every call may throw a StoreError.
 */
export interface HistoryReader {
  /** A different text after every change made through another connection; the same as long as nothing changes. */
  version(): Promise<string>;
  history(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): AsyncIterable<HistoryRow>;
  /** The same rows, some thousand at a time. */
  historyPages(
    startMjdUtc: MjdUtc,
    endMjdUtc: MjdUtc,
    excluded?: readonly number[],
  ): AsyncIterable<readonly HistoryRow[]>;
  /**
   * The same rows as numbers, six a row: timestamp, ra_deg, dec_deg, and of the file its duration in seconds, its instrument's
   * id and the middle of its band in Hz, 0 where they are unknown; some thousand rows at a time.
   */
  historyColumns(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): AsyncIterable<Float64Array>;
  /** The first `limit` of the same rows as comma-separated JSON objects in UTF-8, some thousand at a time: three times as fast. */
  historyJson(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc, limit: number): AsyncIterable<Uint8Array>;
  /** The timestamp of the row that follows the first `count` rows; undefined if there is none. */
  timestampAfter(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc, count: number): Promise<MjdUtc | undefined>;
  /** The same rows as `history`, each with its file. */
  observations(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): AsyncIterable<Observation>;
  /** The same observations, some thousand at a time. */
  observationPages(startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): AsyncIterable<readonly Observation[]>;
  /** The same for rows at hand, in their order. */
  withFiles(rows: readonly HistoryRow[]): Promise<Observation[]>;
  /** The rows that point into a part of the apparent sky, all at once. */
  within(region: SkyRegion, startMjdUtc: MjdUtc, endMjdUtc: MjdUtc): Promise<HistoryRow[]>;
  /** The newest row, or the newest up to a time. */
  newest(untilMjdUtc?: MjdUtc, excluded?: readonly number[]): Promise<HistoryRow | undefined>;
  /** The first of the latest consecutive rows whose declination is within the tolerance of the newest row's. */
  atDeclinationSince(
    newest: HistoryRow,
    toleranceDeg: Degrees,
    excluded?: readonly number[],
  ): Promise<MjdUtc>;
  /** The first row after this one whose declination differs from its by more than the tolerance: the telescope had moved. */
  movedAfter(
    row: HistoryRow,
    toleranceDeg: Degrees,
    excluded?: readonly number[],
  ): Promise<MjdUtc | undefined>;
  /** How many rows are left out, by reason. All but `no_position` by the index, which is cheap; `all` scans the whole history. */
  implausibleRows(look: 'times' | 'all'): Promise<ImplausibleCounts>;

  /** One state for each file, in the order given. Where hosts share the database, of this reader's host. */
  classify(files: readonly ListedFile[]): Promise<ClassifiedFile[]>;
  /** Compares the whole ledger with the history. */
  unmatchedFiles(): Promise<UnmatchedFiles>;
  /** The time of a file's row; undefined where the ledger has no such file, or no row for it. */
  timeOfFile(path: string): Promise<MjdUtc | undefined>;
  /** Files without a row, latest first: those that have failed, or those that are retried. */
  failures(limit: number, state?: UnsettledState): Promise<FailedFile[]>;
  /** How many files are in a state other than `stored`. Costs nothing, however many are stored. */
  unsettledFiles(): Promise<Record<UnsettledState, number>>;
  /** Counts the whole ledger: half a second for ten million files in PostgreSQL. */
  fileCounts(): Promise<FileCount[]>;
  /** By host. Empty in SQLite, where each host keeps its own file. */
  hostStatuses(): Promise<HostStatus[]>;

  /** Hosts that have files in the ledger. Empty in SQLite. */
  ledgerHosts(): Promise<string[]>;
  /** How many rows `files` and `unattributedHistory` give. */
  countRows(): Promise<number>;
  /** The ledger by host and path, some thousand rows at a time. */
  files(): AsyncIterable<readonly FileRows[]>;
  /** History rows without a file, plausible or not, some thousand at a time. */
  unattributedHistory(): AsyncIterable<readonly UnattributedRow[]>;
  transits(): AsyncIterable<readonly TransitRow[]>;
  instruments(): Promise<StoredInstrument[]>;
  close(): Promise<void>;
}
