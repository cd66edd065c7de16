import { existsSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { Extractor, extractorDefaults, type Reader, readers } from '../../extract/extractor.js';
import { type BackfillCounts, backfill } from '../../ingest/backfill.js';
import { inBulk, Recorder } from '../../ingest/recorder.js';
import { type Shard, shardOf } from '../../ingest/shard.js';
import type { Pointing } from '../../native/outcome.js';
import {
  DEFAULT_JUMP_DEG,
  type DeclinationChange,
  declinationChanges,
} from '../../sky/declination-changes.js';
import { isPostgres } from '../../store/location.js';
import { openStore } from '../../store/open.js';
import { retryWhileUnavailable } from '../../store/retry.js';
import type { HistoryRow, Store } from '../../store/store.js';
import { degrees, isoOfMjdUtc } from '../../units.js';
import { patternOption, productsDbOption } from '../common-options.js';
import { dateRange, type Environment, numberFlag, requireDirectory, requireProductsDb } from '../config.js';
import { FailureList } from '../failure-list.js';
import { INTERRUPTED, interruptible } from '../interruption.js';
import type { BackfillSummary } from '../lines.js';
import { Progress } from '../progress.js';
import { RowsSeen } from '../rows-seen.js';

interface Arguments {
  data_dir: string;
  products_db: string | undefined;
  'start-date': string | undefined;
  'end-date': string | undefined;
  'dry-run': boolean;
  force: boolean;
  pattern: string;
  reader: Reader;
  'files-at-once': number;
  'jump-threshold-deg': number;
  shard: string | undefined;
  shards: number | undefined;
  json: boolean;
}

const BUSY_TIMEOUT_MS = 5000;
/** A server that is being restarted is back by then; one that is not there, or a wrong name, is said. */
const WAIT_AT_START_SECONDS = 30;
const GIVE_UP_AFTER_SECONDS = 3600;
/** Schedulers kill half a minute after they ask. */
const STOP_SECONDS = 10;
/** A tape library takes minutes to bring a file back. */
const SECONDS_PER_FILE = 300;
const MAX_UNWRITTEN = 20_000;
/** The ledger's name for the host of a tree that many nodes see. */
const SHARED_TREE = 'shared';
const IN_MEMORY = ':memory:';
const FAILURE = 1;

export function backfillCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'backfill [data_dir] [products_db]',
    describe: 'Read the files of a directory tree into the pointing history; safe to repeat and to interrupt',
    builder: (args) =>
      args
        .positional('data_dir', {
          type: 'string',
          default: environment.inputDir,
          describe: 'Tree of UVH5 files',
        })
        .positional('products_db', productsDbOption)
        .option('start-date', {
          type: 'string',
          describe: 'First UTC date, YYYY-MM-DD, by the name of the file',
        })
        .option('end-date', { type: 'string', describe: 'Last UTC date, included' })
        .option('dry-run', { type: 'boolean', default: false, describe: 'Read the files, write nothing' })
        .option('force', {
          type: 'boolean',
          default: false,
          describe: 'Read files again that are in the ledger',
        })
        .option('pattern', patternOption)
        .option('reader', { choices: readers, default: 'auto' as const, describe: 'Which reader answers' })
        .option('files-at-once', {
          type: 'number',
          default: extractorDefaults.filesAtOnce,
          describe: 'Files read at once',
        })
        .option('jump-threshold-deg', {
          type: 'number',
          default: DEFAULT_JUMP_DEG as number,
          describe: 'Least change of declination to report',
        })
        .option('shard', {
          type: 'string',
          describe:
            'Read part I of N alone, as I/N [the task of a Slurm array, the index of a Kubernetes job]',
        })
        .option('shards', {
          type: 'number',
          describe: 'N, where the scheduler says only which part this is [the tasks of a Slurm array]',
        })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: 'One JSON object a failure, the summary last',
        })
        .example(
          '$0 backfill --start-date 2025-10-01 --end-date 2025-10-23',
          'three weeks, by the names of the files',
        )
        .epilogue(
          `Where hosts share a PostgreSQL database, the files of a part are kept under the host "${SHARED_TREE}", unless PIPELINE_HOST names another: whichever node reads them, none is read twice. For verify and retry set PIPELINE_HOST=${SHARED_TREE}.\n\nExit: 0 done, also where files failed (they are listed, and in the ledger); 1 a directory could not be read; 2 bad usage; 130 interrupted: run it again.`,
        ),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const directory = requireDirectory(args.data_dir, 'the data directory');
  const productsDb = requireProductsDb(args.products_db, environment);
  const filesAtOnce = numberFlag(args['files-at-once'], '--files-at-once', { least: 1, most: 256 });
  const range = dateRange(args['start-date'], args['end-date']);
  const jumpDeg = degrees(
    numberFlag(args['jump-threshold-deg'], '--jump-threshold-deg', { least: 0, most: 180 }),
  );
  const shard = shardOf(args);
  if (shard) process.stderr.write(`shard ${shard.index} of ${shard.count}, by ${shard.source}\n`);
  // Any node may read any file of a tree that all of them see, and one that is run again must know what another has done.
  const host = shard && !environment.hostIsGiven ? SHARED_TREE : environment.host;
  const store = await openHistory(productsDb, args['dry-run'], host);
  const extractor = new Extractor({
    ...extractorDefaults,
    secondsPerFile: SECONDS_PER_FILE,
    reader: args.reader,
    filesAtOnce,
  });
  const counts: BackfillCounts = {
    files: 0,
    succeeded: 0,
    failed: 0,
    skipped: 0,
    listed: false,
    unreadable: [],
  };
  const failures = new FailureList(args.json);
  const rows = new RowsSeen(args['dry-run']);
  const progress = new Progress('files', () => ({
    done: counts.succeeded + counts.failed,
    total: counts.files,
    totalIsKnown: counts.listed,
    note: `${counts.failed} failed`,
  }));
  const recorder = new Recorder(store, inBulk, (trouble) =>
    progress.note(trouble?.message ?? 'database writes resumed'),
  );
  const interruption = interruptible(
    (line) => progress.note(line),
    () => void leaveUnwritten(recorder, progress),
  );

  const startedAt = performance.now();
  try {
    await backfill(
      {
        directory,
        pattern: args.pattern,
        followLinks: false,
        range,
        shard,
        force: args.force,
        giveUpAfterSeconds: GIVE_UP_AFTER_SECONDS,
      },
      {
        extractor,
        classify: (files) =>
          retryWhileUnavailable(
            () => store.classify(files),
            Number.POSITIVE_INFINITY,
            (trouble) => progress.note(trouble),
            () => interruption.asked,
          ),
        aborted: () => interruption.asked,
        recordTry: (result) => {
          if (!args['dry-run']) void recorder.record([result]);
        },
        record: async (results) => {
          const written = args['dry-run'] ? undefined : recorder.record(results);
          for (const { outcome } of results) {
            if (outcome.error) failures.add(outcome);
            else rows.add(historyRow(outcome.pointing));
          }
          if (recorder.backlog > MAX_UNWRITTEN) await written;
        },
      },
      counts,
    );
    if (interruption.asked) await leaveUnwritten(recorder, progress);
    else await recorder.close(Number.POSITIVE_INFINITY);
  } finally {
    progress.stop();
    await extractor.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const changes = await retryWhileUnavailable(
    () => allOf(declinationChanges(rows.inOrder(store), jumpDeg)),
    Number.POSITIVE_INFINITY,
    (trouble) => process.stderr.write(`${trouble}\n`),
    () => interruption.asked,
  );
  await store.close();

  failures.print();
  print(args, counts, seconds, changes, shard);
  if (interruption.asked) process.exitCode = INTERRUPTED;
  else if (counts.unreadable.length > 0) process.exitCode = FAILURE;
}

