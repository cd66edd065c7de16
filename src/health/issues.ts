/** What is wrong, as pure functions of a snapshot. */
import { databaseIssue, type Issue, type IssueCode, isWarning } from '../issues.js';
import { earthOrientation, REFRESH_TABLES } from '../native/astrometry.js';
import { counted, isoOfMjdUtc, mjdUtcOfUnix, type UnixSeconds, unixOfMjdUtc } from '../units.js';
import type { LastBackup } from './notes.js';
import type { MonitorSettings, Snapshot } from './snapshot.js';

/** A batch of headers takes milliseconds; one that takes this long waits for its file system. */
const SLOW_READ_SECONDS = 15;
/** A few files that hang libhdf5 are dealt with in this time. */
const LONG_WAIT_SECONDS = 300;
/** A database that has not answered a simple question for this long has a problem. */
const SILENCE_SECONDS = 10;
/** Three intervals without an observation are a silence. */
export const OVERDUE_INTERVALS = 3;
const MISSED_SCANS = 3;
/** A step of a scan takes milliseconds, from a cold disk a second. */
const STILL_SCAN_SECONDS = 60;

/** Everything that is wrong now; empty when all is well. Warnings among them do not make the monitor unhealthy. */
export function issuesOf(snapshot: Snapshot, settings: MonitorSettings): Issue[] {
  const broken = brokenPromises(snapshot, settings);
  const { ingest, statusFile, nowUnix } = snapshot;
  return present(
    ...broken,
    // If something is broken, that is why the first scan is still running.
    broken.length === 0 ? firstScanIssue(snapshot, settings) : undefined,
    // What has arrived since the database failed is not known.
    databaseProblem(snapshot, settings) ? undefined : overdueIssue(snapshot, settings),
    ingest.clockIssue,
    ingest.missingSubBand,
    foreignRowsIssue(snapshot, settings),
    futureRowsIssue(snapshot, settings),
    backupIssue(snapshot, settings),
    earthOrientationIssue(nowUnix),
    statusFile.issue,
    ownedStatusFileIssue(statusFile.ownedBy),
  );
}

/** The issues that make the monitor unhealthy, and those that a person should only know of. */
export function bySeverity(issues: readonly Issue[]): {
  readonly unhealthy: Issue[];
  readonly warnings: Issue[];
} {
  return {
    unhealthy: issues.filter(({ code }) => !isWarning(code)),
    warnings: issues.filter(({ code }) => isWarning(code)),
  };
}

/**
 * Whether every finished file in the tree has, or is about to have, its row, as far as is known: the first scan can still be running. A
 * directory that is missing does not count, since a restarted process would know less of it than this one does; a thread of
 * this process that hangs does.
 */
export function promiseHolds(snapshot: Snapshot, settings: MonitorSettings): boolean {
  if (snapshot.ingest.hangs) return false;
  return brokenPromises(snapshot, settings).every(({ code }) => OUTSIDE.has(code));
}

/** What keeps files from being seen or stored and a restart does not fix. */
const OUTSIDE: ReadonlySet<IssueCode> = new Set([
  'directory_missing',
  'directory_unreadable',
  'directory_unmounted',
  'places_unreadable',
  'events_missing',
  'database_refused',
  'reading_delayed',
]);

/** With these, scans go on. */
const BESIDE_SCANS: ReadonlySet<IssueCode> = new Set([
  'directory_unmounted',
  'places_unreadable',
  'events_missing',
  'database_replaced',
]);

function brokenPromises(snapshot: Snapshot, settings: MonitorSettings): Issue[] {
  const { ingest } = snapshot;
  const database = databaseProblem(snapshot, settings);
  const watch = ingest.watchIssues.filter(({ message }) => message !== database?.message);
  return present(
    ...watch,
    database && withBacklog(database, ingest.unwritten),
    database ? undefined : refusedRowsIssue(snapshot, settings),
    !database && watch.every(({ code }) => BESIDE_SCANS.has(code))
      ? scanOverdueIssue(snapshot, settings)
      : undefined,
    !database && watch.length === 0 ? unaccountedIssue(snapshot) : undefined,
    slowReadIssue(snapshot),
    // Files that libhdf5 has read wait for the database.
    database ? undefined : longWaitIssue(snapshot),
  );
}

