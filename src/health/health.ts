import { setTimeout } from 'node:timers/promises';
import { StoreError } from '../errors.js';
import type { Pipeline } from '../ingest/monitor.js';
import type { ReconciliationReport } from '../ingest/watch/reconciliation.js';
import { databaseIssue, type Issue, type IssueCode } from '../issues.js';
import { earthOrientation } from '../native/astrometry.js';
import { calibratorsInBeam, directionOf } from '../sky/in-beam.js';
import type { HistoryRow } from '../store/rows.js';
import type { Store } from '../store/writer.js';
import { isoOfMjdUtc, isoOfUnix, mjdUtcOfUnix, unixOfMjdUtc, unixSeconds } from '../units.js';
import { VERSION } from '../version.js';
import type { Status } from './status.js';

export interface HealthOptions {
  /** This host's name in a database that several hosts share. */
  readonly host: string;
  readonly watchDir: string;
  readonly productsDb: string;
  readonly events: boolean;
  readonly reconcileIntervalSeconds: number;
  /** Expected time between observations; undefined where observing is not regular. */
  readonly expectEverySeconds: number | undefined;
}

/** A batch of headers takes milliseconds; one that takes this long hangs on its file system. */
const SLOW_READ_SECONDS = 120;
/** How long the newest observation says where the telescope stands: it stays for hours or days. */
const POINTING_HOLDS_SECONDS = 3600;
const PROBE_WAIT_SECONDS = 1;
/** A database that does not answer a simple question for so long is in trouble. */
const SILENCE_SECONDS = 10;
/** Three intervals without an observation are a silence. */
const OVERDUE_INTERVALS = 3;
const MISSED_SCANS = 3;
/** A step of a scan takes milliseconds, from a cold disk a second. */
const STILL_SCAN_SECONDS = 120;

/** Judges the pipeline: what is wrong now, in words, and the status for the file. */
export class Health {
  /** Set when the status file itself cannot be written. */
  statusFileTrouble: Issue | undefined;
  /** Process id of another monitor, which writes the status file in this one's place. */
  statusFileKeptBy: number | undefined;
  readonly #pipeline: Pipeline;
  readonly #store: Store;
  readonly #options: HealthOptions;
  #newest: HistoryRow | undefined;
  #databaseTrouble: Issue | undefined;
  /** The question under way. */
  #probe: { readonly answer: Promise<void>; readonly since: number } | undefined;

  constructor(pipeline: Pipeline, store: Store, options: HealthOptions) {
    this.#pipeline = pipeline;
    this.#store = store;
    this.#options = options;
  }

  get host(): string {
    return this.#options.host;
  }

  /** The last completed reconciliation. */
  get lastReport(): ReconciliationReport | undefined {
    return this.#pipeline.watch.report;
  }

