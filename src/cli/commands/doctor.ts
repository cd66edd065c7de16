import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { type Check, failed } from '../../doctor/check.js';
import { checkDatabase } from '../../doctor/database.js';
import { checkDirectory } from '../../doctor/directory.js';
import { checkInstallation } from '../../doctor/installation.js';
import { checkPostgres } from '../../doctor/postgres.js';
import { repairTimeFault } from '../../doctor/repair.js';
import { checkRows } from '../../doctor/rows.js';
import { checkClock, checkSpace } from '../../doctor/system.js';
import { UsageError } from '../../errors.js';
import { isPostgres } from '../../store/location.js';
import type { HistoryRow } from '../../store/rows.js';
import { mjdUtcOfUnix, unixSeconds } from '../../units.js';
import { patternOption, productsDbOption, watchDirOption } from '../common-options.js';
import { databaseLocation, type Environment, requireProductsDb } from '../config.js';
import { print, printJson } from '../output.js';

interface Arguments {
  watch_dir: string;
  products_db: string | undefined;
  pattern: string;
  repair: boolean;
  backup: string | undefined;
  json: boolean;
}

const FAILURE = 1;

export function doctorCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'doctor [watch_dir] [products_db]',
    describe: 'Check the installation, the watched tree and the database: exit 0 if all is well, else 1',
    builder: (args) =>
      args
        .positional('watch_dir', watchDirOption(environment))
        .positional('products_db', productsDbOption)
        .option('pattern', patternOption)
        .option('repair', {
          type: 'boolean',
          default: false,
          describe: "Back up the database, then mend rows with the replaced system's wrong times",
        })
        .option('backup', {
          type: 'string',
          describe: 'Where the backup goes [beside the database, with the time in its name]',
        })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a check' })
        .example('$0 doctor --repair', 'after the change from the Python monitor')
        .epilogue('Exit: 0 all is well, 1 something is wrong, 2 bad usage.'),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const { backup, repair, json } = args;
  if (backup !== undefined && !repair) throw new UsageError('--backup goes with --repair');
  const given = args.products_db ?? environment.productsDb;
  if (repair) await mend(requireProductsDb(given, environment), backup, json);
  const now = mjdUtcOfUnix(unixSeconds(Date.now() / 1000));
  const database = given === undefined ? NO_DATABASE : await databaseChecks(databaseLocation(given));
  const checks = [
    ...checkInstallation(now),
    checkClock(now, database.newest?.timestamp),
    ...(await checkDirectory(resolve(args.watch_dir), args.pattern)),
    ...database.checks,
  ];
  for (const check of checks) await (json ? printJson(jsonLine(check)) : print(line(check)));
  if (checks.some(({ state }) => state === 'failed')) process.exitCode = FAILURE;
}

interface DatabaseChecks {
  readonly checks: readonly Check[];
  readonly newest?: HistoryRow | undefined;
}

const NO_DATABASE: DatabaseChecks = {
  checks: [
    failed('database', 'no products database: name it on the command line or set PIPELINE_PRODUCTS_DB'),
  ],
};

async function databaseChecks(location: string): Promise<DatabaseChecks> {
  if (isPostgres(location)) {
    const { checks, newest } = await checkPostgres(location);
    return { checks: [...checks, ...(await checkRows(location))], newest };
  }
  const { checks, inspection } = checkDatabase(location);
  const rows = inspection ? await checkRows(location) : [];
  return { checks: [...checks, ...rows, await checkSpace(location)], newest: inspection?.newest };
}

async function mend(productsDb: string, backup: string | undefined, json: boolean): Promise<void> {
  if (isPostgres(productsDb)) {
    throw new UsageError(
      'doctor --repair mends SQLite databases, which alone the replaced system wrote: mend first, then merge into PostgreSQL',
    );
  }
  if (!existsSync(productsDb)) throw new UsageError(`the database ${productsDb} does not exist`);
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const done = await repairTimeFault(productsDb, resolve(backup ?? `${productsDb}.before-repair-${stamp}`));
  const report = {
    repaired: done?.replaced ?? 0,
    dropped: done?.dropped ?? 0,
    backup: done?.backupPath ?? null,
  };
  if (json) await printJson(report);
  else if (!done) await print('nothing to repair: the database is as it was\n');
  else {
    await print(
      `${done.replaced} rows have their true times and right ascensions; ${done.dropped} dropped, whose observations had their right rows already\nthe database as it was before: ${done.backupPath}\n`,
    );
  }
}

const WORDS = { ok: 'ok', warning: 'WARNING', failed: 'FAILED' } as const;

const line = ({ name, state, message }: Check) => `${WORDS[state].padEnd(8)} ${name.padEnd(16)} ${message}\n`;
const jsonLine = ({ name, state, message }: Check) => ({ check: name, state, message });
