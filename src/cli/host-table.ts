import type { HostSummary } from '../health/hosts.js';
import { isoOfMjdUtc, mjdUtc } from '../units.js';
import { fitted, oneLine, print } from './output.js';
import { Table } from './table.js';

const COLUMNS = [
  { heading: 'host' },
  { heading: 'state' },
  { heading: 'age s', drop: 4 },
  { heading: 'stored since start', drop: 1 },
  { heading: 'failed since start', drop: 2 },
  { heading: 'queue', drop: 3 },
  { heading: 'newest', drop: 5 },
];
const INDENT = 2;

/** A line for each host, and below it its issues. */
export async function printHosts(hosts: readonly HostSummary[]): Promise<void> {
  const rows = hosts.map(cells);
  const table = new Table(COLUMNS, rows);
  await print(table.heading(), 'dim');
  for (const [i, { issues }] of hosts.entries()) {
    await print(table.row(rows[i] as string[]));
    for (const issue of issues) await print(fitted(`${' '.repeat(INDENT)}${oneLine(issue)}`, INDENT));
  }
}

function cells(host: HostSummary): string[] {
  return [
    host.host,
    stateOf(host),
    host.status_file_age_seconds === null ? '' : String(Math.round(host.status_file_age_seconds)),
    String(host.files_succeeded ?? ''),
    String(host.files_failed ?? ''),
    String(host.queue_depth ?? ''),
    host.newest_observation_mjd === null ? '' : isoOfMjdUtc(mjdUtc(host.newest_observation_mjd)),
  ];
}

/** One word or two for the state of a monitor. */
export function stateOf({
  running,
  stale,
  healthy,
}: Pick<HostSummary, 'running' | 'stale' | 'healthy'>): string {
  if (!running) return 'stopped';
  if (stale) return 'not responding';
  return healthy ? 'healthy' : 'UNHEALTHY';
}
