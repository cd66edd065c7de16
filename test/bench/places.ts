import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './tools.js';

/** Of one run of the program under strace. */
export interface Reading {
  /** What the program reads of a file once it knows the layout, in order. */
  readonly places: readonly Place[];
  /** Calls of pread, a file on average. */
  readonly preadsPerFile: number;
}

/** pread64(49</data/NAME_sb00.hdf5>, "..."..., 81920, 0) = 81920 */
const PREAD = /pread64\(\d+<([^>]+\.hdf5)>, .*, (\d+), (\d+)\)\s+= \d+$/;

/** Watches the system calls of `node CLI backfill` on `directory`. */
export function observePlaces(cli: string, directory: string): Reading {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-places-'));
  try {
    const traces = join(scratch, 'traces');
    mkdirSync(traces);
    const command = [
      process.execPath,
      cli,
      'backfill',
      directory,
      join(scratch, 'history.sqlite3'),
      '--json',
    ];
    const { status, stderr, error } = spawnSync(
      'strace',
      [
        // A file for each thread, since in a common one a call can be cut in two by another's.
        ...['--follow-forks', '--output-separately', '--output', join(traces, 'thread')],
        ...['--decode-fds=path', '--trace=pread64'],
        ...command,
      ],
      { encoding: 'utf8', maxBuffer: 1 << 30 },
    );
    if (error)
      throw new Error(`strace is needed to see what is read of a file (${error.message}): install it`);
    if (status !== 0) throw new Error(`backfill under strace ended with exit ${status}: ${stderr}`);
    return summarise(readdirSync(traces).map((name) => readFileSync(join(traces, name), 'utf8')));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function summarise(traces: readonly string[]): Reading {
  const byFile = new Map<string, Place[]>();
  let preads = 0;
  for (const line of traces.flatMap((trace) => trace.split('\n'))) {
    const [, path, length, offset] = PREAD.exec(line) ?? [];
    if (path === undefined) continue;
    preads++;
    const places = byFile.get(path) ?? [];
    byFile.set(path, [...places, { offset: Number(offset), length: Number(length) }]);
  }
  if (byFile.size === 0)
    throw new Error('no pread of any file was seen: does the program still read by pread?');
  return { places: mostFrequent([...byFile.values()]), preadsPerFile: preads / byFile.size };
}

/** The first files of each thread show it the layout and take more preads than the others. */
function mostFrequent(readings: readonly Place[][]): Place[] {
  const counts = new Map<string, number>();
  for (const reading of readings) {
    const key = JSON.stringify(reading);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [[key] = ['[]']] = [...counts].sort(([, a], [, b]) => b - a);
  return JSON.parse(key);
}