function databaseProblem(snapshot: Snapshot, settings: MonitorSettings): Issue | undefined {
  const { storeError } = snapshot.ingest;
  const unwritten = storeError && databaseIssue(storeError);
  return unwritten ?? snapshot.database.issue ?? databaseSilence(snapshot, settings);
}

function databaseSilence({ database }: Snapshot, { productsDb }: MonitorSettings): Issue | undefined {
  const { silentSeconds } = database;
  if (silentSeconds <= SILENCE_SECONDS) return undefined;
  return {
    code: 'database_silent',
    message: `the database ${productsDb} has not answered for ${Math.round(silentSeconds)} s: check its server and the network`,
  };
}

function refusedRowsIssue({ ingest }: Snapshot, { productsDb }: MonitorSettings): Issue | undefined {
  const refused = ingest.report?.refused;
  if (!refused) return undefined;
  return {
    code: 'database_refused',
    message: `the database ${productsDb} refuses the rows of ${counted(refused.files, 'file')}, such as ${refused.path}: fix the cause, which the log quotes; the files are retried every ten minutes`,
  };
}

const withBacklog = ({ code, message }: Issue, backlog: number): Issue => ({
  code,
  message: backlog > 0 ? `${message} (${backlog} results waiting)` : message,
});

function unaccountedIssue({ ingest }: Snapshot): Issue | undefined {
  const unaccounted = ingest.report?.unaccounted ?? 0;
  if (unaccounted === 0) return undefined;
  return {
    code: 'files_unaccounted',
    message: `${unaccounted} matching files on disk have neither a row nor an error: run "pointing-monitor verify"`,
  };
}

function scanOverdueIssue(snapshot: Snapshot, settings: MonitorSettings): Issue | undefined {
  const { report, scanStandsStillSeconds = 0 } = snapshot.ingest;
  const { watchDir, scanIntervalSeconds } = settings;
  if (scanStandsStillSeconds > STILL_SCAN_SECONDS) {
    return {
      code: 'scan_overdue',
      message: `the scan of ${watchDir} has made no progress for ${Math.round(scanStandsStillSeconds)} s: check its file system`,
    };
  }
  if (!report) return undefined;
  const age = snapshot.now - report.endedAt;
  if (age <= MISSED_SCANS * (scanIntervalSeconds + report.seconds) + 60) return undefined;
  return {
    code: 'scan_overdue',
    message: `the last scan of ${watchDir} finished ${Math.round(age)} s ago: check its file system and the log`,
  };
}

function foreignRowsIssue({ database }: Snapshot, { productsDb }: MonitorSettings): Issue | undefined {
  const { impossible_time: impossible = 0, wrong_time: wrong = 0 } = database.implausible;
  if (impossible + wrong === 0) return undefined;
  return {
    code: 'foreign_rows',
    message: `${impossible + wrong} rows from another program in the history of ${productsDb} have impossible times and are left out: run "pointing-monitor doctor"`,
  };
}

function futureRowsIssue({ database }: Snapshot, { productsDb }: MonitorSettings): Issue | undefined {
  const { future = 0 } = database.implausible;
  if (future === 0) return undefined;
  return {
    code: 'future_rows',
    message: `${future} rows in the history of ${productsDb} are dated in the future and are left out until then: check the clocks of this host and of the correlator`,
  };
}

function firstScanIssue({ ingest }: Snapshot, { watchDir }: MonitorSettings): Issue | undefined {
  if (ingest.report) return undefined;
  return { code: 'first_scan', message: `the first scan of ${watchDir} is still running` };
}

