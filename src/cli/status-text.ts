import type { Status } from '../health/status.js';
import { countsInWords, countsOnDisk } from '../store/counts.js';
import { fixed, fixed360 } from '../units.js';
import { stateOf } from './host-table.js';
import { fitted, oneLine } from './output.js';

const NAME_WIDTH = 12;

/** A name and what there is to say about it. */
export const statusLine = (name: string, value: string): string =>
  fitted(oneLine(`${name.padEnd(NAME_WIDTH)}${value}`), NAME_WIDTH);

/** A status for people, a line for each thing that it says. */
export function statusLines(status: Status, ageSeconds: number, stale: boolean): string[] {
  const { metrics, queue, reconciliation, newest_observation: newest } = status;
  const lines: [string, string][] = [
    [
      'monitor',
      `${stateOf({ ...status, stale })}, status ${Math.round(ageSeconds)} s old (${status.timestamp_iso})`,
    ],
    ...(status.maintenance
      ? ([['silenced', `until ${status.maintenance.until_iso}: ${status.maintenance.reason}`]] as [
          string,
          string,
        ][])
      : []),
    ...status.issues.map((issue): [string, string] => ['issue', issue]),
    ...status.warnings.map((warning): [string, string] => ['warning', warning]),
    ['watches', status.watch_dir],
    ['database', status.products_db],
    [
      'files',
      // The Python monitor's has no queue.
      `${metrics.files_succeeded} stored, ${metrics.files_failed} failed since start${queue ? `; ${queue.depth} in the queue` : ''}`,
    ],
  ];
  if (newest)
    lines.push([
      'newest',
      `${newest.time_iso}  RA ${fixed360(newest.ra_deg, 4)}  Dec ${fixed(newest.dec_deg, 4)} (apparent)`,
    ]);
  if (reconciliation) lines.push(['last scan', countsInWords(countsOnDisk(reconciliation), 'on disk')]);
  if (metrics.last_error_message) lines.push(['last error', metrics.last_error_message]);
  return lines.map(([name, value]) => statusLine(name, value));
}
