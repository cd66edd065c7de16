import type { HostSummary } from '../health/hosts.js';
import { escapeControls } from '../log/plain-line.js';
import { isoOfMjdUtc, mjdUtc } from '../units.js';

const COLUMNS = ['host', 'state', 'age', 'read', 'failed', 'queue', 'newest', 'issue'] as const;
/** The last column is as wide as its words. */
const GAP = '  ';

/** A line a host, the first issue of each at its end; further issues on lines of their own. */
export function hostTable(hosts: readonly HostSummary[]): string {
  const rows = [[...COLUMNS], ...hosts.flatMap(rowsOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join(GAP)
        .trimEnd(),
    )
    .map((line) => `${escapeControls(line)}\n`)
    .join('');
}

function rowsOf(host: HostSummary): string[][] {
  const [first = '', ...others] = host.issues;
  return [
    [
      host.host,
      stateOf(host),
      host.status_file_age_seconds === null ? '' : `${Math.round(host.status_file_age_seconds)} s`,
      String(host.files_succeeded ?? ''),
      String(host.files_failed ?? ''),
      String(host.queue_depth ?? ''),
      host.newest_observation_mjd === null ? '' : isoOfMjdUtc(mjdUtc(host.newest_observation_mjd)),
      first,
    ],
    ...others.map((issue) => [...COLUMNS.slice(1).map(() => ''), issue]),
  ];
}

function stateOf({ running, stale, healthy }: HostSummary): string {
  if (!running) return 'stopped';
  if (stale) return 'not heard of';
  return healthy ? 'healthy' : 'UNHEALTHY';
}
