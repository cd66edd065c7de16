import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const DIRECTORY = resolve('build/coverage');
const EVERYONE = 0o1777;

/**
 * Has every Node process from now on record what it executes, commands and servers that tests start included: not those that
 * are killed. Gives a function that says at the end how much of src/ that was.
 */
export function startCoverage() {
  const raw = join(DIRECTORY, 'raw');
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(raw, { recursive: true });
  // Some run as another user.
  chmodSync(raw, EVERYONE);
  process.env.NODE_V8_COVERAGE = raw;
  return () => summary(raw);
}

function summary(raw) {
  delete process.env.NODE_V8_COVERAGE;
  const c8 = resolve('node_modules/c8/bin/c8.js');
  const args = ['report', '--temp-directory', raw, '--reports-dir', DIRECTORY, '--reporter', 'json-summary'];
  // The page runs in a browser, and is not measured.
  const scope = [
    '--all',
    '--src',
    'src',
    '--include',
    'src/**',
    '--exclude',
    'src/web/**',
    '--exclude',
    '**/*.d.ts',
    '--exclude-after-remap',
    '--merge-async',
  ];
  const { status, stderr } = spawnSync(process.execPath, [c8, ...args, ...scope], { encoding: 'utf8' });
  if (status !== 0) return `src/ unknown (${stderr.trim()})`;
  const { total } = JSON.parse(readFileSync(join(DIRECTORY, 'coverage-summary.json'), 'utf8'));
  return `src/ ${total.lines.pct.toFixed(1)} %`;
}
