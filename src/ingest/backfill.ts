/**
 * Past observations: the monitor's stages over a directory tree that is there already.
 * scan -> skip what the ledger knows -> extract -> store. Memory is bounded however many files there are.
 */
import { Readable } from 'node:stream';
import type { Extractor } from '../extract/extractor.js';
import { type DateRange, inDateRange } from '../files.js';
import type { ListedFile, Outcome } from '../native/outcome.js';
import type { ClassifiedFile, FileResult } from '../store/rows.js';
import type { Store } from '../store/writer.js';
import { unixSeconds } from '../units.js';
import { judge } from './queue/verdict.js';
import { inShard, type Shard } from './shard.js';
import { scan } from './watch/listing.js';

export interface BackfillOptions {
  readonly directory: string;
  readonly pattern: string;
  readonly range: DateRange;
  /** Only the files of this part. */
  readonly shard: Shard | undefined;
  /** Read files that the ledger knows as well. */
  readonly force: boolean;
  readonly giveUpAfterSeconds: number;
}

export interface BackfillStages {
  readonly extractor: Pick<Extractor, 'extract'>;
  readonly classify: Store['classify'];
  /** Takes results in; resolves when there is room for more. */
  readonly record: (results: readonly FileResult[]) => Promise<void>;
  readonly aborted: () => boolean;
}

export interface BackfillCounts {
  /** Files to be read, of those listed so far. */
  files: number;
  succeeded: number;
  failed: number;
  /** Known to the ledger and unchanged: not opened. */
  skipped: number;
  /** The tree has been listed to its end, so `files` is final. */
  listed: boolean;
  /** Places of the tree that could not be read. */
  troubles: string[];
}

const FILES_PER_TASK = 64;
/** Enough that no worker waits for its next. */
const TASKS_UNDER_WAY = 8;
/** Batches of the listing that may wait to be read: some 100,000 paths. */
const BATCHES_AHEAD = 100;
const TROUBLES_KEPT = 100;

/** Reads what is to be read. `counts` is kept up to date for whoever shows progress. */
export async function backfill(
  options: BackfillOptions,
  stages: BackfillStages,
  counts: BackfillCounts,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failure: unknown;
  // The stream lists ahead of the reading, so that the total is known early.
  const listing = Readable.from(unreadFiles(options, stages, counts), { highWaterMark: BATCHES_AHEAD });
  for await (const files of listing as AsyncIterable<ListedFile[]>) {
    for (let start = 0; start < files.length; start += FILES_PER_TASK) {
      if (underWay.size >= TASKS_UNDER_WAY) await Promise.race(underWay);
      if (failure || stages.aborted()) break;
      const task = readAndRecord(files.slice(start, start + FILES_PER_TASK), options, stages, counts)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => underWay.delete(task));
      underWay.add(task);
    }
    if (failure || stages.aborted()) break;
  }
  await Promise.all(underWay);
  if (failure) throw failure;
}

async function readAndRecord(
  files: readonly ListedFile[],
  { giveUpAfterSeconds }: BackfillOptions,
  { extractor, record }: BackfillStages,
  counts: BackfillCounts,
): Promise<void> {
  const outcomes = await extractor.extract(files.map(({ path }) => path));
  const now = unixSeconds(Date.now() / 1000);
  const results = outcomes.map((read, i): FileResult => {
    const { sizeBytes, mtimeUs, ctimeUs } = files[i] as ListedFile;
    const outcome: Outcome = read.version ? read : { ...read, version: { sizeBytes, mtimeUs, ctimeUs } };
    const { state } = judge(outcome, { attempts: 1, firstTriedAt: now }, giveUpAfterSeconds, now);
    if (outcome.error) counts.failed++;
    else counts.succeeded++;
    return { outcome, state, attempts: 1 };
  });
  await record(results);
}

async function* unreadFiles(
  options: BackfillOptions,
  stages: BackfillStages,
  counts: BackfillCounts,
): AsyncGenerator<ListedFile[]> {
  for await (const batch of scan(options.directory, options.pattern)) {
    for (const { path, message } of batch.troubles) {
      if (counts.troubles.length < TROUBLES_KEPT) counts.troubles.push(`${path}: ${message}`);
    }
    const { range, shard } = options;
    const inRange = batch.files.filter(
      ({ path }) => inDateRange(path, range) && (!shard || inShard(path, shard)),
    );
    const unread = options.force ? inRange : await skipKnown(inRange, stages.classify);
    counts.skipped += inRange.length - unread.length;
    counts.files += unread.length;
    if (unread.length > 0) yield unread;
  }
  counts.listed = true;
}

async function skipKnown(files: readonly ListedFile[], classify: Store['classify']): Promise<ListedFile[]> {
  const known = await classify(files);
  return files.filter((_, i) => {
    const { state } = known[i] as ClassifiedFile;
    return state === 'unread' || state === 'waiting';
  });
}
