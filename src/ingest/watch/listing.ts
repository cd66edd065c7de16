import type { Issue } from '../../issues.js';
import { within } from '../../monotonic.js';
import type { ListedFile } from '../../native/outcome.js';
import { openTreeScanner, type ScanBatch, type TreeScanner } from '../../native/scanner.js';
import { rootIssue, silent } from './root.js';
import type { Tree } from './tree.js';

const FILES_PER_STEP = 1000;

/** A scan could not be made at all. */
export class ScanFailure extends Error {
  override readonly name = 'ScanFailure';
  readonly issue: Issue;

  constructor(issue: Issue, options: ErrorOptions = {}) {
    super(issue.message, options);
    this.issue = issue;
  }
}

/** Some of a tree's files, with what else the scan met between them. */
export interface Listing extends Omit<ScanBatch, 'paths' | 'sizeBytes' | 'mtimeUs' | 'ctimeUs'> {
  readonly files: readonly ListedFile[];
}

export interface ScanLimits {
  /** Directories that are not entered. */
  readonly leaveOut: readonly string[];
  /** Nothing is asked of what links lead to: each that matters is an unreadable place. */
  readonly leaveLinks: boolean;
  /** A step takes milliseconds, from a cold disk a second. One that takes longer than this is given up, with its thread. */
  readonly stepSeconds: number;
  readonly onHang: () => void;
  /** Told when a step that was given up has ended after all. */
  readonly onLateEnd: () => void;
}

/**
 * The matching files of a tree in batches, listed off the main thread, in no particular order. Throws a ScanFailure if the root cannot
 * be read, or a step exceeds the limit.
 */
export async function* scan(
  { directory, pattern, followLinks }: Tree,
  limits?: ScanLimits,
): AsyncGenerator<Listing> {
  const scanner = openTreeScanner(directory, pattern, followLinks, limits?.leaveOut, limits?.leaveLinks);
  let hung = false;
  try {
    // The next batch is listed while this one is dealt with.
    let coming = next(scanner, directory);
    for (;;) {
      const batch = limits ? await within(limits.stepSeconds, coming) : await coming;
      if (batch === undefined) {
        hung = true;
        limits?.onHang();
        void coming.catch(() => {}).then(() => endLate(scanner, limits));
        throw new ScanFailure(silent(`the tree ${directory}`));
      }
      if (batch === null) return;
      coming = next(scanner, directory);
      coming.catch(() => {});
      const { paths, sizeBytes, mtimeUs, ctimeUs, ...others } = batch;
      const files = paths.map((path, i) => ({
        path,
        sizeBytes: sizeBytes[i] as number,
        mtimeUs: mtimeUs[i] as number,
        ctimeUs: ctimeUs[i] as number,
      }));
      yield { files, ...others };
    }
  } finally {
    if (!hung) scanner.close();
  }
}

/** How many files a tree has, by whatever name. Throws as `scan`. */
export async function countFiles(tree: Omit<Tree, 'pattern'>): Promise<number> {
  let count = 0;
  for await (const { files } of scan({ ...tree, pattern: '*' })) count += files.length;
  return count;
}

function endLate(scanner: TreeScanner, limits: ScanLimits | undefined): void {
  scanner.close();
  limits?.onLateEnd();
}

async function next(scanner: TreeScanner, directory: string): Promise<ScanBatch | null> {
  try {
    return await scanner.next(FILES_PER_STEP);
  } catch (error) {
    throw new ScanFailure(rootIssue(directory, error as NodeJS.ErrnoException), { cause: error });
  }
}
