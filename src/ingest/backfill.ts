/**
 * Past observations: the monitor's stages over a directory tree that is there already.
 * scan -> skip what the ledger knows -> read -> record. Memory is bounded however many files there are.
 */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import type { Extractor } from '../extract/extractor.js';
import { type DateRange, inDateRange, saysGone } from '../files.js';
import { monotonicSeconds, within } from '../monotonic.js';
import type { ListedFile, Outcome } from '../native/outcome.js';
import type { ClassifiedFile, FileResult } from '../store/rows.js';
import type { Store } from '../store/writer.js';
import { Hdf5Lane } from './hdf5-lane.js';
import { type Read, readBatch, settle } from './read-batch.js';
import { inShard, type Shard } from './shard.js';
import { scan } from './watch/listing.js';
import type { Tree } from './watch/tree.js';

export interface BackfillOptions extends Tree {
  readonly range: DateRange;
  /** Only the files of this part. */
  readonly shard: Shard | undefined;
  /** Read files that the ledger knows as well. */
  readonly force: boolean;
  readonly giveUpAfterSeconds: number;
}

export interface BackfillStages {
  /** Closed where the run is interrupted or fails, since what libhdf5 is reading can take minutes. */
  readonly extractor: Pick<
    Extractor,
    'readDirect' | 'readByHdf5' | 'deathOutcome' | 'hdf5Processes' | 'close'
  >;
  readonly classify: Store['classify'];
  /** Takes results in; resolves when there is room for more. */
  readonly record: (results: readonly FileResult[]) => Promise<void>;
  /** Interrupts the run. */
  readonly signal: AbortSignal;
}

/** Before anything is read below `directory`. */
export const noCounts = (directory: string) => ({
  /** Files listed so far whose names match the pattern. */
  matching: 0,
  /** Those to be read. */
  files: 0,
  succeeded: 0,
  failed: 0,
  /** May still be arriving: the next run reads them again. */
  waiting: 0,
  /** Known to the ledger and unchanged: not opened. */
  skipped: 0,
  /** The tree has been listed to its end, so `files` is final. */
  listed: false,
  /** Where files are being read. */
  directory,
  /** Places of the tree that could not be read. */
  unreadable: [] as string[],
});
export type BackfillCounts = ReturnType<typeof noCounts>;

/** Where a result is counted. */
export const countOf = ({ state }: FileResult) => (state === 'stored' ? 'succeeded' : state);

const FILES_PER_TASK = 64;
/** Enough that no worker waits for its next. */
const TASKS_UNDER_WAY = 8;
/** Batches of the listing that may wait to be read: some 20,000 paths. */
const BATCHES_AHEAD = 20;
const MAX_UNREADABLE_KEPT = 100;
/** Files that can wait for libhdf5 before no more are read. */
const MAX_FOR_HDF5 = 1000;
/** For the direct reader to end what it is reading, which takes longer only where a file system does not answer. */
const STOP_SECONDS = 5;

/**
 * Reads the files that need reading. `counts` is kept up to date for a progress display. Once it has resolved or rejected, nothing is
 * read or recorded any more.
 */
