import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { errorCodes, StoreError } from '../errors.js';
import type { HostAndStatus } from '../health/hosts.js';
import type { JudgedStatus } from '../health/judged-status.js';
import { type IssueCode, issueCodes, severityOf } from '../issues.js';
import { countsOnDisk } from '../store/counts.js';
import { unixOfMjdUtc } from '../units.js';
import { noneWhileUnreadable } from './errors.js';
import { reportedHistogram } from './reported-histogram.js';
import type { RouteContext } from './route.js';

const SERVER = 'pointing_server_';
/** The library gives the same by type under right names. */
const GAUGES_NAMED_AS_COUNTERS = ['handles', 'requests', 'resources'];

type Numbers = Readonly<Record<string, number | null | undefined>>;

/**
 * The monitors' metrics, computed at each scrape from their statuses and the database, and the server's own process metrics
 * under `pointing_server_`. Unknown values are left out.
 */
export function createMetrics({ reader, status, changeFeed }: Omit<RouteContext, 'metrics'>) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: SERVER });
  for (const what of GAUGES_NAMED_AS_COUNTERS)
    registry.removeSingleMetric(`${SERVER}nodejs_active_${what}_total`);
  const ofHosts: (Gauge | Counter)[] = [];
  const added = <Kind extends Gauge | Counter>(metric: Kind, labelNames: string[]): Kind => {
    if (labelNames.includes('host')) ofHosts.push(metric);
    return metric;
  };
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    added(
      new Gauge({ name: `pointing_monitor_${name}`, help, labelNames, registers: [registry] }),
      labelNames,
    );
  const counter = (name: string, help: string, labelNames: string[]) =>
    added(
      new Counter({ name: `pointing_monitor_${name}_total`, help, labelNames, registers: [registry] }),
      labelNames,
    );

  new Gauge({
    name: 'pointing_server_event_listeners',
    help: 'Clients connected to the event stream',
    registers: [registry],
    collect() {
      this.set(changeFeed.listeners);
    },
  });
  let hosts: readonly HostAndStatus[] = [];
  registry.registerMetric(
    reportedHistogram(
      'pointing_monitor_extraction_seconds',
      'Time to read a file, from when its turn comes to its outcome',
      () =>
        hosts.flatMap(({ host, status }) => {
          const duration = 'error' in status ? undefined : status.extraction?.duration;
          // The file may be of another program's making.
          const isReport = Array.isArray(duration?.bounds_seconds) && Array.isArray(duration.counts);
          return isReport ? [{ labels: labelsOf(host), report: duration }] : [];
        }),
    ),
  );
  const up = gauge('up', '1 while a monitor runs and its status is younger than 120 s', HOST);
  const running = gauge('running', '1 unless the monitor was stopped cleanly or has never run', HOST);
  const healthy = gauge('healthy', '1 while every finished file in the watched tree has its row', HOST);
  const issues = gauge('issues', 'Number of current issues', HOST);
  const issue = gauge('issue', '1 while the issue with this code (see the runbook) is present', [
    ...HOST,
    'code',
    'severity',
  ]);
  const inMaintenance = gauge('maintenance', '1 during maintenance, while nobody is alerted', HOST);
  const processed = counter('files_processed', 'Files processed since the monitor started, by result', [
    ...HOST,
    'result',
  ]);
  const restarts = counter('hdf5_restarts', 'libhdf5 processes replaced since the monitor started', HOST);
  const files = gauge('files', 'Files in the ledger without a row, by state and error code', [
    'state',
    'code',
  ]);
  const onDisk = gauge('files_on_disk', 'Files on disk at the last full scan, by state', [...HOST, 'state']);
  const databaseUp = gauge('database_up', '1 while the server can read the database');
  const newest = gauge(
    'newest_observation_timestamp_seconds',
    'Mid time of the newest observation, Unix time',
  );
  const newestAge = gauge('newest_observation_age_seconds', 'Age of the newest observation');
  const newestDec = gauge('newest_observation_dec_degrees', 'Apparent declination of the newest observation');
  const known: [Gauge, (status: Record<string, Numbers | undefined>) => number | null | undefined][] = [
    [
      gauge('queue_depth', 'Files ready, being read or waiting to be retried', HOST),
      ({ queue }) => queue?.depth,
    ],
    [gauge('queue_retrying', 'Files waiting to be retried', HOST), ({ queue }) => queue?.retrying],
    [gauge('queue_in_flight', 'Files being read', HOST), ({ queue }) => queue?.in_flight],
    [gauge('queue_unwritten', 'Results waiting for the database', HOST), ({ queue }) => queue?.unwritten],
    [gauge('uptime_seconds', 'Since the monitor started', HOST), ({ metrics }) => metrics?.uptime_seconds],
    [
      gauge('recent_errors', 'Files that failed in the last hour', HOST),
      ({ metrics }) => metrics?.recent_error_count,
    ],
    [
      gauge('unaccounted_files', 'Unaccounted files on disk at the last full scan', HOST),
      ({ reconciliation }) => reconciliation?.unaccounted,
    ],
    [
      gauge('reconciliation_seconds', 'Duration of the last full scan', HOST),
      ({ reconciliation }) => reconciliation?.seconds,
    ],
    [
      gauge('reconciliation_timestamp_seconds', 'End of the last full scan, Unix time', HOST),
      ({ reconciliation }) => reconciliation?.time,
    ],
    [
      gauge('status_file_age_seconds', 'Time since the monitor last wrote its status', HOST),
      ({ own }) => own?.age,
    ],
    [
      gauge('maintenance_end_timestamp_seconds', 'When maintenance ends, Unix time; 0 outside of it', HOST),
      ({ maintenance }) => maintenance?.until ?? 0,
    ],
    [
      gauge('last_backup_timestamp_seconds', 'When the newest verified backup was begun, Unix time', HOST),
      ({ last_backup: backup }) => backup?.time,
    ],
    [
      gauge('earth_orientation_days_left', 'Days until the IERS table ends', HOST),
      ({ earth_orientation: earth }) => earth?.days_left,
    ],
  ];

  async function readStatus(): Promise<void> {
    for (const each of ofHosts) each.reset();
    hosts = await status.hosts().catch(noneWhileUnreadable);
    for (const { host, status } of hosts) {
      const labels = labelsOf(host);
      const present = !('error' in status);
      up.set(labels, Number(status.running && present && !status.stale));
      running.set(labels, Number(status.running));
      healthy.set(labels, Number(status.healthy));
      issues.set(labels, status.issues.length);
      // A series that is there before it rises can be seen to rise.
      for (const code of issueCodes)
        issue.set(
          { ...labels, code, severity: severityOf(code) },
          Number(status.issue_codes.includes(code) || hasWarning(status, code)),
        );
      if (!present) continue;
      inMaintenance.set(labels, Number(status.maintenance !== null));
      processed.inc({ ...labels, result: 'succeeded' }, status.metrics?.files_succeeded ?? 0);
      processed.inc({ ...labels, result: 'failed' }, status.metrics?.files_failed ?? 0);
      restarts.inc(labels, status.extraction?.hdf5_restarts ?? 0);
      for (const [state, count] of Object.entries(
        status.reconciliation ? countsOnDisk(status.reconciliation) : {},
      ))
        if (typeof count === 'number') onDisk.set({ ...labels, state }, count);
      const groups = { ...status, own: { age: status.status_file_age_seconds } } as unknown as Record<
        string,
        Numbers
      >;
      for (const [gauge, valueIn] of known) {
        const value = valueIn(groups);
        if (typeof value === 'number') gauge.set(labels, value);
      }
    }
  }

  async function readDatabase(): Promise<void> {
    files.reset();
    try {
      await reader.requireDatabase();
      const counts = await reader.unsettledByCode();
      // A code that has not occurred is 0: from a series that begins at 1 nobody can tell that it rose.
      for (const code of errorCodes) files.set({ state: 'failed', code }, 0);
      for (const { state, errorCode, files: count } of counts) {
        files.set({ state, code: errorCode ?? '' }, count);
      }
      const row = await reader.newest();
      const time = row && unixOfMjdUtc(row.timestamp);
      setOrRemove(newest, time);
      setOrRemove(newestAge, time && Date.now() / 1000 - time);
      setOrRemove(newestDec, row?.dec_deg);
      databaseUp.set(1);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      databaseUp.set(0);
      for (const gauge of [newest, newestAge, newestDec]) setOrRemove(gauge, undefined);
    }
  }

  async function collect(): Promise<string> {
    await readStatus();
    await readDatabase();
    return registry.metrics();
  }

  let underWay: Promise<string> | undefined;
  /** Scrapes at the same time share one answer: the numbers are put together in one place. */
  return () => {
    underWay ??= collect().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** A status that could not be read has no warnings. */
const hasWarning = (status: JudgedStatus, code: IssueCode) =>
  !('error' in status) && status.warning_codes.includes(code);

const HOST = ['host'];
/** A status without a host's name is that of a monitor that has never run here. */
const labelsOf = (host: string): Record<string, string> => (host === '' ? {} : { host });

function setOrRemove(gauge: Gauge, value: number | null | undefined): void {
  if (typeof value === 'number') gauge.set(value);
  else gauge.remove();
}
