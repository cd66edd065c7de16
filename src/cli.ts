#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { loadCommands } from './cli/commands/index.js';
import { readEnvironment } from './cli/config.js';
import { StoreError, UsageError } from './errors.js';
import { VERSION } from './version.js';

const MANUAL = `Environment, where the command line does not say otherwise:
  CONTIMG_INPUT_DIR     the directory where files arrive [/data/incoming]
  PIPELINE_PRODUCTS_DB  the products database: a file or a postgresql:// URL
  PIPELINE_STATE_DIR    directory of the status file pointing-monitor-status.json
  CONTIMG_LOG_LEVEL     DEBUG, INFO, WARNING or ERROR [INFO]
  PIPELINE_HOST         this host's name in a database of several hosts [the system's]

Results go to stdout, logs and progress to stderr. Exit: 0 done, 1 something is wrong, 2 bad usage; each command's --help says more.`;

const USAGE_ERROR = 2;
const FAILURE = 1;

/** Says what is wrong in one line; a fault of the program itself keeps its stack. */
function report(error: unknown): never {
  const known = error instanceof UsageError || error instanceof StoreError;
  process.stderr.write(`pointing-monitor: ${known ? error.message : ((error as Error)?.stack ?? error)}\n`);
  process.exit(error instanceof UsageError ? USAGE_ERROR : FAILURE);
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : FAILURE),
);

try {
  const environment = readEnvironment();
  const given = hideBin(process.argv);
  await yargs(given)
    .scriptName('pointing-monitor')
    .usage('$0 <command>\n\nWhere the telescope pointed, from the headers of its UVH5 files.')
    .command(await loadCommands(given[0], environment))
    .completion('completion', 'Print a completion script for bash or zsh; see its comments')
    .demandCommand(1, 'name a command; --help lists them')
    .epilogue(MANUAL)
    .strict()
    .version(VERSION)
    .help()
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .fail((message, error) => {
      throw error ?? new UsageError(message.trim().replace(/\s*\n\s*/g, ' '));
    })
    .parseAsync();
} catch (error) {
  report(error);
}
