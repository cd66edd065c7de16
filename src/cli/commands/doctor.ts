import { resolve } from 'node:path';
import { type Check, failed } from '../../doctor/check.js';
import { checkDatabase } from '../../doctor/database.js';
import { checkDirectory } from '../../doctor/directory.js';
import { checkInstallation } from '../../doctor/installation.js';
import { checkMonitor } from '../../doctor/monitor.js';
import { checkPostgres } from '../../doctor/postgres.js';
import { repairTimeFault } from '../../doctor/repair.js';
import { checkRows } from '../../doctor/rows.js';
import { checkClock, checkSpace } from '../../doctor/system.js';
import { UsageError } from '../../errors.js';
import { databaseLocation, isPostgres } from '../../store/location.js';
import { requireExisting } from '../../store/open.js';
import type { HistoryRow } from '../../store/rows.js';
import { counted, nowMjdUtc } from '../../units.js';
import { type Environment, requireProductsDb, statusFilePath } from '../config.js';
import { endDespiteHanging } from '../hanging.js';
import type { DoctorLine, RepairLine } from '../lines.js';
import { FAILURE, fitted, oneLine, print, printJson } from '../output.js';
import type { doctor as schema } from '../schema/doctor.js';
import type { Arguments } from '../schema/types.js';

export async function doctor(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const { backup, repair, json, products_db: given } = args;
  if (backup !== undefined && !repair) throw new UsageError('--backup requires --repair');
  if (repair) await correct(requireProductsDb(given), backup, json);
  // Each as soon as it is made: what follows may wait for a file system.
  const tell = async (checks: readonly Check[]) => {
    for (const check of checks) await (json ? printJson(jsonLine(check)) : print(line(check)));
    if (checks.some(({ state }) => state === 'failed')) process.exitCode = FAILURE;
  };
  const now = nowMjdUtc();
  const directory = resolve(args.watch_dir);
  await tell(checkInstallation(now));
  if (environment.stateDir)
    await tell(await checkMonitor(directory, statusFilePath(undefined, environment, undefined)));
  await tell(await checkDirectory(directory, args.pattern));
  const database = given === undefined ? NO_DATABASE : await databaseChecks(databaseLocation(given));
  await tell(database.checks);
  await tell([checkClock(now, database.newest?.timestamp)]);
  endDespiteHanging();
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
    const { checks, isReadable, newest } = await checkPostgres(location);
    const rows = isReadable ? await checkRows(location) : [];
    return { checks: [...checks, ...rows], newest };
  }
  const { checks, inspection } = checkDatabase(location);
  const rows = inspection ? await checkRows(location) : [];
  return { checks: [...checks, ...rows, await checkSpace(location)], newest: inspection?.newest };
}

async function correct(productsDb: string, backup: string | undefined, json: boolean): Promise<void> {
  if (isPostgres(productsDb)) {
    throw new UsageError(
      'doctor --repair works on SQLite databases, the only kind the Python monitor wrote: repair first, then merge into PostgreSQL',
    );
  }
  requireExisting(productsDb);
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const done = await repairTimeFault(productsDb, resolve(backup ?? `${productsDb}.before-repair-${stamp}`));
  const report = {
    repaired: done?.replaced ?? 0,
    dropped: done?.dropped ?? 0,
    backup: done?.backupPath ?? null,
  };
  if (json) await printJson(report satisfies RepairLine);
  else if (!done) await print('nothing to repair: the database is unchanged');
  else {
    await print(
      fitted(
        `corrected the times and right ascensions of ${counted(done.replaced, 'row')}; dropped ${counted(done.dropped, 'row')} whose observations already had correct ones`,
      ),
    );
    await print(`backup of the database: ${oneLine(done.backupPath)}`);
  }
}

const MESSAGE_COLUMN = 26;
const WORDS = { ok: 'ok', warning: 'WARNING', failed: 'FAILED' } as const;

const line = ({ name, state, message }: Check) =>
  fitted(oneLine(`${WORDS[state].padEnd(8)} ${name.padEnd(16)} ${message}`), MESSAGE_COLUMN);
const jsonLine = ({ name, state, message }: Check): DoctorLine => ({ check: name, state, message });
