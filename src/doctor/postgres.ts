import { StoreError } from '../errors.js';
import { publicName } from '../store/location.js';
import { inspectPostgres, type PostgresInspection } from '../store/postgres/inspection.js';
import type { HistoryRow } from '../store/rows.js';
import { counted, isoOfMjdUtc } from '../units.js';
import { type Check, failed, ok } from './check.js';

export interface PostgresReport {
  readonly checks: readonly Check[];
  readonly isReadable: boolean;
  readonly newest?: HistoryRow | undefined;
}

/** A shared products database: server, rights and rows. Nothing in it is changed. */
export async function checkPostgres(location: string): Promise<PostgresReport> {
  try {
    const inspection = await inspectPostgres(location);
    return {
      checks: [checkServer(location, inspection), checkHistory(inspection), ...checkRows(inspection)],
      isReadable: true,
      newest: inspection.newest,
    };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { checks: [failed('database', error.message)], isReadable: false };
  }
}

function checkServer(
  location: string,
  { serverVersion, user, sizeBytes, cannotWrite }: PostgresInspection,
): Check {
  const size = `${(sizeBytes / 1e6).toFixed(0)} MB`;
  return cannotWrite === undefined
    ? ok('database', `${publicName(location)}: PostgreSQL ${serverVersion}, user ${user}, ${size}`)
    : failed('database', cannotWrite);
}

function checkHistory({ historyRows, ledgerRows, newest }: PostgresInspection): Check {
  const last = newest ? `, the newest from ${isoOfMjdUtc(newest.timestamp)}` : '';
  const hosts = Object.entries(ledgerRows).map(([host, files]) => `${host} ${files}`);
  const ledger = hosts.length > 0 ? `files in the ledger: ${hosts.join(', ')}` : 'no file in the ledger yet';
  return ok('history', `${counted(historyRows, 'observation')}${last}; ${ledger}`);
}

function checkRows({ faultyRows }: PostgresInspection): Check[] {
  return [
    faultyRows > 0
      ? failed(
          'time fault',
          `${counted(faultyRows, 'row')} with the Python monitor's wrong times: repair the SQLite database they came from with doctor --repair, merge it again, and delete these rows`,
        )
      : ok('time fault', "no row has the Python monitor's wrong times"),
  ];
}
