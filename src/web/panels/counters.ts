import type { Host, Status } from '../data/api.js';
import { byId, definitions } from '../element.js';
import { count, duration } from '../format.js';

export function showCounters(status: Status): void {
  byId('monitor-line').textContent = lineOf(status);
  const { hosts = [] } = status;
  if (hosts.length > 1) {
    byId('counters').replaceChildren(definitions(together(hosts)));
    return;
  }
  if ('error' in status || !status.metrics) {
    byId('counters').replaceChildren(definitions([['Status', 'no status yet']]));
    return;
  }
  const { metrics, reconciliation, watch_dir } = status;
  byId('counters').replaceChildren(
    definitions([
      ...onDisk(reconciliation),
      ['Stored since start', count(metrics.files_succeeded)],
      [
        'Failed since start',
        `${count(metrics.files_failed)}, ${count(metrics.recent_error_count)} in the last hour`,
      ],
      ['Uptime', duration(metrics.uptime_seconds)],
      ['Watched directory', watch_dir ?? '–'],
    ]),
  );
}

/** One line for an operator's glance. */
function lineOf(status: Status): string {
  const { hosts = [] } = status;
  if (hosts.length > 1)
    return `${hosts.length} hosts, ${hosts.filter(({ healthy }) => !healthy).length} unhealthy`;
  if ('error' in status || !status.metrics) return 'No status of a monitor yet';
  const scan = status.reconciliation;
  const heard = `heard ${duration(status.status_file_age_seconds)} ago`;
  if (!scan) return `${heard}; files not counted yet`;
  const { with_row, waiting, failed, unaccounted } = scan;
  return `On disk: ${count(with_row)} stored, ${count(waiting)} waiting, ${count(failed)} failed${unaccounted > 0 ? `, ${count(unaccounted)} unaccounted for` : ''}; ${heard}`;
}

type Reconciliation = Extract<Status, { reconciliation: unknown }>['reconciliation'];

/** Every file in the watched directory is one of these four. */
function onDisk(scan: Reconciliation | undefined): [string, string][] {
  if (!scan) return [['Files on disk', 'not scanned yet']];
  const { with_row, waiting, failed, unaccounted } = scan;
  return [
    ['Files on disk', count(scan.files_on_disk)],
    ['· stored', count(with_row)],
    ['· waiting', count(waiting)],
    ['· failed', count(failed)],
    ...(unaccounted > 0 ? [['· unaccounted', count(unaccounted)] as [string, string]] : []),
  ];
}

function together(hosts: readonly Host[]): [string, string][] {
  const sum = (value: (host: Host) => number | null) =>
    count(hosts.reduce((total, host) => total + (value(host) ?? 0), 0));
  const unwell = hosts.filter(({ healthy }) => !healthy).length;
  return [
    ['Hosts', unwell === 0 ? `${hosts.length}, all healthy` : `${hosts.length}, ${unwell} unhealthy`],
    ['Stored since start', sum((host) => host.files_succeeded)],
    ['Failed since start', sum((host) => host.files_failed)],
    ['Queue', sum((host) => host.queue_depth)],
  ];
}
