import { existsSync } from 'node:fs';
import { StoreError } from '../errors.js';
import { type Inspection, inspect } from '../store/sqlite/inspection.js';
import { counted, isoOfMjdUtc } from '../units.js';
import { type Check, failed, ok, warning } from './check.js';
import { checkRights } from './rights.js';
import { trueTime } from './time-fault.js';

export interface DatabaseReport {
  readonly checks: readonly Check[];
  /** Undefined if the database cannot be read. */
  readonly inspection?: Inspection;
}

/** The products database: its rights, its soundness and its rows. Nothing in it is changed. */
export function checkDatabase(path: string): DatabaseReport {
  const rights = checkRights(path);
  if (!existsSync(path)) return { checks: rights };
  try {
    const inspection = inspect(path);
    return {
      checks: [...rights, checkFile(inspection), checkHistory(inspection), ...checkRows(inspection)],
      inspection,
    };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { checks: [...rights, failed('database', error.message)] };
  }
}

function checkFile({ integrity, journalMode }: Inspection): Check {
  return integrity === 'ok'
    ? ok('database', `sound; journal mode ${journalMode}`)
    : failed('database', `it is damaged (${integrity}): restore a backup`);
}

function checkHistory({ historyRows, ledgerRows, newest }: Inspection): Check {
  const last = newest ? `, the newest from ${isoOfMjdUtc(newest.timestamp)}` : '';
  const ledger =
    ledgerRows === undefined ? 'no ledger of files yet' : `${counted(ledgerRows, 'file')} in the ledger`;
  return ok('history', `${counted(historyRows, 'observation')}${last}; ${ledger}`);
}

function checkRows({ faultyRows, firstFaulty, duplicateRows }: Inspection): Check[] {
  const shown = firstFaulty.map(({ timestamp }) => `${timestamp} for ${isoOfMjdUtc(trueTime(timestamp))}`);
  return [
    faultyRows > 0
      ? failed(
          'time fault',
          `${counted(faultyRows, 'row')} with the Python monitor's wrong times and right ascensions (${shown.join(', ')}${faultyRows > shown.length ? ', ...' : ''}): run doctor --repair`,
        )
      : ok('time fault', "no row has the Python monitor's wrong times"),
    ...(duplicateRows > 0
      ? [
          warning(
            'duplicate rows',
            `${counted(duplicateRows, 'observation')} with two rows, one of them without a file: run doctor --repair, which drops it`,
          ),
        ]
      : []),
  ];
}
