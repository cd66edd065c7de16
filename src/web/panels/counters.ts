import type { Failures, Status } from '../data/api.js';
import { byId, definitions } from '../element.js';
import { count, duration } from '../format.js';

export function showCounters({ metrics, queue, reconciliation, watch_dir }: Status): void {
  if (!metrics) {
    byId('counters').replaceChildren(definitions([['Status', 'none is written']]));
    return;
  }
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

export function showFailureCount({ total }: Failures): void {
  const button = byId<HTMLButtonElement>('failures-button');
  button.textContent =
    total === 0 ? 'No failed files' : `${count(total)} failed ${total === 1 ? 'file' : 'files'} …`;
  button.disabled = total === 0;
}
