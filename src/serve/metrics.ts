import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { HistogramReport } from '../health/histogram.js';
import { StoreTrouble } from '../store/trouble.js';
import { unixOfMjdUtc } from '../units.js';
import type { ServeContext } from './context.js';
import { reportedHistogram } from './reported-histogram.js';
import { statusDocument } from './status-document.js';

type Numbers = Readonly<Record<string, number | null | undefined>>;

/**
 * The monitor's metrics, made at each scrape from its status file and from the database; and the server's own process
 * metrics, under `pointing_server_`. What is not known is left out.
 */
export function createMetrics({ reader, statusFile, pulse }: ServeContext) {
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
      this.set(pulse.listeners);
    },
  });
  let duration: HistogramReport | undefined;
  registry.registerMetric(
    reportedHistogram(
      'pointing_monitor_extraction_seconds',
      'From the turn of a file to its outcome',
      () => duration,
    ),
  );
  const up = gauge('up', '1 while a monitor runs and its status file is younger than 120 s');
  const healthy = gauge('healthy', '1 while every finished file in the watched tree has its row');
  const issues = gauge('issues', 'What is wrong now, how many things');
  const processed = counter('files_processed', 'Files settled since the monitor started', ['result']);
  const restarts = counter('hdf5_restarts', 'libhdf5 processes replaced since the monitor started');
  const files = gauge('files', 'Files in the ledger by state and error code', ['state', 'code']);
  const databaseUp = gauge('database_up', '1 while the server can read the database');
  const newest = gauge(
    'newest_observation_timestamp_seconds',
    'Mid time of the newest observation, Unix time',
  );
  const newestAge = gauge('newest_observation_age_seconds', 'Age of the newest observation');
  const known: [Gauge, (status: Record<string, Numbers | undefined>) => number | null | undefined][] = [
    [
      gauge('queue_depth', 'Files ready, being read or waiting to be tried again'),
      ({ queue }) => queue?.depth,
    ],
    [gauge('queue_retrying', 'Files waiting to be tried again'), ({ queue }) => queue?.retrying],
    [gauge('queue_in_flight', 'Files being read'), ({ queue }) => queue?.in_flight],
    [gauge('queue_unwritten', 'Results that wait for the database'), ({ queue }) => queue?.unwritten],
    [gauge('uptime_seconds', 'Since the monitor started'), ({ metrics }) => metrics?.uptime_seconds],
    [
      gauge('recent_errors', 'Files that failed in the last hour'),
      ({ metrics }) => metrics?.recent_error_count,
    ],
    [
      gauge('unaccounted_files', 'Files on disk with neither row nor error'),
      ({ reconciliation }) => reconciliation?.unaccounted,
    ],
    [gauge('status_file_age_seconds', 'Since the monitor last wrote its status'), ({ own }) => own?.age],
    [
      gauge('earth_orientation_days_left', 'Days until the IERS table ends'),
      ({ earth_orientation: earth }) => earth?.days_left,
    ],
  ];

  async function readStatus(): Promise<void> {
    const status = await statusDocument(statusFile);
    const present = !('error' in status);
    up.set(Number(status.running && present && !status.stale));
    healthy.set(Number(status.healthy));
    issues.set(status.issues.length);
    processed.reset();
    restarts.remove();
    for (const [each] of known) each.remove();
    duration = present ? status.extraction?.duration : undefined;
    if (!present) return;
    processed.inc({ result: 'succeeded' }, status.metrics?.files_succeeded ?? 0);
    processed.inc({ result: 'failed' }, status.metrics?.files_failed ?? 0);
    restarts.inc(status.extraction?.hdf5_restarts ?? 0);
    const groups = { ...status, own: { age: status.status_file_age_seconds } } as unknown as Record<
      string,
      Numbers
    >;
    for (const [each, valueIn] of known) setOrRemove(each, valueIn(groups));
  }

  async function readDatabase(): Promise<void> {
    files.reset();
    try {
      for (const { state, errorCode, files: count } of await reader.fileCounts()) {
        files.set({ state, code: errorCode ?? '' }, count);
      }
      const row = await reader.newest();
      const time = row && unixOfMjdUtc(row.timestamp);
      setOrRemove(newest, time);
      setOrRemove(newestAge, time && Date.now() / 1000 - time);
      databaseUp.set(1);
    } catch (error) {
      if (!(error instanceof StoreTrouble)) throw error;
      databaseUp.set(0);
      setOrRemove(newest, undefined);
      setOrRemove(newestAge, undefined);
    }
  }

  return {
    contentType: registry.contentType,
    async text(): Promise<string> {
      await readStatus();
      await readDatabase();
      return registry.metrics();
    },
  };
}

function setOrRemove(gauge: Gauge, value: number | null | undefined): void {
  if (typeof value === 'number') gauge.set(value);
  else gauge.remove();
}
