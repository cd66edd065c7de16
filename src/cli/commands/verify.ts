import type { CommandModule } from 'yargs';
import { scan } from '../../ingest/watch/listing.js';
import { escapeControls } from '../../log/plain-line.js';
import type { ListedFile } from '../../native/outcome.js';
import { openExistingStore } from '../../store/open.js';
import type { LedgerState } from '../../store/store.js';
import { patternOption, productsDbOption, watchDirOption } from '../common-options.js';
import { type Environment, requireDirectory, requireProductsDb } from '../config.js';

interface Arguments {
  watch_dir: string;
  products_db: string | undefined;
  pattern: string;
  json: boolean;
  paths: boolean;
}

const BUSY_TIMEOUT_MS = 10_000;
const FAILURE = 1;

/** `unread` files are unaccounted for: the ledger knows nothing of this version of them. */
const words: Record<LedgerState, string> = {
  stored: 'with_row',
  waiting: 'waiting',
  failed: 'failed',
  unread: 'unaccounted',
};

export function verifyCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'verify [watch_dir] [products_db]',
    describe:
      'Compare the files on disk with the database, from scratch: exit 0 if all are accounted for, else 1',
    builder: (args) =>
      args
        .positional('watch_dir', watchDirOption(environment))
        .positional('products_db', productsDbOption)
        .option('pattern', patternOption)
        .option('paths', { type: 'boolean', default: false, describe: 'List the files with a row too' })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: 'One JSON object a file, the counts last',
        })
        .example('$0 verify --paths', 'every file, with where it stands')
        .epilogue(
          'Nothing is read or written but the directory and the ledger.\n\nExit: 0 every file is accounted for, 1 one is not, 2 bad usage.',
        ),
    handler: (args) => run(args, environment),
  };
}

async function run({ watch_dir, products_db, pattern, json, paths }: Arguments, environment: Environment) {
  const directory = requireDirectory(watch_dir, 'the watch directory');
  const productsDb = requireProductsDb(products_db, environment);
  const store = await openExistingStore(productsDb, {
    host: environment.host,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    readOnly: true,
  });
  const counts: Record<LedgerState, number> = { stored: 0, waiting: 0, failed: 0, unread: 0 };
  const print = (standing: string, path: string, why?: string) =>
    process.stdout.write(
      json
        ? `${JSON.stringify({ standing, path, ...(why && { why }) })}\n`
        : `${standing}  ${escapeControls(`${path}${why ? `  ${why}` : ''}`)}\n`,
    );
  try {
    for await (const batch of scan({ directory, pattern, followLinks: false })) {
      for (const [i, { state: standing, errorCode }] of (await store.classify(batch.files)).entries()) {
        counts[standing]++;
        const { path } = batch.files[i] as ListedFile;
        if (paths || standing !== 'stored') print(words[standing], path, errorCode ?? undefined);
      }
      for (const { path, message } of batch.troubles) {
        counts.unread++;
        print(words.unread, path, message);
      }
    }
  } finally {
    await store.close();
  }
  const filesOnDisk = counts.stored + counts.waiting + counts.failed + counts.unread;
  const summary = {
    files_on_disk: filesOnDisk,
    with_row: counts.stored,
    waiting: counts.waiting,
    failed: counts.failed,
    unaccounted: counts.unread,
  };
  process.stdout.write(
    json
      ? `${JSON.stringify(summary)}\n`
      : `${filesOnDisk} files on disk: ${counts.stored} with a row, ${counts.waiting} waiting, ${counts.failed} failed, ${counts.unread} unaccounted for\n`,
  );
  if (counts.unread > 0) process.exitCode = FAILURE;
}
