import type { HostSummary } from '../health/hosts.js';
import { isoOfMjdUtc, mjdUtc } from '../units.js';
import { printTable } from './table.js';

const COLUMNS = [
  { heading: 'host' },
  { heading: 'state' },
  { heading: 'age s', drop: 3 },
  { heading: 'stored since start', drop: 4 },
  { heading: 'failed since start', drop: 5 },
  { heading: 'queue', drop: 2 },
  { heading: 'newest', drop: 1 },
  { heading: 'issue' },
];

/** A line for each host with its first issue; further issues on lines of their own. */
export const printHosts = (hosts: readonly HostSummary[]): Promise<void> =>
  printTable(COLUMNS, hosts.flatMap(rowsOf));

function rowsOf(host: HostSummary): string[][] {
  const [first = '', ...others] = host.issues;
  return [
    [
      host.host,
      stateOf(host),
      host.status_file_age_seconds === null ? '' : String(Math.round(host.status_file_age_seconds)),
      String(host.files_succeeded ?? ''),
      String(host.files_failed ?? ''),
      String(host.queue_depth ?? ''),
      host.newest_observation_mjd === null ? '' : isoOfMjdUtc(mjdUtc(host.newest_observation_mjd)),
      first,
    ],
    ...others.map((issue) => [...COLUMNS.slice(1).map(() => ''), issue]),
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
