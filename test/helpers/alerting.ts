import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.js';

export const script = join(root, 'ops', 'alerting', 'check-pointing-monitor');
const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'];

export interface Answer {
  readonly state: string;
  readonly words: string;
  readonly performance: Readonly<Record<string, string>>;
}

/** Runs the script, not minding the age of the IERS table, and holds it to the rules of Nagios's plugins, whatever it says. */
export function check(args: readonly string[], options: Parameters<typeof spawnSync>[2] = {}): Answer {
  const { status, stdout, stderr } = spawnSync('sh', ['-s', '--', '--warn-iers-days', '0', ...args], {
    input: readFileSync(script),
    ...options,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.match(stdout, /^[^\p{Cc}\u2028\u2029]+\n$/u);
  const [, state, words, data] = /^POINTING ([A-Z]+) - ([^|]+?)(?: \| ([^|]+))?\n$/.exec(stdout) ?? [];
  assert.equal(status, STATES.indexOf(state ?? ''), stdout);
  const performance: Record<string, string> = {};
  for (const item of data?.split(' ') ?? []) {
    const [, name, value] = /^([a-z_]+)=(-?\d+(?:c|s)?;[\d:]*;[\d:]*;0)$/.exec(item) ?? [];
    assert.ok(name && value, `not performance data: ${item} in ${stdout}`);
    performance[name] = value;
  }
  return { state: state as string, words: words as string, performance };
}

export const brief = ({ state, words }: Answer) => `${state} ${words}`;
