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
    byId('counters').replaceChildren(definitions([['Status', 'none is written']]));
    return;
  }
  const { metrics, queue, reconciliation, watch_dir } = status;
  byId('counters').replaceChildren(
    definitions([
      ['Files read', count(metrics.files_succeeded)],
      ['Failed', `${count(metrics.files_failed)} (${metrics.recent_error_count} in the last hour)`],
      ['Success', `${metrics.success_rate_percent} %`],
      ['Queue', count(queue?.depth ?? 0)],
      [
        'On disk',
        reconciliation
          ? `${count(reconciliation.files_on_disk)}, ${count(reconciliation.with_row)} with a row`
          : 'first scan under way',
      ],
      ['Running for', duration(metrics.uptime_seconds)],
      ['Watches', watch_dir ?? '–'],
    ]),
  );
}

function together(hosts: readonly Host[]): [string, string][] {
  const sum = (value: (host: Host) => number | null) =>
    count(hosts.reduce((total, host) => total + (value(host) ?? 0), 0));
  const unwell = hosts.filter(({ healthy }) => !healthy).length;
  return [
    ['Hosts', unwell === 0 ? `${hosts.length}, all healthy` : `${hosts.length}, ${unwell} not healthy`],
    ['Files read', sum((host) => host.files_succeeded)],
    ['Failed', sum((host) => host.files_failed)],
    ['Queue', sum((host) => host.queue_depth)],
  ];
}

export function showFailureCount({ total }: Failures): void {
  const button = byId<HTMLButtonElement>('failures-button');
  button.textContent =
    total === 0 ? 'No failed files' : `${count(total)} failed ${total === 1 ? 'file' : 'files'} …`;
  button.disabled = total === 0;
}
