import type { Metric } from 'prom-client';
import type { HistogramReport } from '../health/histogram.js';

/** One process's counts, with the labels that tell it from others. */
export interface LabelledReport {
  readonly labels: Readonly<Record<string, string>>;
  readonly report: HistogramReport;
}

/** A histogram that other processes have counted, for a registry: prom-client's own counts by itself. */
export function reportedHistogram(
  name: string,
  help: string,
  reported: () => readonly LabelledReport[],
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
        values: reported().flatMap((each) => seriesOf(name, each)),
      };
    },
  } as unknown as Metric;
}

function seriesOf(name: string, { labels, report }: LabelledReport) {
  const bucket = (le: number | string, value: number) => ({
    metricName: `${name}_bucket`,
    labels: { ...labels, le },
    value,
  });
  return [
    ...report.bounds_seconds.map((bound, i) => bucket(bound, report.counts[i] ?? 0)),
    bucket('+Inf', report.count),
    { metricName: `${name}_sum`, labels, value: report.sum_seconds },
    { metricName: `${name}_count`, labels, value: report.count },
  ];
}
