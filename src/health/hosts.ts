import type { IssueCode } from '../issues.js';
import { countsOnDisk, type FileCounts } from '../store/counts.js';
import type { HostStatus } from '../store/rows.js';
import type { MjdUtc } from '../units.js';
import { type JudgedStatus, judged } from './judged-status.js';
import type { Maintenance } from './notes.js';
import { interpretStatus } from './status-file.js';

/** What matters of one host's monitor where several are shown. */
export interface HostSummary {
  readonly host: string;
  readonly running: boolean;
  readonly healthy: boolean;
  readonly stale: boolean;
  readonly issues: readonly string[];
  readonly issue_codes: readonly IssueCode[];
  readonly maintenance: Maintenance | null;
  readonly status_file_age_seconds: number | null;
  readonly watch_dir: string | null;
  readonly files_succeeded: number | null;
  readonly files_failed: number | null;
  readonly queue_depth: number | null;
  /** At its last full scan; null before the first. */
  readonly files_on_disk: FileCounts | null;
  readonly newest_observation_mjd: MjdUtc | null;
}

export interface HostAndStatus {
  readonly host: string;
  readonly status: JudgedStatus;
}

export const hostsOf = (statuses: readonly HostStatus[]): HostAndStatus[] =>
  statuses.map(({ host, json, ageSeconds }) => ({
    host,
    status: judged(interpretStatus(json, `the status from ${host}`, () => ageSeconds)),
  }));

/** The worst host's status, with what is wrong anywhere and a summary of every host. */
export type SharedStatus = JudgedStatus & { readonly hosts?: readonly HostSummary[] };

/** Higher is worse: one that hangs may lose files unseen, one that was stopped was stopped by somebody. */
function badness(status: JudgedStatus): number {
  if ('error' in status) return 4;
  if (status.running && status.stale) return 3;
  if (!status.running) return 2;
  return status.healthy ? 0 : 1;
}

/**
 * All hosts as one: healthy when all are, running when any does, stale unless one that runs is not, and in maintenance when all that
 * are not well are. `hosts` has the worst first, then by name.
 */
export function worstOf(hosts: readonly HostAndStatus[]): SharedStatus | undefined {
  const worstFirst = [...hosts].sort(
    (a, b) => badness(b.status) - badness(a.status) || (a.host < b.host ? -1 : 1),
  );
  const worst = worstFirst[0]?.status;
  if (!worst) return undefined;
  const said = (words: (status: JudgedStatus) => readonly string[]) =>
    worstFirst.flatMap(({ host, status }) =>
      words(status).map((each) => (hosts.length > 1 ? `${host}: ${each}` : each)),
    );
  return {
    ...worst,
    ...('stale' in worst && {
      ...(worst.stale && freshestOf(hosts)),
      maintenance: maintenanceOf(worstFirst),
      warnings: said(warningsOf),
      warning_codes: worstFirst.flatMap(({ status }) => ('error' in status ? [] : status.warning_codes)),
    }),
    running: hosts.some(({ status }) => status.running),
    issues: said(({ issues }) => issues),
    issue_codes: worstFirst.flatMap(({ status }) => status.issue_codes),
    hosts: worstFirst.map(summaryOf),
  };
}

const warningsOf = (status: JudgedStatus) => ('error' in status ? [] : status.warnings);

/** The age of the newest status of a host that runs. */
function freshestOf(hosts: readonly HostAndStatus[]) {
  const ages = hosts.flatMap(({ status }) =>
    'error' in status || !status.running || status.stale ? [] : [status.status_file_age_seconds],
  );
  return ages.length > 0 && { stale: false, status_file_age_seconds: Math.min(...ages) };
}

/** The maintenance that ends first, if every host with something to report is in one. */
function maintenanceOf(hosts: readonly HostAndStatus[]): Maintenance | null {
  const unwell = hosts.filter(({ status }) => badness(status) > 0 || warningsOf(status).length > 0);
  const each = (unwell.length > 0 ? unwell : hosts).map(({ status }) =>
    'error' in status ? null : status.maintenance,
  );
  return each.reduce((first, next) => (first && next && first.until <= next.until ? first : first && next));
}

function summaryOf({ host, status }: HostAndStatus): HostSummary {
  const known = 'error' in status ? undefined : status;
  return {
    host,
    running: status.running,
    healthy: status.healthy,
    stale: known?.stale ?? false,
    issues: status.issues,
    issue_codes: status.issue_codes,
    maintenance: known?.maintenance ?? null,
    status_file_age_seconds: known?.status_file_age_seconds ?? null,
    watch_dir: known?.watch_dir ?? null,
    files_succeeded: known?.metrics?.files_succeeded ?? null,
    files_failed: known?.metrics?.files_failed ?? null,
    queue_depth: known?.queue?.depth ?? null,
    files_on_disk: known?.reconciliation ? countsOnDisk(known.reconciliation) : null,
    newest_observation_mjd: known?.newest_observation?.timestamp_mjd ?? null,
  };
}
