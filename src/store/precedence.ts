import { SECONDS_PER_DAY } from '../units.js';
import type { FileResult, LedgerEntry, LedgerRow } from './rows.js';

/** Half a second: rows of one telescope so near in time are of one observation. Observations are minutes apart. */
export const SAME_OBSERVATION_DAYS = 0.5 / SECONDS_PER_DAY;
/**
 * Rows of one observation differ by less: the Python monitor's longitudes by 0.002 degrees, its small hour angles by 0.01. Two telescopes
 * rarely point so near the same direction.
 */
const SAME_DIRECTION_DEG = 0.02;

/** As SQL: whether two positions are of one observation. Each is the name of a row, or what stands before its columns' names. */
export const sameDirection = (a: string, b: string): string =>
  `abs(${a}dec_deg - ${b}dec_deg) < ${SAME_DIRECTION_DEG} AND
   (abs(${a}ra_deg - ${b}ra_deg) < ${SAME_DIRECTION_DEG} OR abs(${a}ra_deg - ${b}ra_deg) > ${360 - SAME_DIRECTION_DEG})`;

/** As SQL: whether a file has the observation of a row, with these names before their columns. */
export const isOfFile = (row: string): string => `EXISTS (SELECT 1 FROM pointing_files AS f
    JOIN pointing_history AS own ON own.timestamp = f.timestamp
  WHERE f.timestamp BETWEEN ${row}timestamp - ${SAME_OBSERVATION_DAYS} AND ${row}timestamp + ${SAME_OBSERVATION_DAYS}
    AND ${sameDirection('own.', row)})`;

/**
 * Whether a file's row from elsewhere takes the place of the one that is there. A file that gave its position beats a
 * failure, a failure of which an earlier version gave one beats a bare failure, and of equals the one recorded later stands.
 * It is an order of all rows of a path, so it does not matter which databases are merged first.
 */
export function supersedes(row: LedgerRow, there: LedgerRow): boolean {
  const theirs = rank(there);
  for (const [i, ours] of rank(row).entries()) {
    const difference = ours - (theirs[i] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Whether a result says of the same version of a file what the ledger has already. */
export const repeats = (
  { outcome: { version }, state }: FileResult,
  there: LedgerEntry | undefined,
): boolean =>
  there !== undefined &&
  version !== undefined &&
  state === there.state &&
  version.sizeBytes === there.sizeBytes &&
  version.mtimeUs === there.mtimeUs &&
  version.ctimeUs === there.ctimeUs;

// After the time only what tells apart rows of one moment, in an order that means nothing.
const rank = (row: LedgerRow): number[] => [
  row.state === 'stored' ? 2 : row.timestamp !== null ? 1 : 0,
  row.recordedAt,
  row.mtimeUs,
  row.ctimeUs,
  row.sizeBytes,
  row.attempts,
  row.timestamp ?? 0,
];
