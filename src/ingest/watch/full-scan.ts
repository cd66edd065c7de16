import { isFaultless } from '../../errors.js';
import type { RefusedFiles, ScanReport, UnreadablePlace } from '../../health/snapshot.js';
import { monotonicSeconds } from '../../monotonic.js';
import type { ListedFile } from '../../native/outcome.js';
import type { ClassifiedFile, LedgerState } from '../../store/rows.js';
import type { Store } from '../../store/writer.js';
import { type ScanLimits, scan } from './listing.js';
import type { Tree } from './tree.js';

export interface FullScanInput extends Tree {
  readonly store: Pick<Store, 'classify'>;
  readonly limits: ScanLimits;
  /** Whether failed files whose own fault it was not are to be retried. */
  readonly retryFaultless: boolean;
  /** Queues a file that is to be read. `queued`: it was there already. Waits for room. */
  readonly offer: (file: ListedFile, classified: ClassifiedFile) => Promise<'new' | 'queued' | 'refused'>;
  /** Hears of every file that the tree has. */
  readonly onListed: (files: readonly ListedFile[]) => void;
  /** Asked after each step. */
  readonly aborted: () => boolean;
}

const MAX_UNREADABLE_KEPT = 1000;
/** Events come within a tenth of a second; on a busy machine within some. */
const EVENT_DUE_SECONDS = 10;

/**
 * Compares the tree with the ledger and queues every matching file that has no outcome yet or has changed since. This is
 * what guarantees that nothing is lost. It lists off the main thread and works in steps, so live arrivals go on meanwhile.
 *
 * Throws a ScanFailure where the root cannot be read, a StoreError where the ledger cannot.
 */
export async function fullScan(input: FullScanInput): Promise<ScanReport> {
  const startedAt = monotonicSeconds();
  const eventDueUs = (Date.now() / 1000 - EVENT_DUE_SECONDS) * 1e6;
  const counts: Record<LedgerState | 'refused', number> = {
    stored: 0,
    waiting: 0,
    failed: 0,
    unread: 0,
    refused: 0,
  };
  let foundByScan = 0;
  let missedByEvents = 0;
  let refused: RefusedFiles | undefined;
  let entriesSeen = 0;
  let linksPassedOver = 0;
  const unreadable: UnreadablePlace[] = [];
  const directories = new Set<string>();

  for await (const batch of scan(input, input.limits)) {
    input.onListed(batch.files);
    const classified = await input.store.classify(batch.files);
    for (const [i, file] of batch.files.entries()) {
      const each = classified[i] as ClassifiedFile;
      if (each.state === 'failed' && each.errorCode === 'not_stored')
        refused = { files: (refused?.files ?? 0) + 1, path: file.path };
      if (wantsReading(each, input.retryFaultless)) {
        const answer = await input.offer(file, each);
        if (answer === 'new' && each.state === 'unread') {
          foundByScan++;
          if (file.ctimeUs < eventDueUs) missedByEvents++;
        }
        counts[answer === 'refused' ? 'refused' : 'waiting']++;
      } else counts[each.state]++;
    }
    entriesSeen += batch.entriesSeen;
    linksPassedOver += batch.linkedDirectories.count + batch.linksOutside.count;
    for (const directory of batch.directories) directories.add(directory);
    for (const place of batch.unreadable) {
      counts.refused++;
      if (unreadable.length < MAX_UNREADABLE_KEPT) unreadable.push(place);
    }
    if (input.aborted()) break;
  }

  const endedAt = monotonicSeconds();
  return {
    startedAt,
    endedAt,
    endedAtUnix: Date.now() / 1000,
    seconds: endedAt - startedAt,
    filesOnDisk: counts.stored + counts.waiting + counts.failed + counts.refused,
    withRow: counts.stored,
    waiting: counts.waiting,
    failed: counts.failed,
    unaccounted: counts.refused,
    refused,
    foundByScan,
    missedByEvents,
    entriesSeen,
    linksPassedOver,
    unreadable,
    directories,
  };
}

function wantsReading({ state, errorCode, incomplete }: ClassifiedFile, retryFaultless: boolean): boolean {
  if (state === 'unread' || state === 'waiting' || incomplete) return true;
  return state === 'failed' && retryFaultless && errorCode !== null && isFaultless(errorCode);
}
