import { rmSync, statSync } from 'node:fs';
import { type Measured, measure, type Timing } from './tools.js';

export interface BackfillRun extends Timing, Omit<Measured, 'stdout'> {
  /** The database and its write-ahead log. */
  readonly databaseBytes: number;
}

const databaseFiles = (database: string) => ['', '-wal', '-shm'].map((suffix) => database + suffix);

/** Runs `node CLI backfill` into a new database, or into the one that is there. */
export async function runBackfill(
  cli: string,
  directory: string,
  database: string,
  { threads, fresh }: { threads: number; fresh: boolean },
): Promise<BackfillRun> {
  if (fresh) removeDatabase(database);
  const args = [
    cli,
    'backfill',
    directory,
    database,
    '--create',
    '--json',
    '--files-at-once',
    String(threads),
  ];
  const { stdout, ...measured } = await measure(process.execPath, args);
  const { files, failed, seconds } = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
  if (failed > 0) throw new Error(`backfill could not read ${failed} of ${files} files of ${directory}`);
  const databaseBytes = databaseFiles(database)
    .map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size);
  return { files, seconds, databaseBytes, ...measured };
}

export function removeDatabase(database: string): void {
  for (const path of databaseFiles(database)) rmSync(path, { force: true });
}
