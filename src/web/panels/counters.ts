import { countsInWords, countsOnDisk, type FileCounts, sumOf, totalOf } from '#src/store/counts.js';
import type { Host, Status } from '../data/api.js';
import { byId, definitions } from '../element.js';
import { count, duration } from '../format.js';

export function showCounters(status: Status): void {
  // A number stays on the line of what it counts.
  byId('monitor-line').textContent = lineOf(status).replaceAll(/(?<=\d) /g, '\u00a0');
  byId('counters').replaceChildren(definitions(entriesOf(status)));
}

const hostsOf = ({ hosts = [] }: Status): readonly Host[] => (hosts.length > 1 ? hosts : []);

/** One line for an operator's glance. */
function lineOf(status: Status): string {
  const hosts = hostsOf(status);
  if (hosts.length > 0) {
    const unwell = hosts.filter(({ healthy }) => !healthy).length;
    return `${hosts.length} hosts, ${unwell} unhealthy; ${inWords(together(hosts))}`;
  }
  if ('error' in status || !status.metrics) return 'No monitor status yet';
  const { reconciliation: scan } = status;
  return `${inWords(scan ? countsOnDisk(scan) : undefined)}; updated ${duration(status.status_file_age_seconds)} ago`;
}

const inWords = (counts: FileCounts | undefined) =>
  counts ? countsInWords(counts, 'on disk') : 'files not counted yet';

function entriesOf(status: Status): [string, string][] {
  const hosts = hostsOf(status);
  if (hosts.length > 0) return entriesOfHosts(hosts);
  if ('error' in status || !status.metrics) return [['Status', 'no status yet']];
  const { metrics, reconciliation, watch_dir } = status;
  return [
    ...onDisk(reconciliation ? countsOnDisk(reconciliation) : undefined),
    ['Stored since start', count(metrics.files_succeeded)],
    [
      'Failed since start',
      `${count(metrics.files_failed)}, ${count(metrics.recent_error_count)} in the last hour`,
    ],
    ['Uptime', duration(metrics.uptime_seconds)],
    ['Watched directory', watch_dir ?? '–'],
  ];
}

/** Every file in the watched directory is in one of the states. */
function onDisk(counts: FileCounts | undefined): [string, string][] {
  if (!counts) return [['Files on disk', 'not scanned yet']];
  return [
    ['Files on disk', count(totalOf(counts))],
    ...Object.entries(counts).map(([state, files]): [string, string] => [`· ${state}`, count(files)]),
  ];
}

/** The files of all hosts; undefined until each has counted its own. */
function together(hosts: readonly Host[]): FileCounts | undefined {
  const counted = hosts.flatMap(({ files_on_disk: counts }) => counts ?? []);
  return counted.length === hosts.length ? sumOf(counted) : undefined;
}

function entriesOfHosts(hosts: readonly Host[]): [string, string][] {
  const sum = (value: (host: Host) => number | null) =>
    count(hosts.reduce((total, host) => total + (value(host) ?? 0), 0));
  const unwell = hosts.filter(({ healthy }) => !healthy).length;
  return [
    ['Hosts', unwell === 0 ? `${hosts.length}, all healthy` : `${hosts.length}, ${unwell} unhealthy`],
    ...onDisk(together(hosts)),
    ['Stored since start', sum((host) => host.files_succeeded)],
    ['Failed since start', sum((host) => host.files_failed)],
    ['Queue', sum((host) => host.queue_depth)],
  ];
}
