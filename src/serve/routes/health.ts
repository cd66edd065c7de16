import { type Static, Type } from 'typebox';
import { STOPPED } from '../../health/report.js';
import { route } from '../route.js';

const Health = Type.Object(
  {
    healthy: Type.Boolean(),
    issues: Type.Array(Type.String(), { description: 'Empty where healthy' }),
  },
  { title: 'Health' },
);
/** The answer of `/healthz`. */
export type HealthAnswer = Static<typeof Health>;

export const healthRoute = route({
  path: '/healthz',
  name: 'getHealth',
  tag: 'Monitor',
  summary: 'Whether the monitor is healthy, for probes: 200 or 503',
  // Clients add what they like.
  query: Type.Object({}),
  answer: Health,
  alsoWithStatus: [503],
  validity: 'no-store',
  uncompressed: true,
  async respond(_, { status }, exchange) {
    const { healthy, issues } = await status.read();
    if (healthy) return { healthy, issues: [] };
    exchange.status(503);
    return { healthy, issues: issues.length > 0 ? issues : [STOPPED.message] };
  },
});
