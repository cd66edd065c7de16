import type { ListedFile } from '../../native/outcome.js';
import type { ClassifiedFile, LedgerState } from '../../store/rows.js';
import type { Store } from '../../store/writer.js';
import { scan } from './listing.js';

/** Of one comparison of the directory tree with the ledger. The five counts are of files that match the pattern. */
export interface ReconciliationReport {
  readonly startedAt: number;
  readonly seconds: number;
  readonly filesOnDisk: number;
  readonly withRow: number;
  readonly waiting: number;
  readonly failed: number;
  /** Neither a row, nor queued, nor failed. Must be 0. */
  readonly unaccounted: number;
  /** Files that this scan told of first. */
  readonly foundByScan: number;
  readonly entriesSeen: number;
  /** Parts of the tree that could not be read: what they hold is not known. */
  readonly troubles: readonly string[];
  readonly directories: ReadonlySet<string>;
}

export interface ReconciliationInput {
  readonly directory: string;
  readonly pattern: string;
  readonly store: Pick<Store, 'classify'>;
  /** Queues a file that wants reading. False where it was known already. Waits for room. */
  readonly offer: (file: ListedFile) => Promise<'new' | 'queued' | 'refused'>;
  /** Asked after each step. */
  readonly aborted: () => boolean;
}

const TROUBLES_KEPT = 20;

/**
 * Compares the tree with the ledger and queues every matching file that has no outcome yet or has changed since. This is
 * what guarantees that nothing is lost. It lists off the main thread and works in steps, so live arrivals go on meanwhile.
 *
 * Throws a ScanFailure where the root cannot be read, a StoreError where the ledger cannot.
 */
export async function reconcile(input: ReconciliationInput): Promise<ReconciliationReport> {
  const startedAt = Date.now() / 1000;
  const counts: Record<LedgerState | 'refused', number> = {
    stored: 0,
    waiting: 0,
    failed: 0,
    unread: 0,
    refused: 0,
  };
  let foundByScan = 0;
  let entriesSeen = 0;
  const troubles: string[] = [];
  const directories = new Set<string>();

  for await (const batch of scan(input.directory, input.pattern)) {
    const classified = await input.store.classify(batch.files);
    for (const [i, file] of batch.files.entries()) {
      const { state } = classified[i] as ClassifiedFile;
      if (state === 'unread' || state === 'waiting') {
        const answer = await input.offer(file);
        if (answer === 'new' && state === 'unread') foundByScan++;
        counts[answer === 'refused' ? 'refused' : 'waiting']++;
      } else counts[state]++;
    }
    entriesSeen += batch.entriesSeen;
    for (const directory of batch.directories) directories.add(directory);
    for (const { path, message } of batch.troubles) {
      counts.refused++;
      if (troubles.length < TROUBLES_KEPT) troubles.push(`${path}: ${message}`);
    }
    if (input.aborted()) break;
  }

  return {
    startedAt,
    seconds: Date.now() / 1000 - startedAt,
    filesOnDisk: counts.stored + counts.waiting + counts.failed + counts.refused,
    withRow: counts.stored,
    waiting: counts.waiting,
    failed: counts.failed,
    unaccounted: counts.refused,
    foundByScan,
    entriesSeen,
    troubles,
    directories,
  };
}