/** A dry run must not so much as create the database: it compares with an empty one where there is none. */
async function openHistory(productsDb: string, dryRun: boolean, host: string): Promise<Store> {
  const missing = !isPostgres(productsDb) && !existsSync(productsDb);
  const location = dryRun && missing ? IN_MEMORY : productsDb;
  const readOnly = dryRun && location === productsDb;
  const store = await openStore(location, { busyTimeoutMs: BUSY_TIMEOUT_MS, readOnly, host });
  if (!readOnly) {
    await retryWhileUnavailable(
      () => store.check(),
      WAIT_AT_START_SECONDS,
      (trouble) => process.stderr.write(`${trouble}; trying for ${WAIT_AT_START_SECONDS} s\n`),
    );
  }
  return store;
}

/** Once interrupted it does not wait for a database as long as that takes: whoever runs it again reads the files again. */
async function leaveUnwritten(recorder: Recorder, progress: Progress): Promise<void> {
  const left = await recorder.close(STOP_SECONDS);
  if (left === 0) return;
  progress.note(`${left} results are not written: ${recorder.error?.message}`);
  process.exit(INTERRUPTED);
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function historyRow({ midTimeMjdUtc, raDeg, decDeg }: Pointing): HistoryRow {
  return { timestamp: midTimeMjdUtc, ra_deg: raDeg, dec_deg: decDeg };
}

function print(
  args: Arguments,
  counts: BackfillCounts,
  seconds: number,
  changes: readonly DeclinationChange[],
  shard: Shard | undefined,
): void {
  const { files, succeeded, failed, skipped, unreadable } = counts;
  const perSecond = Math.round(((succeeded + failed) / Math.max(seconds, 1e-3)) * 10) / 10;
  for (const place of unreadable) process.stderr.write(`could not be read: ${place}\n`);
  if (args.json) {
    const declination_changes = changes.map(({ mjd, fromDeg, toDeg }) => ({
      mjd,
      from_deg: fromDeg,
      to_deg: toDeg,
    }));
    const summary: BackfillSummary = {
      files,
      succeeded,
      failed,
      skipped,
      seconds,
      files_per_second: perSecond,
      declination_changes,
      ...(shard && { shard: `${shard.index}/${shard.count}` }),
    };
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  for (const { mjd, fromDeg, toDeg } of changes) {
    process.stdout.write(
      `declination ${fromDeg.toFixed(2)} -> ${toDeg.toFixed(2)} at ${isoOfMjdUtc(mjd)} (MJD ${mjd.toFixed(5)})\n`,
    );
  }
  const done = args['dry-run'] ? 'would be stored' : 'stored';
  process.stdout.write(
    `${files} files: ${succeeded} ${done}, ${failed} failed; ${skipped} known and skipped; ${seconds.toFixed(1)} s, ${perSecond} files/s\n`,
  );
}
