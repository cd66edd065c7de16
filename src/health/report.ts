/** The status file's contents, as a pure function of a snapshot. */
import type { Issue } from '../issues.js';
import { earthOrientation } from '../native/astrometry.js';
import { inBeamNow } from '../sky/in-beam.js';
import { isoOfMjdUtc, isoOfUnix, mjdUtcOfUnix, unixOfMjdUtc } from '../units.js';
import { VERSION } from '../version.js';
import { backupOf, bySeverity, issuesOf } from './issues.js';
import type { MonitorSettings, Snapshot } from './snapshot.js';
import type { Status } from './status.js';

export const STOPPED: Issue = {
  code: 'stopped',
  message: 'the monitor has stopped: start it, as a service with "systemctl start contimg-pointing-monitor"',
};

export function statusOf(snapshot: Snapshot, settings: MonitorSettings, running: boolean): Status {
  const { ingest, nowUnix } = snapshot;
  const { unhealthy, warnings } = running
    ? bySeverity(issuesOf(snapshot, settings))
    : { unhealthy: [STOPPED], warnings: [] };
  const { queue, events, hdf5, direct } = ingest;
  return {
    running,
    healthy: running && unhealthy.length === 0,
    issues: unhealthy.map(({ message }) => message),
    issue_codes: unhealthy.map(({ code }) => code),
    warnings: warnings.map(({ message }) => message),
    warning_codes: warnings.map(({ code }) => code),
    maintenance: snapshot.notes.maintenance ?? null,
    watch_dir: settings.watchDir,
    pattern: settings.pattern,
    products_db: settings.productsDb,
    metrics: ingest.metrics,
    timestamp: nowUnix,
    timestamp_iso: isoOfUnix(nowUnix),
    version: VERSION,
    host: settings.host,
    pid: process.pid,
    queue: {
      depth: queue.depth,
      retrying: queue.retrying,
      in_flight: queue.inFlight,
      for_libhdf5: hdf5.waiting,
      unwritten: ingest.unwritten,
      overflowed: queue.overflowed,
    },
    events: {
      enabled: settings.events,
      alive: events.alive,
      last_event_time: events.lastEventAt ?? null,
    },
    reconciliation: lastScanOf(snapshot),
    newest_observation: newestOf(snapshot),
    in_beam: inBeam(snapshot),
    extraction: {
      hdf5_restarts: hdf5.restarts,
      quarantined_files: ingest.report?.failed ?? 0,
      unanswered_files: direct.unanswered,
      longest_wait: hdf5.oldest ? { path: hdf5.oldest.path, seconds: round(hdf5.oldest.seconds, 1) } : null,
      duration: ingest.extractionSeconds,
    },
    last_backup: backupOf(snapshot, settings) ?? null,
    earth_orientation: {
      last_mjd: earthOrientation().lastMjdUtc,
      days_left: Math.floor(earthOrientation().lastMjdUtc - mjdUtcOfUnix(nowUnix)),
    },
  };
}

function lastScanOf({ ingest }: Snapshot): Status['reconciliation'] {
  const { report } = ingest;
  if (!report) return null;
  return {
    time: report.endedAtUnix,
    seconds: round(report.seconds, 3),
    files_on_disk: report.filesOnDisk,
    with_row: report.withRow,
    waiting: report.waiting,
    failed: report.failed,
    unaccounted: report.unaccounted,
    found_by_scan: ingest.foundByScan,
    found_at_start: ingest.foundAtStart,
    entries_seen: report.entriesSeen,
    links_passed_over: report.linksPassedOver,
  };
}

function newestOf({ database, nowUnix }: Snapshot): Status['newest_observation'] {
  const { newest, instrument, cadenceSeconds } = database;
  if (!newest) return null;
  return {
    timestamp_mjd: newest.timestamp,
    time_iso: isoOfMjdUtc(newest.timestamp),
    age_seconds: round(nowUnix - unixOfMjdUtc(newest.timestamp), 1),
    ra_deg: newest.ra_deg,
    dec_deg: newest.dec_deg,
    instrument: instrument?.name ?? null,
    quality: newest.quality,
    cadence_seconds: cadenceSeconds === undefined ? null : round(cadenceSeconds, 1),
  };
}

function inBeam({ database: { newest, instrument }, nowUnix }: Snapshot): Status['in_beam'] {
  return newest && instrument ? inBeamNow(newest, instrument, mjdUtcOfUnix(nowUnix)) : [];
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
