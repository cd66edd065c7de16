import { Type } from 'typebox';
import { route } from '../route.js';

export const metricsRoute = route({
  path: '/metrics',
  name: 'getMetrics',
  tag: 'Monitor',
  summary: 'Metrics for Prometheus',
  // Clients add what they like.
  query: Type.Object({}),
  answer: Type.String({ description: 'Prometheus text format 0.0.4' }),
  mediaTypes: ['text/plain; version=0.0.4; charset=utf-8'],
  validity: 'no-store',
  uncompressed: true,
  respond: (_, { metrics }) => metrics(),
});
