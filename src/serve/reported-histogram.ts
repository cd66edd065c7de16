import type { Metric } from 'prom-client';
import type { HistogramReport } from '../health/histogram.js';

/** A histogram that another process has counted, for a registry: prom-client's own counts by itself. No series without one. */
export function reportedHistogram(
  name: string,
  help: string,
  reported: () => HistogramReport | undefined,
): Metric {
  return {
    name,
    help,
    async get() {
      return {
        name,
        help,
        type: 'histogram',
        aggregator: 'sum',
        values: seriesOf(name, reported()),
      };
    },
  } as unknown as Metric;
}

function seriesOf(name: string, report: HistogramReport | undefined) {
  if (!report) return [];
  const bucket = (le: number | string, value: number) => ({
    metricName: `${name}_bucket`,
    labels: { le },
    value,
  });
  return [
    ...report.bounds_seconds.map((bound, i) => bucket(bound, report.counts[i] ?? 0)),
    bucket('+Inf', report.count),
    { metricName: `${name}_sum`, labels: {}, value: report.sum_seconds },
    { metricName: `${name}_count`, labels: {}, value: report.count },
  ];
}