function slowReadIssue({ ingest }: Snapshot): Issue | undefined {
  const { slowest, unanswered } = ingest.direct;
  if (slowest && slowest.seconds > SLOW_READ_SECONDS) {
    return {
      code: 'reading_hangs',
      message: `reading ${slowest.path} has taken ${Math.round(slowest.seconds)} s so far: check its file system`,
    };
  }
  if (unanswered === 0) return undefined;
  return {
    code: 'reading_hangs',
    message: `${unanswered} files could not be read because their file system does not answer: check the mounts below the watch directory`,
  };
}

function longWaitIssue({ ingest }: Snapshot): Issue | undefined {
  const { oldest, waiting } = ingest.hdf5;
  if (!oldest || oldest.seconds <= LONG_WAIT_SECONDS) return undefined;
  return {
    code: 'reading_delayed',
    message: `${waiting} files are waiting for libhdf5, ${oldest.path} for ${Math.round(oldest.seconds / 60)} min: damaged files keep it busy; "pointing-monitor verify" lists them`,
  };
}

function ownedStatusFileIssue(pid: number | undefined): Issue | undefined {
  if (pid === undefined) return undefined;
  return {
    code: 'status_file_kept',
    message: `another monitor, process ${pid}, owns the status file, so this one writes none: give it its own --status-file`,
  };
}

function overdueIssue(
  { database, nowUnix }: Snapshot,
  { expectEverySeconds }: MonitorSettings,
): Issue | undefined {
  if (expectEverySeconds === undefined || !database.hasAnswered) return undefined;
  const { newest, ofHost } = database;
  const { cadenceSeconds } = ofHost ?? database;
  const everySeconds = expectEverySeconds === 'auto' ? cadenceSeconds : expectEverySeconds;
  if (everySeconds === undefined) return undefined;
  if (!newest) return overdue(`no observation yet, although one is expected every ${everySeconds} s`);
  const { newestMjdUtc: last, isBefore } = ofHost ?? { newestMjdUtc: newest.timestamp, isBefore: false };
  const age = nowUnix - unixOfMjdUtc(last);
  if (age <= OVERDUE_INTERVALS * everySeconds) return undefined;
  const late = Math.round(age - everySeconds);
  return overdue(
    `an observation is overdue by ${late} s: the newest ${ofHost ? 'of this host ' : ''}is from ${isBefore ? 'before ' : ''}${isoOfMjdUtc(last)}; check the correlator and the transfer to this host`,
  );
}

const overdue = (message: string): Issue => ({ code: 'observation_overdue', message });

/** The newest backup of this monitor's database. */
export const backupOf = ({ notes: { lastBackup } }: Snapshot, { productsDb }: MonitorSettings) =>
  lastBackup?.database === productsDb ? lastBackup : undefined;

function backupIssue(snapshot: Snapshot, settings: MonitorSettings): Issue | undefined {
  const { maxBackupAgeSeconds, productsDb } = settings;
  if (maxBackupAgeSeconds === undefined) return undefined;
  const last: LastBackup | undefined = backupOf(snapshot, settings);
  // One from the future was noted by a clock that ran ahead.
  if (last && Math.abs(snapshot.nowUnix - last.time) <= maxBackupAgeSeconds) return undefined;
  return {
    code: 'backup_overdue',
    message: `${last ? `the newest backup of ${productsDb} is from ${last.time_iso}` : `there is no backup of ${productsDb}`}: check contimg-pointing-backup.timer, or run "pointing-monitor backup"`,
  };
}

/** Whether the Earth orientation in vendor/iers still covers this time. */
export function earthOrientationIssue(now: UnixSeconds): Issue | undefined {
  const last = earthOrientation().lastMjdUtc;
  if (mjdUtcOfUnix(now) <= last) return undefined;
  return {
    code: 'earth_orientation_ended',
    message: `the IERS table ended on ${isoOfMjdUtc(last).slice(0, 10)}: right ascensions can be off by 13.5 arcsec; ${REFRESH_TABLES}`,
  };
}

const present = (...issues: (Issue | undefined)[]): Issue[] => issues.filter((issue) => issue !== undefined);
