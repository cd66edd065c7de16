import { whyNoneMatches } from '../../doctor/directory.js';
import { UsageError } from '../../errors.js';
import { Extractor, extractorDefaults } from '../../extract/extractor.js';
import type { DateRange } from '../../files.js';
import {
  type BackfillCounts,
  type BackfillStages,
  countOf,
  noCounts,
  backfill as readTree,
} from '../../ingest/backfill.js';
import { inBulk, Recorder } from '../../ingest/recorder.js';
import { type Shard, shardOf } from '../../ingest/shard.js';
import { operatingSystem } from '../../native/process.js';
import { type DeclinationChange, declinationChanges } from '../../sky/declination-changes.js';
import { countsInWords } from '../../store/counts.js';
import { openReader, openStore } from '../../store/open.js';
import { retryWhileUnavailable } from '../../store/retry.js';
import type { FileResult } from '../../store/rows.js';
import type { Store, StoreOptions } from '../../store/writer.js';
import { degrees, isoOfMjdUtc, unixOfMjdUtc } from '../../units.js';
import { type Environment, knownDatabaseMarks, requireDirectory, requireProductsDb } from '../config.js';
import { FailureList } from '../failure-list.js';
import { INTERRUPTED, interruptible } from '../interruption.js';
import type { BackfillSummary } from '../lines.js';
import { FAILURE, fitted, note, oneLine, print, printJson } from '../output.js';
import { Progress } from '../progress.js';
import { RowsSeen } from '../rows-seen.js';
import type { backfill as schema } from '../schema/backfill.js';
import type { Arguments, TimeSpan } from '../schema/types.js';

/** A server that is being restarted is back by then; one that is not there, or a wrong name, is said. */
const WAIT_AT_START_SECONDS = 30;
/** A tape library takes minutes to bring a file back. */
const SECONDS_PER_FILE = 300;
const GIVE_UP_AFTER_SECONDS = 3600;
/** Schedulers kill half a minute after they ask. */
const STOP_SECONDS = 10;
/** For what is being read and listed, once the run is interrupted. */
const LAST_READ_SECONDS = 15;
const MAX_UNWRITTEN = 20_000;
/** The ledger's name for the host of a tree that many nodes see. */
const SHARED_TREE = 'shared';

