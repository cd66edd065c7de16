import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { errorCodes, StoreError } from '../errors.js';
import type { HostAndStatus } from '../health/hosts.js';
import type { JudgedStatus } from '../health/judged-status.js';
import { type IssueCode, issueCodes } from '../issues.js';
import { unixOfMjdUtc } from '../units.js';
import type { ServeContext } from './context.js';
import { reportedHistogram } from './reported-histogram.js';

type Numbers = Readonly<Record<string, number | null | undefined>>;

/**
 * The monitors' metrics, made at each scrape from what each says of itself and from the database; and the server's own process
 * metrics, under `pointing_server_`. What is not known is left out.
 */
export function createMetrics({ reader, status, changeFeed }: ServeContext) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'pointing_server_' });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `pointing_monitor_${name}`, help, labelNames, registers: [registry] });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `pointing_monitor_${name}_total`, help, labelNames, registers: [registry] });

  new Gauge({
    name: 'pointing_server_event_listeners',
    help: 'Clients that follow the server-sent events',
    registers: [registry],
    collect() {
      this.set(changeFeed.listeners);
    },
  });
  let hosts: readonly HostAndStatus[] = [];
  registry.registerMetric(
    reportedHistogram('pointing_monitor_extraction_seconds', 'From the turn of a file to its outcome', () =>
      hosts.flatMap(({ host, status }) => {
        const duration = 'error' in status ? undefined : status.extraction?.duration;
        return duration ? [{ labels: labelsOf(host), report: duration }] : [];
      }),
    ),
  );
  const up = gauge('up', '1 while a monitor runs and its status is younger than 120 s', HOST);
  const running = gauge('running', '1 unless the monitor has stopped in order, or none has run', HOST);
  const healthy = gauge('healthy', '1 while every finished file in the watched tree has its row', HOST);
  const issues = gauge('issues', 'What is wrong now, how many things', HOST);
  const issue = gauge('issue', '1 while this is wrong; codes as in the runbook', [...HOST, 'code']);
  const processed = counter('files_processed', 'Files settled since the monitor started', [
    ...HOST,
    'result',
  ]);
  const restarts = counter('hdf5_restarts', 'libhdf5 processes replaced since the monitor started', HOST);
  const files = gauge('files', 'Files in the ledger by state and error code', ['state', 'code']);
  const databaseUp = gauge('database_up', '1 while the server can read the database');
  const newest = gauge(
    'newest_observation_timestamp_seconds',
    'Mid time of the newest observation, Unix time',
  );
  const newestAge = gauge('newest_observation_age_seconds', 'Age of the newest observation');
  const newestDec = gauge('newest_observation_dec_degrees', 'Apparent declination of the newest observation');
  const known: [Gauge, (status: Record<string, Numbers | undefined>) => number | null | undefined][] = [
    [
      gauge('queue_depth', 'Files ready, being read or waiting to be tried again', HOST),
      ({ queue }) => queue?.depth,
    ],
    [gauge('queue_retrying', 'Files waiting to be tried again', HOST), ({ queue }) => queue?.retrying],
    [gauge('queue_in_flight', 'Files being read', HOST), ({ queue }) => queue?.in_flight],
    [gauge('queue_unwritten', 'Results that wait for the database', HOST), ({ queue }) => queue?.unwritten],
    [gauge('uptime_seconds', 'Since the monitor started', HOST), ({ metrics }) => metrics?.uptime_seconds],
    [
      gauge('recent_errors', 'Files that failed in the last hour', HOST),
      ({ metrics }) => metrics?.recent_error_count,
    ],
    [
      gauge('unaccounted_files', 'Files on disk with neither row nor error', HOST),
      ({ reconciliation }) => reconciliation?.unaccounted,
    ],
    [
      gauge('reconciliation_seconds', 'How long the last comparison of the tree with the ledger took', HOST),
      ({ reconciliation }) => reconciliation?.seconds,
    ],
    [
      gauge('reconciliation_timestamp_seconds', 'When that comparison ended, Unix time', HOST),
      ({ reconciliation }) => reconciliation?.time,
    ],
    [
      gauge('status_file_age_seconds', 'Since the monitor last wrote its status', HOST),
      ({ own }) => own?.age,
    ],
    [
      gauge('earth_orientation_days_left', 'Days until the IERS table ends', HOST),
      ({ earth_orientation: earth }) => earth?.days_left,
    ],
  ];

  async function readStatus(): Promise<void> {
    for (const each of [
      up,
      running,
      healthy,
      issues,
      issue,
      processed,
      restarts,
      ...known.map(([gauge]) => gauge),
    ])
      each.reset();
    hosts = await status.hosts().catch(noneWhileInTrouble);
    for (const { host, status } of hosts) {
      const labels = labelsOf(host);
      const present = !('error' in status);
      up.set(labels, Number(status.running && present && !status.stale));
      running.set(labels, Number(status.running));
      healthy.set(labels, Number(status.healthy));
      issues.set(labels, status.issues.length);
      // A series that is there before it rises can be seen to rise.
      for (const code of issueCodes)
        issue.set({ ...labels, code }, Number(status.issue_codes.includes(code) || hasWarning(status, code)));
      if (!present) continue;
      processed.inc({ ...labels, result: 'succeeded' }, status.metrics?.files_succeeded ?? 0);
      processed.inc({ ...labels, result: 'failed' }, status.metrics?.files_failed ?? 0);
      restarts.inc(labels, status.extraction?.hdf5_restarts ?? 0);
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
      const counts = await reader.fileCounts();
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
  return {
    contentType: registry.contentType,
    /** Those who ask at the same time get the same answer: the numbers are put together in one place. */
    text(): Promise<string> {
      underWay ??= collect().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
  };
}

/** A status that could not be read has no warnings. */
const hasWarning = (status: JudgedStatus, code: IssueCode) =>
  !('error' in status) && status.warning_codes.includes(code);

const HOST = ['host'];
/** A status without a host's name is that of a monitor that has never run here. */
const labelsOf = (host: string): Record<string, string> => (host === '' ? {} : { host });

/** The gauge of the database tells of it. */
function noneWhileInTrouble(error: unknown): [] {
  if (error instanceof StoreError) return [];
  throw error;
}

function setOrRemove(gauge: Gauge, value: number | null | undefined): void {
  if (typeof value === 'number') gauge.set(value);
  else gauge.remove();
}
