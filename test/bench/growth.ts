import { runBackfill } from './backfill.js';
import type { BenchOptions } from './options.js';
import { filesOf, type Samples } from './samples.js';
import { barePreads } from './tools.js';

/** One backfill of so many small files, warm, and a second one that finds them all known. */
export interface GrowthRow {
  readonly files: number;
  readonly seconds: number;
  readonly filesPerSecond: number;
  readonly peakRssBytes: number;
  readonly databaseBytesPerFile: number;
  /** Listing the directory and comparing it with the database: the work of a scan. */
  readonly allKnownSeconds: number;
  readonly allKnownPeakRssBytes: number;
}

/** Reading it brings a small file into memory. */
const WHOLE_FILE = [{ offset: 0, length: 1 << 20 }];

export async function grow(
  options: BenchOptions,
  samples: Samples,
  progress: (text: string) => void,
): Promise<GrowthRow[]> {
  const { cli, threads } = options;
  const rows: GrowthRow[] = [];
  for (const count of options.growth) {
    progress(`growth: ${count} small files`);
    const directory = samples.small(count);
    barePreads(filesOf(directory), WHOLE_FILE, threads);
    const database = samples.scratch('grown.sqlite3');
    const first = await runBackfill(cli, directory, database, { threads, fresh: true });
    const again = await runBackfill(cli, directory, database, { threads, fresh: false });
    if (first.files !== count || again.files !== 0) {
      throw new Error(`of ${count} files backfill read ${first.files}, then ${again.files} instead of none`);
    }
    rows.push({
      files: count,
      seconds: first.seconds,
      filesPerSecond: count / first.seconds,
      peakRssBytes: first.peakRssBytes,
      databaseBytesPerFile: first.databaseBytes / count,
      allKnownSeconds: again.seconds,
      allKnownPeakRssBytes: again.peakRssBytes,
    });
  }
  return rows;
}
