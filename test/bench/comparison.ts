import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runBackfill } from './backfill.js';
import type { BenchOptions } from './options.js';
import { observePlaces, type Reading } from './places.js';
import { filesOf, type Samples } from './samples.js';
import { median } from './statistics.js';
import { barePreads, evict, h5pyRead, pythonWithH5py } from './tools.js';

export type Cache = 'cold' | 'warm';

/** Seconds of one round, or milliseconds a file. */
interface Times {
  readonly barePreads: number;
  /** By backfill's own clock: listing, reading and SQLite, with the start of its threads. */
  readonly backfill: number;
  /** Of the further half of the files: what a file costs once everything runs. */
  readonly furtherHalf: number;
  /** From the start of the process to its end. */
  readonly wholeProcess: number;
  /** Of all backfill's threads and its start: steadier than the others where the machine has other work. */
  readonly processor: number;
  readonly h5py: number | undefined;
}

/** Medians over the rounds, in milliseconds a file. */
export interface ComparisonRow extends Times {
  readonly cache: Cache;
}

export interface Comparison {
  readonly files: number;
  readonly reading: Reading;
  readonly rows: readonly ComparisonRow[];
  readonly peakRssBytes: number;
}

/** Runs every contender once in each round, so that whatever else the machine does falls on all of them alike. */
export async function compare(
  options: BenchOptions,
  samples: Samples,
  progress: (text: string) => void,
): Promise<Comparison> {
  const { cli, threads, rounds } = options;
  progress(`making ${options.files} files of the telescope's size`);
  const directory = samples.telescope(options.files);
  const paths = filesOf(directory);
  const half = linkHalf(paths, samples.scratch('half'));
  const database = samples.scratch('compared.sqlite3');
  const reading = observePlaces(cli, directory);
  const python = pythonWithH5py();
  if (!python)
    progress('no Python here has h5py, so it is left out: install python3-h5py to compare with it');
  let peakRssBytes = 0;

  async function round(cache: Cache): Promise<Times> {
    const prepare = cache === 'cold' ? () => evict(paths) : () => {};
    prepare();
    const bare = barePreads(paths, reading.places, threads);
    prepare();
    const first = await runBackfill(cli, half, database, { threads, fresh: true });
    prepare();
    const all = await runBackfill(cli, directory, database, { threads, fresh: true });
    prepare();
    const h5py = python ? h5pyRead(python, paths.slice(0, options.h5pyFiles)) : undefined;
    peakRssBytes = Math.max(peakRssBytes, all.peakRssBytes);
    const ms = (seconds: number, files: number) => (1000 * seconds) / files;
    return {
      barePreads: ms(bare.seconds, bare.files),
      backfill: ms(all.seconds, all.files),
      furtherHalf: ms(all.seconds - first.seconds, all.files - first.files),
      wholeProcess: ms(all.wholeSeconds, all.files),
      processor: ms(all.processorSeconds, all.files),
      h5py: h5py && ms(h5py.seconds, h5py.files),
    };
  }

  const rows: ComparisonRow[] = [];
  for (const cache of ['cold', 'warm'] as const) {
    if (cache === 'warm') await round(cache); // brings into memory what each contender reads
    const times: Times[] = [];
    for (let i = 1; i <= rounds; i++) {
      progress(`${cache}, round ${i} of ${rounds}`);
      times.push(await round(cache));
    }
    rows.push({ cache, ...medians(times) });
  }
  return { files: paths.length, reading, rows, peakRssBytes };
}

/** A directory with hard links to half of the files. */
function linkHalf(paths: readonly string[], directory: string): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  for (const path of paths.slice(0, Math.ceil(paths.length / 2)))
    linkSync(path, join(directory, basename(path)));
  return directory;
}

function medians(times: readonly Times[]): Times {
  const of = (key: Exclude<keyof Times, 'h5py'>) => median(times.map((time) => time[key]));
  const h5py = times.flatMap((time) => time.h5py ?? []);
  return {
    barePreads: of('barePreads'),
    backfill: of('backfill'),
    furtherHalf: of('furtherHalf'),
    wholeProcess: of('wholeProcess'),
    processor: of('processor'),
    h5py: h5py.length > 0 ? median(h5py) : undefined,
  };
}
