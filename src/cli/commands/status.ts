import { UsageError } from '../../errors.js';
import { judged } from '../../health/judged-status.js';
import { readStatusFileInTime } from '../../health/status-file.js';
import { databaseLocation, isPostgres } from '../../store/location.js';
import { type Environment, requireProductsDb, statusFilePath } from '../config.js';
import { endDespiteHanging } from '../hanging.js';
import { overridesOf } from '../instrument-flags.js';
import { note, print, printJson, terminalWidth } from '../output.js';
import type { status as schema } from '../schema/status.js';
import type { Arguments } from '../schema/types.js';
import { statusLines } from '../status-text.js';

const HEALTHY = 0;
const UNHEALTHY = 1;
const NO_MONITOR = 2;

export async function status(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const { all, watch, json, products_db: given } = args;
  if (watch && (json || all))
    throw new UsageError(`--watch and --${json ? 'json' : 'all'} exclude each other`);
  if (watch && terminalWidth() === undefined) throw new UsageError('--watch needs a terminal');
  if (all) return showAll(requireProductsDb(given), json);
  const productsDb = given === undefined ? undefined : databaseLocation(given);
  const path = statusFilePath(args['status-file'], environment, productsDb);
  if (watch) {
    const { watchStatus } = await import('../live-status.js');
    await watchStatus(path, productsDb, overridesOf(args));
    return endDespiteHanging();
  }
  const reading = await readStatusFileInTime(path);
  const found = judged(reading);
  process.exitCode = !found.running ? NO_MONITOR : found.healthy ? HEALTHY : UNHEALTHY;
  if (json) await printJson(found);
  else if (reading.error !== undefined) note(reading.error);
  else await print(statusLines(reading.status, reading.ageSeconds, reading.stale).join('\n'));
  endDespiteHanging();
}

/** Every host of a PostgreSQL database. Its modules are loaded only here: a plain `status` is asked for often. */
async function showAll(productsDb: string, json: boolean): Promise<void> {
  if (!isPostgres(productsDb))
    throw new UsageError('--all needs a PostgreSQL database; an SQLite file belongs to one host: omit --all');
  const { openReader } = await import('../../store/open.js');
  const { hostsOf, worstOf } = await import('../../health/hosts.js');
  const { printHosts } = await import('../host-table.js');
  const reader = await openReader(productsDb);
  try {
    const hosts = worstOf(hostsOf(await reader.hostStatuses()))?.hosts ?? [];
    if (hosts.length === 0) note('no monitor has written a status to this database');
    else if (json) for (const host of hosts) await printJson(host);
    else await printHosts(hosts);
    process.exitCode = hosts.every(({ running }) => !running)
      ? NO_MONITOR
      : hosts.every(({ healthy }) => healthy)
        ? HEALTHY
        : UNHEALTHY;
  } finally {
    await reader.close();
  }
}
