import type { Issue } from '../../issues.js';
import type { ListedFile } from '../../native/outcome.js';
import { openTreeScanner, type ScanBatch } from '../../native/scanner.js';
import { rootTrouble } from './root.js';

const FILES_PER_STEP = 1000;

/** A scan could not be made at all. */
export class ScanFailure extends Error {
  override readonly name = 'ScanFailure';
  readonly issue: Issue;

  constructor(issue: Issue, options: ErrorOptions) {
    super(issue.message, options);
    this.issue = issue;
  }
}

export interface Listing extends Pick<ScanBatch, 'troubles' | 'entriesSeen' | 'directories'> {
  readonly files: readonly ListedFile[];
}

/**
 * The matching files of a tree in batches, listed off the main thread, in no particular order. Symbolic links to files are
 * followed, those to directories are not. Throws a ScanFailure if the root cannot be read.
 */
export async function* scan(directory: string, pattern: string): AsyncGenerator<Listing> {
  const scanner = openTreeScanner(directory, pattern);
  try {
    // The next batch is listed while this one is dealt with.
    let coming = next(scanner, directory);
    for (;;) {
      const batch = await coming;
      if (!batch) return;
      coming = next(scanner, directory);
      coming.catch(() => {});
      const { paths, sizeBytes, mtimeUs, ctimeUs, troubles, entriesSeen, directories } = batch;
      const files = paths.map((path, i) => ({
        path,
        sizeBytes: sizeBytes[i] as number,
        mtimeUs: mtimeUs[i] as number,
        ctimeUs: ctimeUs[i] as number,
      }));
      yield { files, troubles, entriesSeen, directories };
    }
  } finally {
    scanner.close();
  }
}

async function next(scanner: { next(limit: number): Promise<ScanBatch | null> }, directory: string) {
  try {
    return await scanner.next(FILES_PER_STEP);
  } catch (error) {
    throw new ScanFailure(rootTrouble(directory, error as NodeJS.ErrnoException), { cause: error });
  }
}
