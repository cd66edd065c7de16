import type { Failures, Host, Status } from '../data/api.js';
import { byId, definitions } from '../element.js';
import { count, duration } from '../format.js';

export function showCounters(status: Status): void {
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

export function showFailureCount({ total }: Failures): void {
  const button = byId<HTMLButtonElement>('failures-button');
  button.textContent =
    total === 0
      ? 'No failed files in the ledger'
      : `${count(total)} failed ${total === 1 ? 'file' : 'files'} in the ledger …`;
  button.disabled = total === 0;
}
