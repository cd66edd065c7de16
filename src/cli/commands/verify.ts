import { whyNoneMatches } from '../../doctor/directory.js';
import { judged } from '../../health/judged-status.js';
import { readStatusFileInTime } from '../../health/status-file.js';
import { scan } from '../../ingest/watch/listing.js';
import type { ListedFile } from '../../native/outcome.js';
import { countsInWords } from '../../store/counts.js';
import { isPostgres, publicName } from '../../store/location.js';
import { openExistingReader } from '../../store/open.js';
import type { LedgerState } from '../../store/rows.js';
import { type Environment, requireDirectory, requireProductsDb, statusFilePath } from '../config.js';
import { endDespiteHanging } from '../hanging.js';
import type { VerifyLine, VerifySummary } from '../lines.js';
import { FAILURE, fitted, note, oneLine, print, printJson } from '../output.js';
import type { Arguments } from '../schema/types.js';
import type { verify as schema } from '../schema/verify.js';

/** `unread` files are unaccounted for: the ledger knows nothing about this version of them. */
const STANDINGS: Record<LedgerState, VerifyLine['standing']> = {
  stored: 'with_row',
  waiting: 'waiting',
  failed: 'failed',
  unread: 'unaccounted',
};
const WORDS = { with_row: 'stored', waiting: 'waiting', failed: 'failed', unaccounted: 'unaccounted' };

export async function verify(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const { pattern, json, paths, 'follow-links': followLinks } = args;
  const directory = requireDirectory(args.watch_dir, 'the watch directory');
  const productsDb = requireProductsDb(args.products_db);
  const reader = await openExistingReader(productsDb, environment);
  const queued = await isQueued(
    { directory, pattern, productsDb, followLinks },
    args['status-file'],
    environment,
  );
  const counts: Record<LedgerState, number> = { stored: 0, waiting: 0, failed: 0, unread: 0 };
  const tell = async (state: LedgerState, path: string, why?: string) => {
    counts[state]++;
    if (state === 'stored' && !paths) return;
    const standing = STANDINGS[state];
    if (json) await printJson({ standing, path, ...(why && { why }) } satisfies VerifyLine);
    else await print(oneLine(`${WORDS[standing].padEnd(11)}  ${path}${why ? `  ${why}` : ''}`));
  };
  try {
    for await (const batch of scan({ directory, pattern, followLinks })) {
      for (const [i, { state, errorCode }] of (await reader.classify(batch.files)).entries()) {
        const { path } = batch.files[i] as ListedFile;
        if (state === 'unread' && queued) await tell('waiting', path, 'in the queue of the monitor');
        else await tell(state, path, errorCode ?? undefined);
      }
      for (const { path, message } of batch.unreadable) await tell('unread', path, message);
    }
  } finally {
    await reader.close();
  }
  const { stored, waiting, failed, unread: unaccounted } = counts;
  const filesOnDisk = stored + waiting + failed + unaccounted;
  if (json) {
    const summary = { files_on_disk: filesOnDisk, with_row: stored, waiting, failed, unaccounted };
    await printJson(summary satisfies VerifySummary);
  } else await print(fitted(countsInWords({ stored, waiting, failed, unaccounted }, 'on disk')));
  if (filesOnDisk === 0) {
    const why = await whyNoneMatches({ directory, pattern, followLinks });
    if (why !== undefined) note(why);
  }
  if (unaccounted > 0) process.exitCode = FAILURE;
  endDespiteHanging();
}

interface FilesToVerify {
  readonly directory: string;
  readonly pattern: string;
  readonly productsDb: string;
  readonly followLinks: boolean;
}

/** Whether files that the ledger does not know are in the queue of a running monitor, which sees and stores all of them. */
async function isQueued(
  { directory, pattern, productsDb, followLinks }: FilesToVerify,
  statusFile: string | undefined,
  environment: Environment,
): Promise<boolean> {
  if (statusFile === undefined && environment.stateDir === undefined && isPostgres(productsDb)) return false;
  const reading = await readStatusFileInTime(statusFilePath(statusFile, environment, productsDb));
  if (reading.error !== undefined) return false;
  const { status } = reading;
  const { healthy, issue_codes } = judged(reading);
  const seesAll = healthy || (status.running && issue_codes.join() === 'first_scan');
  const isOfThese =
    status.watch_dir === directory &&
    status.products_db === publicName(productsDb) &&
    status.pattern === pattern;
  const passedOver = status.reconciliation?.links_passed_over ?? 0;
  const readsLinks = !followLinks || passedOver === 0;
  return seesAll && isOfThese && readsLinks;
}