export async function backfill(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const directory = requireDirectory(args.data_dir, 'the data directory');
  const productsDb = requireProductsDb(args.products_db);
  const range = dateRange(args['start-date'], args['end-date']);
  const shard = shardOf(args);
  if (shard) note(`shard ${shard.index} of ${shard.count}, from ${shard.source}`);
  // Any node may read any file of a tree that all of them see, and one that is run again must know what another has done.
  const host = shard && !environment.hostIsGiven ? SHARED_TREE : environment.host;
  let lost = false;
  const store = args['dry-run']
    ? undefined
    : await openForWriting(productsDb, {
        host,
        create: args.create,
        marks: knownDatabaseMarks(environment, productsDb),
        onUnmarked: note,
        onReplaced: () => {
          lost = true;
        },
      });
  // A dry run must not even create the database: without one, the history is empty.
  const history = store ?? (await openReader(productsDb, { host }));
  const extractor = new Extractor({
    ...extractorDefaults,
    secondsPerFile: SECONDS_PER_FILE,
    reader: args.reader,
    filesAtOnce: args['files-at-once'],
    root: args['follow-links'] ? undefined : directory,
  });
  const counts = noCounts(directory);
  const failures = new FailureList(args.json);
  const rowsSeen = new RowsSeen(args['dry-run']);
  // Before there is a bar, which a signal that nobody handles would leave on the terminal.
  const interruption = interruptible((line) => progress.note(line));
  let leaveUnread: NodeJS.Timeout | undefined;
  interruption.addEventListener('abort', () => {
    void leaveUnwritten(recorder, progress);
    leaveUnread = setTimeout(() => void endDespiteReading(recorder, progress), LAST_READ_SECONDS * 1000);
  });
  const progress = new Progress('files', () => ({
    done: counts.succeeded + counts.failed + counts.waiting,
    total: counts.files,
    totalIsKnown: counts.listed,
    note: `${counts.failed} failed`,
    place: counts.directory,
  }));
  // Retries without a time limit, unless interrupted.
  const retryUntilAvailable = <T>(
    work: () => Promise<T>,
    onWait = (problem: string) => progress.note(problem),
  ) => retryWhileUnavailable(work, Number.POSITIVE_INFINITY, onWait, () => interruption.aborted);
  const recorder =
    store &&
    new Recorder(store, inBulk, (problem) => progress.note(problem?.message ?? 'database writes resumed'));

  const startedAt = performance.now();
  try {
    const options = {
      directory,
      pattern: args.pattern,
      followLinks: args['follow-links'],
      range,
      shard,
      force: args.force,
      giveUpAfterSeconds: GIVE_UP_AFTER_SECONDS,
    };
    const stages: BackfillStages = {
      extractor,
      classify: (files) => retryUntilAvailable(() => history.classify(files)),
      signal: interruption,
      record: async (results) => {
        const written = recorder?.record(results).then(async (recorded) => {
          for (const [i, { outcome, refused, unrecorded }] of recorded.entries()) {
            if (!refused) continue;
            const result = results[i] as FileResult;
            counts[countOf(result)]--;
            if (!unrecorded) counts.failed++;
            // Any other is listed already, with what is wrong with the file itself.
            if (outcome.error && result.outcome.pointing) await failures.add(outcome);
          }
        });
        for (const { outcome } of results) {
          if (outcome.error) await failures.add(outcome);
          else rowsSeen.add(outcome.pointing);
        }
        if (recorder && recorder.backlog > MAX_UNWRITTEN) await written;
      },
    };
    await readTree(options, stages, counts);
    while (store && recorder && !interruption.aborted) {
      await recorder.written();
      // Looks at the database a last time, so that one replaced since the last row is noticed.
      await retryUntilAvailable(() => store.check());
      if (!lost) break;
      lost = false;
      progress.note('the database was deleted or replaced meanwhile: reading again the files that it lacks');
      await readTree({ ...options, force: false }, stages, noCounts(directory));
    }
    if (interruption.aborted) await leaveUnwritten(recorder, progress);
    else await recorder?.close(Number.POSITIVE_INFINITY);
  } catch (error) {
    // The recorder would go on trying to write, and the process would not end.
    const left = (await recorder?.close(STOP_SECONDS)) ?? 0;
    if (left > 0) progress.note(`${left} results were not written`);
    await history.close();
    throw error;
  } finally {
    progress.stop();
    await extractor.close();
    clearTimeout(leaveUnread);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const changes = await retryUntilAvailable(async () => {
    const { rows, instruments } = await rowsSeen.inOrder(history);
    return allOf(declinationChanges(rows, instruments, degrees(args['jump-threshold-deg'])));
  }, note);
  await history.close();

  failures.print();
  await report(args, counts, seconds, changes, shard);
  if (counts.listed && counts.matching === 0) {
    const why = await whyNoneMatches({ directory, pattern: args.pattern, followLinks: args['follow-links'] });
    if (why !== undefined) note(why);
  }
  if (interruption.aborted) process.exitCode = INTERRUPTED;
  else if (counts.unreadable.length > 0 || unreadOf(counts) > 0) process.exitCode = FAILURE;
}

async function openForWriting(productsDb: string, options: StoreOptions): Promise<Store> {
  const store = await openStore(productsDb, options);
  await retryWhileUnavailable(
    () => store.check(),
    WAIT_AT_START_SECONDS,
    (problem) => note(`${problem}; retrying for ${WAIT_AT_START_SECONDS} s`),
  );
  return store;
}

/** An interrupted run does not wait for a database without limit: the next run reads the files again. */
async function leaveUnwritten(recorder: Recorder | undefined, progress: Progress): Promise<void> {
  const left = (await recorder?.close(STOP_SECONDS)) ?? 0;
  if (left === 0) return;
  progress.note(`${left} results were not written: ${recorder?.error?.message}`);
  progress.stop();
  operatingSystem().endProcess(INTERRUPTED);
}

/** Nor does it wait for a file system that does not answer, as the threads that ask it do. */
async function endDespiteReading(recorder: Recorder | undefined, progress: Progress): Promise<void> {
  await recorder?.close(STOP_SECONDS);
  progress.note('a file system does not answer: the next run reads the rest');
  progress.stop();
  operatingSystem().endProcess(INTERRUPTED);
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function report(
  { json, 'dry-run': dryRun }: Arguments<typeof schema>,
  counts: BackfillCounts,
  seconds: number,
  changes: readonly DeclinationChange[],
  shard: Shard | undefined,
): Promise<void> {
  const { files, succeeded, failed, waiting, skipped, unreadable } = counts;
  const perSecond = Math.round(((succeeded + failed + waiting) / Math.max(seconds, 1e-3)) * 10) / 10;
  for (const place of unreadable) note(oneLine(`cannot read ${place}`));
  if (json) {
    const summary: BackfillSummary = {
      files,
      succeeded,
      failed,
      waiting,
      skipped,
      seconds,
      files_per_second: perSecond,
      declination_changes: changes.map(({ mjd, fromDeg, toDeg }) => ({
        mjd,
        from_deg: fromDeg,
        to_deg: toDeg,
      })),
      ...(shard && { shard: `${shard.index}/${shard.count}` }),
    };
    return printJson(summary);
  }
  for (const { mjd, fromDeg, toDeg } of changes)
    await print(
      fitted(
        `declination ${fromDeg.toFixed(2)} -> ${toDeg.toFixed(2)} at ${isoOfMjdUtc(mjd)} (MJD ${mjd.toFixed(5)})`,
      ),
    );
  const unaccounted = unreadOf(counts);
  const inRun = countsInWords({ stored: succeeded, waiting, failed, unaccounted }, 'in this run');
  const part = shard ? `; shard ${shard.index}/${shard.count}` : '';
  const dry = dryRun ? '; nothing written (--dry-run)' : '';
  await print(
    fitted(`${inRun}; ${skipped} already known; ${seconds.toFixed(1)} s, ${perSecond} files/s${part}${dry}`),
  );
}

/** Files of which the ledger has nothing. */
const unreadOf = ({ files, succeeded, failed, waiting }: BackfillCounts) =>
  files - succeeded - failed - waiting;

/** Times of file names. Throws a UsageError where the range ends before it starts. */
function dateRange(start: TimeSpan | undefined, end: TimeSpan | undefined): DateRange {
  if (start && end && start.startMjdUtc >= end.endMjdUtc)
    throw new UsageError('--start-date is after --end-date');
  return {
    ...(start && { start: unixOfMjdUtc(start.startMjdUtc) }),
    ...(end && { end: unixOfMjdUtc(end.endMjdUtc) }),
  };
}