export async function backfill(
  options: BackfillOptions,
  stages: BackfillStages,
  counts: BackfillCounts,
): Promise<void> {
  const { extractor, signal } = stages;
  const underWay = new Set<Promise<void>>();
  let failure: unknown;
  let extractorIsClosed = false;
  const finish = (read: readonly Read<ListedFile>[]) => record(read, options, stages, counts);
  const hdf5Lane = new Hdf5Lane<ListedFile>(extractor, {
    wasTried: () => false,
    // A backfill that is repeated reads the file again anyway.
    onTry: async () => {},
    onCutShort: async () => {},
    onOutcome: (file, outcome) => finish([{ file, outcome }]),
  });
  const readAndRecord = async (files: readonly ListedFile[]) => {
    counts.directory = dirname(files[0]?.path ?? counts.directory);
    const { read, declined } = await readBatch(files, extractor);
    for (const { file } of declined) hdf5Lane.add(file);
    await finish(read);
  };
  const stop = async () => {
    // Closed first, so that the end of a process counts against no file.
    const lane = hdf5Lane.close();
    await within(STOP_SECONDS, Promise.allSettled(underWay));
    extractorIsClosed = true;
    await extractor.close();
    await Promise.allSettled([lane, ...underWay]);
  };
  let stopped: Promise<void> | undefined;
  const stopOnce = () => {
    stopped ??= stop();
    return stopped;
  };
  const isOver = () => failure !== undefined || signal.aborted;

  signal.addEventListener('abort', stopOnce);
  try {
    // The stream lists ahead of the reading, so that the end of a small tree is known early.
    const listing = Readable.from(unreadFiles(options, stages, counts), { highWaterMark: BATCHES_AHEAD });
    for await (const files of listing as AsyncIterable<ListedFile[]>) {
      for (let start = 0; start < files.length; start += FILES_PER_TASK) {
        if (underWay.size >= TASKS_UNDER_WAY) await Promise.race(underWay);
        await hdf5Lane.untilAtMost(MAX_FOR_HDF5);
        if (isOver()) break;
        const task = readAndRecord(files.slice(start, start + FILES_PER_TASK))
          .catch((error: unknown) => {
            // What was being read as it was closed says nothing.
            if (!extractorIsClosed) failure ??= error;
          })
          .finally(() => underWay.delete(task));
        underWay.add(task);
      }
      if (isOver()) break;
    }
    await Promise.all(underWay);
    while (hdf5Lane.size > 0 && !isOver()) await hdf5Lane.settled();
  } catch (error) {
    failure ??= error;
  }
  signal.removeEventListener('abort', stopOnce);
  if (isOver()) await stopOnce();
  if (failure !== undefined) throw failure;
}

const versionOf = ({ sizeBytes, mtimeUs, ctimeUs }: ListedFile) => ({ sizeBytes, mtimeUs, ctimeUs });

async function record(
  read: readonly Read<ListedFile>[],
  { giveUpAfterSeconds }: BackfillOptions,
  stages: BackfillStages,
  counts: BackfillCounts,
): Promise<void> {
  const firstTriedAt = monotonicSeconds();
  const left = await withoutVanished(read);
  counts.files -= read.length - left.length;
  const results = left.map(({ file, outcome: each }): FileResult => {
    const outcome: Outcome = each.version ? each : { ...each, version: versionOf(file) };
    const { result } = settle(outcome, { attempts: 1, firstTriedAt }, giveUpAfterSeconds);
    counts[countOf(result)]++;
    return result;
  });
  if (results.length > 0) await stages.record(results);
}

/** Of a file that was removed after it was listed nothing is recorded, so that its earlier row stays. */
async function withoutVanished(read: readonly Read<ListedFile>[]): Promise<readonly Read<ListedFile>[]> {
  const isUnopened = ({ outcome }: Read<ListedFile>) =>
    !outcome.version && outcome.error?.code === 'io_error';
  if (!read.some(isUnopened)) return read;
  const vanished = await Promise.all(
    read.map(async (each) => isUnopened(each) && (await isGone(each.file.path))),
  );
  return read.filter((_, i) => !vanished[i]);
}

async function isGone(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return saysGone(error as NodeJS.ErrnoException);
  }
}

async function* unreadFiles(
  options: BackfillOptions,
  stages: BackfillStages,
  counts: BackfillCounts,
): AsyncGenerator<ListedFile[]> {
  for await (const batch of scan(options)) {
    for (const { path, message } of batch.unreadable) {
      if (counts.unreadable.length < MAX_UNREADABLE_KEPT) counts.unreadable.push(`${path}: ${message}`);
    }
    counts.matching += batch.files.length;
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
    const { state, incomplete } = known[i] as ClassifiedFile;
    return state === 'unread' || state === 'waiting' || incomplete;
  });
}
