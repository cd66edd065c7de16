import type { StoreError } from '../errors.js';
import type { Issue } from '../issues.js';
import type { Instrument } from '../sky/instrument.js';
import type { ImplausibleCounts } from '../store/plausible.js';
import type { Observation } from '../store/rows.js';
import type { MjdUtc, UnixSeconds } from '../units.js';
import type { HistogramReport } from './histogram.js';
import type { MetricsReport } from './metrics.js';
import type { Notes } from './notes.js';

/** Files that were read and whose rows the database refused. */
export interface RefusedFiles {
  readonly files: number;
  /** One of them. */
  readonly path: string;
}

export interface UnreadablePlace {
  readonly path: string;
  readonly message: string;
}

/** Of one scan of the directory tree. The five counts are of files that match the pattern. */
export interface ScanReport {
  /** Monotonic seconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Wall time, Unix seconds. */
  readonly endedAtUnix: number;
  readonly seconds: number;
  readonly filesOnDisk: number;
  readonly withRow: number;
  readonly waiting: number;
  readonly failed: number;
  /** Neither a row, nor queued, nor failed. Must be 0. */
  readonly unaccounted: number;
  /** Files that the database refuses; undefined if there are none. */
  readonly refused: RefusedFiles | undefined;
  /** Files that this scan was the first to report. */
  readonly foundByScan: number;
  /** Of those, the ones old enough that an event should have reported them before. */
  readonly missedByEvents: number;
  readonly entriesSeen: number;
  /** Links to directories, and links out of the tree, that were not followed. */
  readonly linksPassedOver: number;
  /** Parts of the tree that could not be read: what they hold is not known. The first thousand. */
  readonly unreadable: readonly UnreadablePlace[];
  readonly directories: ReadonlySet<string>;
}

/** A file and for how long it has been waited for. */
export interface Wait {
  readonly path: string;
  readonly seconds: number;
}

/** The stages of the monitor at one moment, for health to judge. Plain data: health knows nothing about what made it. */
export interface IngestSnapshot {
  /** What keeps files from being seen. */
  readonly watchIssues: readonly Issue[];
  /** A thread of this process waits for a file system. */
  readonly hangs: boolean;
  readonly clockIssue: Issue | undefined;
  readonly missingSubBand: Issue | undefined;
  /** For how long the scan under way has not moved; undefined between scans. */
  readonly scanStandsStillSeconds: number | undefined;
  /** Of the last completed scan. */
  readonly report: ScanReport | undefined;
  readonly foundByScan: number;
  readonly foundAtStart: number;
  readonly events: { readonly alive: boolean; readonly lastEventAt: number | undefined };
  readonly queue: {
    readonly depth: number;
    readonly retrying: number;
    readonly inFlight: number;
    readonly overflowed: number;
  };
  /** The lane of files that libhdf5 must read. */
  readonly hdf5: { readonly waiting: number; readonly oldest: Wait | undefined; readonly restarts: number };
  /** `unanswered`: files whose file system does not answer. */
  readonly direct: { readonly slowest: Wait | undefined; readonly unanswered: number };
  /** Results that wait for the database. */
  readonly unwritten: number;
  /** Why they wait. */
  readonly storeError: StoreError | undefined;
  readonly extractionSeconds: HistogramReport;
  readonly metrics: MetricsReport;
}

/** What the last probe of the database found. */
export interface DatabaseSnapshot {
  readonly issue: Issue | undefined;
  /** For how long the question under way has not been answered. */
  readonly silentSeconds: number;
  /** Since the start. Before that nothing is known of the rows. */
  readonly hasAnswered: boolean;
  readonly newest: Observation | undefined;
  /** Of this host's files, where hosts share the database and it expects observations. */
  readonly ofHost: HostObservations | undefined;
  /** Of the newest observation. */
  readonly instrument: Instrument | undefined;
  /** Median interval of the latest observations; undefined where there are too few. */
  readonly cadenceSeconds: number | undefined;
  /** Rows of the history that no reader shows, by reason. */
  readonly implausible: ImplausibleCounts;
}

/** What the files of one of several hosts say. */
export interface HostObservations {
  /** The newest, or, where `isBefore`, a time that it lies before. */
  readonly newestMjdUtc: MjdUtc;
  readonly isBefore: boolean;
  /** Median interval of the latest; undefined where there are too few. */
  readonly cadenceSeconds: number | undefined;
}

/** All that health is judged by. */
export interface Snapshot {
  readonly nowUnix: UnixSeconds;
  /** Monotonic seconds. */
  readonly now: number;
  readonly ingest: IngestSnapshot;
  readonly database: DatabaseSnapshot;
  readonly statusFile: {
    /** Set while it cannot be written. */
    readonly issue: Issue | undefined;
    /** Process id of another monitor, which writes the status file in this one's place. */
    readonly ownedBy: number | undefined;
  };
  readonly notes: Notes;
}

/** What the monitor was told to do. */
export interface MonitorSettings {
  /** This host's name in a database that several hosts share. */
  readonly host: string;
  readonly watchDir: string;
  /** Names of the files that are read. */
  readonly pattern: string;
  readonly productsDb: string;
  readonly events: boolean;
  readonly scanIntervalSeconds: number;
  /** Expected time between observations, or that of the latest ones; undefined where observing is not regular. */
  readonly expectEverySeconds: number | 'auto' | undefined;
  /** How old the newest backup may be; undefined where nobody asked for backups. */
  readonly maxBackupAgeSeconds: number | undefined;
}
