import { Type } from 'typebox';
import type { HostSummary } from '../../health/hosts.js';
import type { JudgedStatus } from '../../health/judged-status.js';
import { issueCodes } from '../../issues.js';
import type { ServeContext } from '../context.js';
import { BadParameter } from '../parameters.js';
import type { App } from '../server.js';
import type { StatusSource } from '../status-source.js';

const orNull = (type: ReturnType<typeof Type.Number>) => Type.Union([type, Type.Null()]);

const HostSchema = Type.Object({
  host: Type.String(),
  running: Type.Boolean(),
  healthy: Type.Boolean(),
  stale: Type.Boolean(),
  issues: Type.Array(Type.String()),
  issue_codes: Type.Array(Type.String()),
  status_file_age_seconds: orNull(Type.Number()),
  watch_dir: Type.Union([Type.String(), Type.Null()]),
  files_succeeded: orNull(Type.Number()),
  files_failed: orNull(Type.Number()),
  queue_depth: orNull(Type.Number()),
  newest_observation_mjd: orNull(Type.Number()),
} satisfies Record<keyof HostSummary, unknown>);

export const StatusSchema = Type.Object(
  {
    running: Type.Boolean(),
    healthy: Type.Boolean({ description: 'Every finished file in the watched tree has its row' }),
    issues: Type.Array(Type.String(), { description: 'What is wrong, in words an operator can act on' }),
    issue_codes: Type.Array(Type.String(), {
      description: `One for each of the issues, for programs: ${issueCodes.join(', ')}`,
    }),
    error: Type.Optional(Type.String({ description: 'Why there is no status' })),
    status_file_age_seconds: Type.Optional(Type.Number()),
    stale: Type.Optional(Type.Boolean({ description: 'Older than 120 s: it tells nothing of the present' })),
    hosts: Type.Optional(
      Type.Array(HostSchema, {
        description: 'Where several hosts share the database: each one, the worst first',
      }),
    ),
  },
  {
    additionalProperties: true,
    title: 'Status',
    description:
      'The status file, with all its keys, and its age; of several hosts the worst one’s, with what is wrong anywhere',
  },
);

const StatusQuery = Type.Object(
  { host: Type.Optional(Type.String({ description: 'The status of this host alone, with all its keys' })) },
  { additionalProperties: false },
);

export const HealthSchema = Type.Object({ healthy: Type.Boolean(), issues: Type.Array(Type.String()) });

export function statusRoutes(app: App, { status }: ServeContext): void {
  for (const prefix of ['/api', '']) {
    app.get(
      `${prefix}/pointing-monitor/status`,
      {
        schema: {
          summary: 'The monitor’s status',
          hide: prefix === '',
          querystring: StatusQuery,
          response: { 200: StatusSchema },
        },
      },
      async ({ query: { host } }, reply) => {
        reply.header('cache-control', 'no-cache');
        return host === undefined ? status.read() : statusOf(host, status);
      },
    );
  }
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether the monitor is healthy, for probes: 200 or 503',
        response: { 200: HealthSchema, 503: HealthSchema },
      },
    },
    async (_, reply) => {
      const { healthy, issues } = await status.read();
      const why = issues.length > 0 ? issues : ['the monitor has stopped'];
      return reply
        .header('cache-control', 'no-store')
        .code(healthy ? 200 : 503)
        .send({ healthy, issues: healthy ? [] : why });
    },
  );
}

async function statusOf(host: string, status: StatusSource): Promise<JudgedStatus> {
  const hosts = await status.hosts();
  const found = hosts.find((each) => each.host === host);
  if (!found) {
    const known = hosts.map((each) => each.host).join(', ');
    throw new BadParameter(
      'host',
      `no monitor of ${host} has written its status; known are ${known || 'none'}`,
    );
  }
  return found.status;
}
