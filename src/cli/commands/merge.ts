import { statSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { StoreError, UsageError } from '../../errors.js';
import { isPostgres, publicName } from '../../store/location.js';
import { type MergeCounts, merge, noCounts, type Target } from '../../store/merge.js';
import { openSnapshot, openStore } from '../../store/open.js';
import { retryWhileUnavailable } from '../../store/retry.js';
import { fileIdentity } from '../../store/sqlite/log.js';
import type { Store } from '../../store/writer.js';
import { databaseLocation, type Environment } from '../config.js';
import { INTERRUPTED, interruptible } from '../interruption.js';
import { print, printJson } from '../output.js';
import { Progress } from '../progress.js';

interface Arguments {
  into: string;
  from: string[];
  json: boolean;
}

/** How long a target that is locked or away is waited for. */
const PATIENCE_SECONDS = 30;
const FAILURE = 1;

export function mergeCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'merge <into> <from..>',
    describe:
      'Bring the rows of other databases into one; they stay as they are; safe to repeat and to interrupt',
    builder: (args) =>
      args
        .positional('into', {
          type: 'string',
          demandOption: true,
          describe: 'SQLite database, made where there is none, or postgresql:// URL',
        })
        .positional('from', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'SQLite databases or postgresql:// URLs, also of the Python monitor',
        })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a database' })
        .example('$0 merge site.sqlite3 node*.sqlite3', 'the parts of a sharded backfill')
        .epilogue(
          'Of a file in both, a row with its pointing beats a failure, and the later one stands. Files of SQLite databases become those of PIPELINE_HOST in PostgreSQL. Mend a database of the Python monitor first (doctor --repair), and merge it last.\n\nExit: 0 done; 1 a database is in trouble, or rows with wrong times were left out; 2 bad usage; 130 interrupted: run it again.',
        ),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const target = databaseLocation(args.into);
  const sources = args.from.map(databaseLocation);
  for (const source of sources) requireOther(source, target);
  // All of them before anything is written.
  for (const source of sources) await requireMergeable(source, target);

  const store = await openStore(target, {
    host: environment.host,
    onReplaced: (path) => {
      throw new StoreError('missing', `the database ${path} was deleted or replaced meanwhile: merge again`);
    },
  });
  let progress: Progress | undefined;
  const note = (line: string) => (progress ? progress.note(line) : process.stderr.write(`${line}\n`));
  const interruption = interruptible(note);
  const patient = patientTarget(store, note);
  try {
    await retryWhileUnavailable(() => store.check(), PATIENCE_SECONDS, note);
    if (isPostgres(target) && !sources.every(isPostgres))
      note(`files of SQLite databases are kept as those of the host ${environment.host} [PIPELINE_HOST]`);
    for (const [i, source] of sources.entries()) {
      const counts = noCounts();
      const startedAt = performance.now();
      const from = await openSnapshot(source);
      progress = new Progress('rows', () => ({
        done: counts.files + counts.withoutFile,
        total: counts.total,
        totalIsKnown: true,
        note: `database ${i + 1} of ${sources.length}`,
      }));
      try {
        await merge(from, patient, counts, () => interruption.asked);
      } finally {
        await from.close();
        progress.stop();
        progress = undefined;
      }
      await report(source, counts, (performance.now() - startedAt) / 1000, args.json);
      if (counts.wrongTime + counts.withoutRow > 0) process.exitCode = FAILURE;
      if (interruption.asked) break;
    }
  } finally {
    await store.close();
  }
  if (interruption.asked) process.exitCode = INTERRUPTED;
}

/** Throws a UsageError unless the source may be a database, and another than the target. */
function requireOther(source: string, target: string): void {
  if (!isPostgres(source)) {
    const file = statSync(source, { throwIfNoEntry: false });
    if (!file) throw new UsageError(`the database ${source} does not exist`);
    if (!file.isFile()) throw new UsageError(`${source} is not a file`);
  }
  const same = isPostgres(source)
    ? source === target
    : !isPostgres(target) && fileIdentity(source) === fileIdentity(target);
  if (same) throw new UsageError(`${publicName(source)} cannot be merged into itself`);
}

/** Throws a StoreError where the source cannot be read, a UsageError where the target cannot hold what it holds. */
async function requireMergeable(source: string, target: string): Promise<void> {
  const snapshot = await openSnapshot(source);
  try {
    const hosts = await snapshot.ledgerHosts();
    if (hosts.length > 1 && !isPostgres(target)) {
      throw new UsageError(
        `${publicName(source)} has files of several hosts (${hosts.join(', ')}), which an SQLite database cannot tell apart: merge it into PostgreSQL`,
      );
    }
  } finally {
    await snapshot.close();
  }
}

/** A batch that the target refused was not written, or does no harm when written again. */
function patientTarget(store: Store, note: (line: string) => void): Target {
  const wait = <T>(work: () => Promise<T>) => retryWhileUnavailable(work, PATIENCE_SECONDS, note);
  return {
    mergeFiles: (files) => wait(() => store.mergeFiles(files)),
    mergeHistory: (rows) => wait(() => store.mergeHistory(rows)),
    addTransits: (transits) => wait(() => store.addTransits(transits)),
  };
}

async function report(source: string, counts: MergeCounts, seconds: number, json: boolean): Promise<void> {
  const {
    files,
    added,
    newer,
    kept,
    withoutRow,
    withoutFile,
    withoutFileAdded,
    wrongTime,
    withoutPosition,
    impossibleTime,
    transitsAdded,
  } = counts;
  const name = publicName(source);
  if (json) {
    await printJson({
      source: name,
      files,
      added,
      newer,
      kept,
      without_file: withoutFile,
      without_file_added: withoutFileAdded,
      left_out_no_row: withoutRow,
      left_out_wrong_time: wrongTime,
      left_out_no_position: withoutPosition,
      left_out_impossible_time: impossibleTime,
      transits_added: transitsAdded,
      seconds,
    });
  } else {
    const parts = [`${files} files: ${added} added, ${newer} newer, ${kept} kept`];
    if (withoutFile > 0)
      parts.push(
        `${withoutFile} rows without a file: ${withoutFileAdded} added, ${wrongTime + withoutPosition + impossibleTime} left out`,
      );
    if (transitsAdded > 0) parts.push(`${transitsAdded} transits added`);
    await print(`${name}: ${[...parts, `${seconds.toFixed(1)} s`].join('; ')}\n`);
  }
  if (withoutRow > 0)
    process.stderr.write(
      `${withoutRow} files of ${name} are stored by its ledger and have no row in its history; they are left out: have them read again with "pointing-monitor backfill --force"\n`,
    );
  if (withoutPosition > 0)
    process.stderr.write(`${withoutPosition} rows of ${name} have no position and are left out\n`);
  if (impossibleTime > 0)
    process.stderr.write(
      `${impossibleTime} rows of ${name} have an impossible time or one in the future and are left out\n`,
    );
  if (wrongTime > 0) {
    process.stderr.write(
      `${wrongTime} rows of ${name} have the replaced system's wrong times and are left out: mend them with "pointing-monitor doctor WATCH_DIR ${name} --repair", then merge again\n`,
    );
  }
}
