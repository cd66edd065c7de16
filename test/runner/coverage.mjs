import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mergeProcessCovs } from '@bcoe/v8-coverage';

const DIRECTORY = resolve('build/coverage');
const COMPILED = `${pathToFileURL(resolve('dist'))}/`;
const EVERYONE = 0o1777;
const MERGED_AT_ONCE = 100;

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

/** Processes that start from now on record nothing. */
export function stopCoverage() {
  delete process.env.NODE_V8_COVERAGE;
}

function summary(raw) {
  stopCoverage();
  const c8 = resolve('node_modules/c8/bin/c8.js');
  const args = [
    'report',
    '--temp-directory',
    merge(raw),
    '--reports-dir',
    DIRECTORY,
    '--reporter',
    'json-summary',
  ];
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
  ];
  const { status, stderr } = spawnSync(process.execPath, [c8, ...args, ...scope], { encoding: 'utf8' });
  if (status !== 0) return `src/ unknown (${stderr.trim()})`;
  const { total } = JSON.parse(readFileSync(join(DIRECTORY, 'coverage-summary.json'), 'utf8'));
  return `src/ ${total.lines.pct.toFixed(1)} %`;
}

/** c8 merges more slowly, two processes at a time, with all that they loaded. Gives the folder of the sum. */
function merge(raw) {
  const names = readdirSync(raw);
  let sum = { result: [] };
  for (let first = 0; first < names.length; first += MERGED_AT_ONCE) {
    const some = names.slice(first, first + MERGED_AT_ONCE).map((name) => compiledOf(join(raw, name)));
    sum = mergeProcessCovs([sum, ...some]);
  }
  const merged = join(DIRECTORY, 'merged');
  mkdirSync(merged);
  writeFileSync(join(merged, 'coverage.json'), JSON.stringify(sum));
  return merged;
}

/** What a process executed of ours. A process that was killed while it wrote has left no JSON. */
function compiledOf(path) {
  try {
    const { result } = JSON.parse(readFileSync(path, 'utf8'));
    return { result: result.filter(({ url }) => url.startsWith(COMPILED)) };
  } catch {
    return { result: [] };
  }
}
