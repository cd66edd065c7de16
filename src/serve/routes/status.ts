import { Type } from 'typebox';
import type { HostSummary, SharedStatus } from '../../health/hosts.js';
import type { Maintenance } from '../../health/notes.js';
import { issueCodes } from '../../issues.js';
import type { FileCounts } from '../../store/counts.js';
import { BadParameter, query } from '../parameters.js';
import { orNull } from '../quantities.js';
import { route } from '../route.js';

const MaintenanceSchema = Type.Object(
  {
    until: Type.Number({ description: 'Unix seconds' }),
    until_iso: Type.String(),
    reason: Type.String(),
  } satisfies Record<keyof Maintenance, unknown>,
  { description: 'Until then nobody is alerted; null outside of maintenance' },
);

const HostSchema = Type.Object({
  host: Type.String(),
  running: Type.Boolean(),
  healthy: Type.Boolean(),
  stale: Type.Boolean(),
  issues: Type.Array(Type.String()),
  issue_codes: Type.Array(Type.String()),
  maintenance: orNull(MaintenanceSchema),
  status_file_age_seconds: orNull(Type.Number()),
  watch_dir: orNull(Type.String()),
  files_succeeded: orNull(Type.Number({ description: 'Stored since the monitor started' })),
  files_failed: orNull(Type.Number({ description: 'Failed since the monitor started' })),
  queue_depth: orNull(Type.Number()),
  files_on_disk: orNull(
    Type.Object({
      stored: Type.Number(),
      waiting: Type.Number(),
      failed: Type.Number(),
      unaccounted: Type.Number(),
    } satisfies Record<keyof FileCounts, unknown>),
    'At its last full scan, by state',
  ),
  newest_observation_mjd: orNull(Type.Number()),
} satisfies Record<keyof HostSummary, unknown>);

/** The keys that are always answered; the status file adds its own, which the type has. */
const StatusSchema = Type.Unsafe<SharedStatus>(
  Type.Object(
    {
      running: Type.Boolean(),
      healthy: Type.Boolean({ description: 'Every finished file in the watched tree has its row' }),
      issues: Type.Array(Type.String(), { description: 'Current problems, in words an operator can act on' }),
      issue_codes: Type.Array(Type.String(), {
        description: `One code per issue: ${issueCodes.join(', ')}`,
      }),
      maintenance: Type.Optional(orNull(MaintenanceSchema)),
      error: Type.Optional(Type.String({ description: 'Why there is no status' })),
      status_file_age_seconds: Type.Optional(Type.Number()),
      stale: Type.Optional(Type.Boolean({ description: 'Older than 120 s: not current' })),
      hosts: Type.Optional(
        Type.Array(HostSchema, {
          description: 'If several hosts share the database: all of them, the worst first',
        }),
      ),
    },
    {
      additionalProperties: true,
      title: 'Status',
      description:
        'The status file, with all its keys, and its age; for several hosts, the worst host’s status with the issues of all',
    },
  ),
);
/** The answer of `/api/pointing-monitor/status`. */
export type StatusAnswer = SharedStatus;

export const statusRoute = route({
  path: '/api/pointing-monitor/status',
  alias: '/pointing-monitor/status',
  name: 'getStatus',
  tag: 'Monitor',
  summary: 'The monitor’s status',
  query: query({
    host: Type.Optional(Type.String({ description: 'Only the status of this host, with all its keys' })),
  }),
  answer: StatusSchema,
  validity: 'no-cache',
  uncompressed: true,
  async respond({ host }, { status }) {
    if (host === undefined) return status.read();
    const hosts = await status.hosts();
    const found = hosts.find((each) => each.host === host);
    if (found) return found.status;
    const known = hosts.map((each) => each.host).join(', ');
    throw new BadParameter(
      'host',
      `no monitor of ${host} has written its status; known hosts: ${known || 'none'}`,
    );
  },
});
