import type { ServeContext } from '../context.js';
import { createMetrics } from '../metrics.js';
import type { App } from '../server.js';

export function metricsRoute(app: App, context: ServeContext): void {
  const metrics = createMetrics(context);
  app.get(
    '/metrics',
    { schema: { summary: 'Metrics for Prometheus', produces: ['text/plain'] } },
    async (_, reply) =>
      reply
        .header('cache-control', 'no-store')
        .type(metrics.contentType)
        .send(await metrics.text()),
  );
}
