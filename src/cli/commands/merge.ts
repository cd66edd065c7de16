import { statSync } from 'node:fs';
import { StoreError, UsageError } from '../../errors.js';
import { databaseLocation, isPostgres, noDatabaseAt, publicName } from '../../store/location.js';
import { type MergeCounts, merge as mergeRows, noCounts, type Target } from '../../store/merge.js';
import { openSnapshot, openStore } from '../../store/open.js';
import { retryWhileUnavailable } from '../../store/retry.js';
import { fileIdentity } from '../../store/sqlite/log.js';
import type { Store } from '../../store/writer.js';
import { counted } from '../../units.js';
import { type Environment, knownDatabaseMarks } from '../config.js';
import { INTERRUPTED, interruptible } from '../interruption.js';
import type { MergeLine } from '../lines.js';
import { FAILURE, fitted, note as noteLine, oneLine, print, printJson } from '../output.js';
import { Progress } from '../progress.js';
import type { merge as schema } from '../schema/merge.js';
import type { Arguments } from '../schema/types.js';

/** How long to wait for a target that is locked or unreachable. */
const PATIENCE_SECONDS = 30;

export async function merge(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const { host } = environment;
  const target = databaseLocation(args.into);
  const sources = args.from.map(databaseLocation);
  for (const source of sources) requireOther(source, target);
  // All of them before anything is written.
  for (const source of sources) await requireMergeable(source, target);

  const store = await openStore(target, {
    host,
    create: args.create,
    marks: knownDatabaseMarks(environment, target),
    onUnmarked: noteLine,
    onReplaced: (name) => {
      throw new StoreError(
        'missing',
        `the database ${name} was deleted or replaced during the merge: merge again`,
      );
    },
  });
  let progress: Progress | undefined;
  const note = (line: string) => (progress ? progress.note(line) : noteLine(line));
  const interruption = interruptible(note);
  const patient = patientTarget(store, note);
  try {
    await retryWhileUnavailable(() => store.check(), PATIENCE_SECONDS, note);
    if (isPostgres(target) && !sources.every(isPostgres))
      note(`files from SQLite databases are assigned to the host ${host} [PIPELINE_HOST]`);
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
        await mergeRows(from, patient, counts, () => interruption.aborted);
      } finally {
        await from.close();
        progress.stop();
        progress = undefined;
      }
      await report(source, counts, (performance.now() - startedAt) / 1000, args.json);
      if (counts.wrongTime + counts.withoutRow > 0) process.exitCode = FAILURE;
      if (interruption.aborted) break;
    }
  } finally {
    await store.close();
  }
  if (interruption.aborted) process.exitCode = INTERRUPTED;
}

/** Throws a UsageError unless the source may be a database, and another than the target. */
function requireOther(source: string, target: string): void {
  if (!isPostgres(source)) {
    const file = statSync(source, { throwIfNoEntry: false });
    if (!file) throw new UsageError(noDatabaseAt(source));
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
        `${publicName(source)} has files from several hosts (${hosts.join(', ')}), and SQLite cannot keep them apart: merge it into PostgreSQL`,
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
    const line: MergeLine = {
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
    };
    await printJson(line);
  } else {
    const parts = [`${counted(files, 'file')}: ${added} added, ${newer} newer, ${kept} kept`];
    if (withoutFile > 0)
      parts.push(
        `${counted(withoutFile, 'row')} without a file: ${withoutFileAdded} added, ${wrongTime + withoutPosition + impossibleTime} left out`,
      );
    if (transitsAdded > 0) parts.push(`${counted(transitsAdded, 'transit')} added`);
    await print(fitted(oneLine(`${name}: ${[...parts, `${seconds.toFixed(1)} s`].join('; ')}`)));
  }
  if (withoutRow > 0)
    noteLine(
      oneLine(
        `${name}: left out ${counted(withoutRow, 'file')} stored in its ledger but without a row in its history: read them again with "pointing-monitor backfill --force"`,
      ),
    );
  if (withoutPosition > 0)
    noteLine(oneLine(`${name}: left out ${counted(withoutPosition, 'row')} without a position`));
  if (impossibleTime > 0)
    noteLine(
      oneLine(`${name}: left out ${counted(impossibleTime, 'row')} with an impossible or future time`),
    );
  if (wrongTime > 0) {
    noteLine(
      oneLine(
        `${name}: left out ${counted(wrongTime, 'row')} with the Python monitor's wrong times: correct them with "pointing-monitor doctor WATCH_DIR ${name} --repair", then merge again`,
      ),
    );
  }
}
