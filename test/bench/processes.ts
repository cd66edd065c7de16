import { removeDatabase, runBackfill } from './backfill.js';
import type { BenchOptions } from './options.js';
import { filesOf, type Samples } from './samples.js';
import { barePreads } from './tools.js';

/** So many backfills at once, each of its own directory, into one database, warm. */
export interface ProcessesRow {
  readonly processes: number;
  readonly files: number;
  /** Until the last has ended, the start of Node among it. */
  readonly seconds: number;
  readonly filesPerSecond: number;
}

const PROCESSES = [1, 2, 4];
const FILES_EACH = 5000;
const WHOLE_FILE = [{ offset: 0, length: 1 << 20 }];

export async function compareProcesses(
  { cli, threads }: BenchOptions,
  samples: Samples,
  progress: (text: string) => void,
): Promise<ProcessesRow[]> {
  const rows: ProcessesRow[] = [];
  const database = samples.scratch('shared.sqlite3');
  for (const processes of PROCESSES) {
    progress(`${processes} backfills at once into one database`);
    const directories = Array.from({ length: processes }, (_, i) =>
      samples.smallOfYear(FILES_EACH, 2020 + i),
    );
    for (const directory of directories) barePreads(filesOf(directory), WHOLE_FILE, threads);
    removeDatabase(database);
    const startedAt = performance.now();
    await Promise.all(
      directories.map((directory) => runBackfill(cli, directory, database, { threads, fresh: false })),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const files = processes * FILES_EACH;
    rows.push({ processes, files, seconds, filesPerSecond: files / seconds });
  }
  return rows;
}
