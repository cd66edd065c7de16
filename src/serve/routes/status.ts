import { Type } from 'typebox';
import type { ServeContext } from '../context.js';
import type { App } from '../server.js';
import { statusDocument } from '../status-document.js';

const StatusSchema = Type.Object(
  {
    running: Type.Boolean(),
    healthy: Type.Boolean({ description: 'Every finished file in the watched tree has its row' }),
    issues: Type.Array(Type.String(), { description: 'What is wrong, in words an operator can act on' }),
    error: Type.Optional(Type.String({ description: 'Why there is no status' })),
    status_file_age_seconds: Type.Optional(Type.Number()),
    stale: Type.Optional(Type.Boolean({ description: 'Older than 120 s: it tells nothing of the present' })),
  },
  {
    additionalProperties: true,
    title: 'Status',
    description: 'The status file, with all its keys, and its age',
  },
);

const HealthSchema = Type.Object({ healthy: Type.Boolean(), issues: Type.Array(Type.String()) });

export function statusRoutes(app: App, { statusFile }: ServeContext): void {
  for (const prefix of ['/api', '']) {
    app.get(
      `${prefix}/pointing-monitor/status`,
      {
        schema: {
          summary: 'The monitor’s status',
          hide: prefix === '',
          querystring: Type.Object({}, { additionalProperties: false }),
          response: { 200: StatusSchema },
        },
      },
      async (_, reply) => {
        reply.header('cache-control', 'no-cache');
        return statusDocument(statusFile);
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
      const { healthy, issues } = await statusDocument(statusFile);
      const why = issues.length > 0 ? issues : ['the monitor has stopped'];
      return reply
        .header('cache-control', 'no-store')
        .code(healthy ? 200 : 503)
        .send({ healthy, issues: healthy ? [] : why });
    },
  );
}