  /**
   * Asks the database whether it would take rows, and for its newest one. Waits for the answer only a little: a server that
   * does not answer must not hold up the status.
   */
  async probe(): Promise<void> {
    if (!this.#probe) {
      const answer = this.#askDatabase().finally(() => {
        this.#probe = undefined;
      });
      this.#probe = { answer, since: Date.now() / 1000 };
    }
    await Promise.race([
      this.#probe.answer,
      setTimeout(PROBE_WAIT_SECONDS * 1000, undefined, { ref: false }),
    ]);
  }

  async #askDatabase(): Promise<void> {
    try {
      await this.#store.check();
      this.#newest = await this.#store.newest();
      this.#databaseTrouble = undefined;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#databaseTrouble = databaseIssue(error);
    }
  }

  /** Empty when all is well: the promise holds, and nothing else is to be looked at. */
  issues(now: number): Issue[] {
    const broken = this.#broken(now);
    return [
      ...broken,
      // Where something is broken, that is why it has not ended.
      broken.length === 0 ? this.#firstScanIssue() : undefined,
      this.#overdueIssue(now),
      this.#pipeline.nameClock.trouble,
      earthOrientationIssue(now),
      this.statusFileTrouble,
      this.#keptStatusFileIssue(),
    ].filter((issue) => issue !== undefined);
  }

  /**
   * Whether every finished file in the tree has, or is about to have, its row, as far as is known: the first scan may be
   * under way. What a person must look at, and the promise does not depend on, does not count; nor does a directory that is
   * away, of which a new start would know less than this process does.
   */
  promiseHolds(now: number): boolean {
    return this.#broken(now).every(({ code }) => OUTSIDE.has(code));
  }

  #broken(now: number): Issue[] {
    const { watch, recorder } = this.#pipeline;
    const unwritten = recorder.trouble && databaseIssue(recorder.trouble);
    const database = unwritten ?? this.#databaseTrouble ?? this.#silence(now);
    const troubles = watch.troubles.filter(({ message }) => message !== database?.message);
    return [
      ...troubles,
      database && this.#withBacklog(database),
      troubles.length === 0 && !database ? this.#reconciliationIssue(now) : undefined,
      this.#slowReadIssue(),
    ].filter((issue) => issue !== undefined);
  }

  status(now: number, running: boolean): Status {
    const { watch, arrivals, extractor, recorder, metrics, inFlight } = this.#pipeline;
    const issues = running ? this.issues(now) : [STOPPED];
    const { report } = watch;
    const newest = this.#newest;
    return {
      running,
      healthy: running && issues.length === 0,
      issues: issues.map(({ message }) => message),
      issue_codes: issues.map(({ code }) => code),
      watch_dir: this.#options.watchDir,
      products_db: this.#options.productsDb,
      metrics: metrics.report(now),
      timestamp: now,
      timestamp_iso: isoOfUnix(unixSeconds(now)),
      version: VERSION,
      host: this.#options.host,
      pid: process.pid,
      queue: {
        depth: arrivals.size,
        retrying: arrivals.waiting,
        in_flight: inFlight,
        unwritten: recorder.backlog,
        overflowed: arrivals.overflowed,
      },
      events: {
        enabled: this.#options.events,
        alive: watch.events.subscribed,
        last_event_time: watch.events.lastEventAt ?? null,
      },
      reconciliation: report
        ? {
            time: report.startedAt + report.seconds,
            seconds: round(report.seconds, 3),
            files_on_disk: report.filesOnDisk,
            with_row: report.withRow,
            waiting: report.waiting,
            failed: report.failed,
            unaccounted: report.unaccounted,
            found_by_scan: watch.foundByScan,
            found_at_start: watch.foundAtStart,
            entries_seen: report.entriesSeen,
          }
        : null,
      newest_observation: newest
        ? {
            timestamp_mjd: newest.timestamp,
            time_iso: isoOfMjdUtc(newest.timestamp),
            age_seconds: round(now - unixOfMjdUtc(newest.timestamp), 1),
            ra_deg: newest.ra_deg,
            dec_deg: newest.dec_deg,
          }
        : null,
      in_beam: this.#calibratorsInBeam(now),
      extraction: {
        hdf5_restarts: extractor.restarts,
        quarantined_files: report?.failed ?? 0,
        duration: this.#pipeline.extractionSeconds.report(),
      },
      earth_orientation: {
        last_mjd: earthOrientation().lastMjdUtc,
        days_left: Math.floor(earthOrientation().lastMjdUtc - mjdUtcOfUnix(unixSeconds(now))),
      },
    };
  }

  /** None where the newest observation is too old to say where the telescope stands. */
  #calibratorsInBeam(now: number): Status['in_beam'] {
    const newest = this.#newest;
    if (!newest || Math.abs(now - unixOfMjdUtc(newest.timestamp)) > POINTING_HOLDS_SECONDS) return [];
    return calibratorsInBeam(directionOf(newest), mjdUtcOfUnix(unixSeconds(now))).map((found) => ({
      name: found.calibrator.name,
      separation_deg: round(found.separationDeg, 3),
      minutes_to_transit: round(found.minutesToTransit, 1),
    }));
  }

  #silence(now: number): Issue | undefined {
    const seconds = this.#probe ? now - this.#probe.since : 0;
    if (seconds <= SILENCE_SECONDS) return undefined;
    return {
      code: 'database_silent',
      message: `the database ${this.#options.productsDb} has not answered for ${Math.round(seconds)} s: check its server and the network`,
    };
  }

  #withBacklog({ code, message }: Issue): Issue {
    const { backlog } = this.#pipeline.recorder;
    return { code, message: backlog > 0 ? `${message} (${backlog} results wait for it)` : message };
  }

  #reconciliationIssue(now: number): Issue | undefined {
    const { report, scanStandsStillSeconds = 0 } = this.#pipeline.watch;
    if (scanStandsStillSeconds > STILL_SCAN_SECONDS) {
      return {
        code: 'scan_overdue',
        message: `the scan of ${this.#options.watchDir} has not moved for ${Math.round(scanStandsStillSeconds)} s: check its file system`,
      };
    }
    if (!report) return undefined;
    if (report.unaccounted > 0) {
      return {
        code: 'files_unaccounted',
        message: `${report.unaccounted} matching files on disk have neither a row nor an error: run "pointing-monitor verify"`,
      };
    }
    const age = now - (report.startedAt + report.seconds);
    const allowed = MISSED_SCANS * (this.#options.reconcileIntervalSeconds + report.seconds) + 60;
    if (age <= allowed) return undefined;
    return {
      code: 'scan_overdue',
      message: `the last scan of ${this.#options.watchDir} ended ${Math.round(age)} s ago: check its file system and the log`,
    };
  }

  #firstScanIssue(): Issue | undefined {
    if (this.#pipeline.watch.report) return undefined;
    return {
      code: 'first_scan',
      message: `the first scan of ${this.#options.watchDir} has not ended yet`,
    };
  }

  #slowReadIssue(): Issue | undefined {
    const { slowest } = this.#pipeline;
    if (!slowest || slowest.seconds <= SLOW_READ_SECONDS) return undefined;
    return {
      code: 'reading_hangs',
      message: `reading ${slowest.path} has not ended after ${Math.round(slowest.seconds)} s: check its file system`,
    };
  }

  #keptStatusFileIssue(): Issue | undefined {
    const pid = this.statusFileKeptBy;
    if (pid === undefined) return undefined;
    return {
      code: 'status_file_kept',
      message: `another monitor, process ${pid}, keeps the status file, so this one writes none: give it a --status-file of its own`,
    };
  }

  #overdueIssue(now: number): Issue | undefined {
    const { expectEverySeconds } = this.#options;
    if (expectEverySeconds === undefined) return undefined;
    const newest = this.#newest;
    if (!newest) return overdue(`no observation yet, though one is expected every ${expectEverySeconds} s`);
    const age = now - unixOfMjdUtc(newest.timestamp);
    if (age <= OVERDUE_INTERVALS * expectEverySeconds) return undefined;
    const late = Math.round(age - expectEverySeconds);
    return overdue(
      `an observation is overdue by ${late} s: the newest is of ${isoOfMjdUtc(newest.timestamp)}; look at the correlator and at the copying to this host`,
    );
  }
}

/** What keeps files from being seen, and no start anew mends. */
const OUTSIDE: ReadonlySet<IssueCode> = new Set([
  'directory_missing',
  'directory_unreadable',
  'directory_unmounted',
  'places_unreadable',
  'events_missing',
]);
const STOPPED: Issue = { code: 'stopped', message: 'the monitor has stopped' };
const overdue = (message: string): Issue => ({ code: 'observation_overdue', message });

/** Whether the Earth orientation in vendor/iers still covers this time, Unix seconds. */
export function earthOrientationIssue(now: number): Issue | undefined {
  const last = earthOrientation().lastMjdUtc;
  if (mjdUtcOfUnix(unixSeconds(now)) <= last) return undefined;
  return {
    code: 'earth_orientation_ended',
    message: `the IERS table ended on ${isoOfMjdUtc(last).slice(0, 10)}: right ascensions may be 13.5 arcsec off; refresh vendor/iers`,
  };
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
