import { UsageError } from '../../errors.js';
import {
  endMaintenance,
  MAX_MAINTENANCE_SECONDS,
  noteMaintenance,
  readMaintenance,
} from '../../health/notes.js';
import { databaseLocation } from '../../store/location.js';
import { isoOfUnix, SECONDS_PER_DAY, unixOfMjdUtc, unixSeconds } from '../../units.js';
import { type Environment, statusFilePath } from '../config.js';
import type { MaintenanceLine } from '../lines.js';
import { fitted, oneLine, print, printJson } from '../output.js';
import type { maintenance as schema } from '../schema/maintenance.js';
import type { Arguments } from '../schema/types.js';

const MAX_REASON = 200;

export async function maintenance(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const { until: span, reason, end, json, products_db: given } = args;
  if (end && span) throw new UsageError('--end and --until exclude each other');
  if ((span === undefined) !== (reason === undefined))
    throw new UsageError('--until and --reason belong together');
  if (reason !== undefined && reason.length > MAX_REASON)
    throw new UsageError(`--reason is longer than ${MAX_REASON} characters`);
  const productsDb = given === undefined ? undefined : databaseLocation(given);
  const statusFile = statusFilePath(args['status-file'], environment, productsDb);
  if (span && reason !== undefined) {
    const until = unixSeconds(Math.floor(unixOfMjdUtc(span.endMjdUtc)));
    const seconds = until - Date.now() / 1000;
    if (!(seconds > 0 && seconds <= MAX_MAINTENANCE_SECONDS)) {
      const days = MAX_MAINTENANCE_SECONDS / SECONDS_PER_DAY;
      throw new UsageError(`--until ${isoOfUnix(until)}: expected a time within ${days} days from now`);
    }
    await noteMaintenance(statusFile, { until, until_iso: isoOfUnix(until), reason });
  } else if (end) await endMaintenance(statusFile);
  const found = await readMaintenance(statusFile);
  if (json) await printJson({ maintenance: found ?? null } satisfies MaintenanceLine);
  else if (found)
    await print(fitted(oneLine(`alerts are silenced until ${found.until_iso}: ${found.reason}`)));
  else await print('alerts are not silenced');
}
