import { StoreError } from '../errors.js';
import type { Degrees } from '../units.js';
import { publicName } from './location.js';
import type { HistoryRow, LedgerRow, TransitRow } from './store.js';

/** A file's ledger row with the position in its history row: null where it has none. */
export interface FileRows extends LedgerRow {
  /** Whose file it is; null where the database keeps no hosts. */
  readonly host: string | null;
  readonly raDeg: Degrees | null;
  readonly decDeg: Degrees | null;
}

/** A history row that another program may have stored, without a position or with words in its place. */
export interface UnattributedRow {
  readonly timestamp: HistoryRow['timestamp'];
  readonly ra_deg: unknown;
  readonly dec_deg: unknown;
}

/**
 * All that a database holds at one moment, whoever writes to it meanwhile; some thousand rows at a time. Nothing in the
 * database is changed. Every call may throw a StoreError.
 */
export interface Snapshot {
  /** Each host that has files in it. None where the database keeps no hosts. */
  hosts(): Promise<string[]>;
  /** How many rows `files` and `unattributedHistory` will give. */
  count(): Promise<number>;
  /** By host and path. */
  files(): AsyncIterable<readonly FileRows[]>;
  /** History rows of no file, oldest first. */
  unattributedHistory(): AsyncIterable<readonly UnattributedRow[]>;
  /** None where there is no such table. */
  transits(): AsyncIterable<readonly TransitRow[]>;
  close(): Promise<void>;
}

const KNOWN_COLUMNS = [
  'path',
  'size',
  'mtime_us',
  'ctime_us',
  'state',
  'kind',
  'error_code',
  'error_message',
  'attempts',
  'timestamp',
  'ra_icrs_deg',
  'dec_icrs_deg',
  'ha_deg',
  'recorded_at',
];

/** Throws a StoreError where a ledger has other columns: rows of a version to come would lose what is in them. */
export function requireKnownColumns(columns: readonly string[], location: string): void {
  const unknown = columns.filter((column) => column !== 'host' && !KNOWN_COLUMNS.includes(column));
  const lacking = KNOWN_COLUMNS.filter((column) => !columns.includes(column));
  if (unknown.length + lacking.length === 0) return;
  const differences = [...unknown.map((each) => `has ${each}`), ...lacking.map((each) => `lacks ${each}`)];
  throw new StoreError(
    'unusable',
    `the ledger of the database ${publicName(location)} is of another version (it ${differences.join(', ')}): use the pointing-monitor that made it, or a newer one`,
  );
}

/** What to say of a database without our tables. */
export function noProductsDatabase(location: string, cause?: unknown): StoreError {
  return new StoreError(
    'unusable',
    `${publicName(location)} has no table pointing_history: it is no products database`,
    { cause },
  );
}
