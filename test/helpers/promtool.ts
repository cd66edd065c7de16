import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { findProgram } from './tools.js';

/** Prometheus's own checker, of the system or unpacked by set-up. */
export function promtool(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(findProgram('promtool') as string, args, {
    input,
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}

/**
 * Evaluates expressions in Prometheus's own engine on two hours of what `/metrics` said, counters growing, and fails unless
 * each gives something other than NaN. `file` is a place for its input.
 */
export function assertGivesSomething(expressions: readonly string[], metrics: string, file: string): void {
  const samples = [...metrics.matchAll(/^(pointing_\w+)(?:\{(.*)\})? ([-+.e\d]+)$/gm)];
  const input = {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: samples.map(([, name, labels, value]) => ({
          series: `${name}{${labels ? `${labels},` : ''}job="pointing-monitor",instance="127.0.0.1:8000"}`,
          values: /_(total|bucket|sum|count)$/.test(name as string) ? `0+${value}x120` : `${value}x120`,
        })),
        promql_expr_test: expressions.map((expr) => ({
          expr: `count((${expr}) > -Inf) > bool 0`,
          eval_time: '2h',
          exp_samples: [{ labels: '{}', value: 1 }],
        })),
      },
    ],
  };
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify(input));
  const { status, output } = promtool(['test', 'rules', file]);
  assert.equal(status, 0, output);
}
