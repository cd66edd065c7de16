import { keyOf } from './instruments.js';
import type { FileResult, FileRows } from './rows.js';
import type { LedgerColumn } from './tables.js';

/** What the ledger keeps of a file, by the names that its values have in this program. */
export type LedgerValues = Omit<FileRows, 'host' | 'instrument'> & { readonly instrumentId: number | null };

type Columns = Readonly<Partial<Record<keyof LedgerValues, LedgerColumn>>>;

/** What a failure writes, by column; what an earlier version of the file gave stays. */
export const FAILURE = {
  path: 'path',
  sizeBytes: 'size',
  mtimeUs: 'mtime_us',
  ctimeUs: 'ctime_us',
  state: 'state',
  errorCode: 'error_code',
  errorMessage: 'error_message',
  attempts: 'attempts',
  recordedAt: 'recorded_at',
} as const satisfies Columns;

const OF_ROW = {
  ...FAILURE,
  kind: 'kind',
  timestamp: 'timestamp',
  raIcrsDeg: 'ra_icrs_deg',
  decIcrsDeg: 'dec_icrs_deg',
  haDeg: 'ha_deg',
  durationSeconds: 'duration_s',
  minFrequencyHz: 'min_frequency_hz',
  maxFrequencyHz: 'max_frequency_hz',
  quality: 'quality',
} as const satisfies Columns;

export const WHOLE = {
  ...OF_ROW,
  raDeg: 'ra_deg',
  decDeg: 'dec_deg',
  instrumentId: 'instrument_id',
} as const satisfies Record<keyof LedgerValues, LedgerColumn>;

/** For a SELECT: columns under the names of their values. */
export const selected = (columns: Columns, table = ''): string =>
  Object.entries(columns)
    .map(([name, column]) => `${table}${column} AS "${name}"`)
    .join();

/** Those of a LedgerRow. */
export const LEDGER_COLUMNS = selected(OF_ROW);

/** For an upsert: every column as the new row has it. */
export const excluded = (columns: Columns): string =>
  Object.values(columns)
    .map((column) => `${column} = excluded.${column}`)
    .join();

/** A file that could not be opened has no version; -1 makes any later look at it a change. */
const UNOPENED = { sizeBytes: -1, mtimeUs: -1, ctimeUs: -1 };

/** What a result writes: the values of `FAILURE`, and with a pointing those of `WHOLE`. Instruments' ids are by `keyOf`. */
export function valuesOf(
  { outcome: { path, version = UNOPENED, pointing, error }, state, attempts }: FileResult,
  recordedAt: number,
  instrumentIds: ReadonlyMap<string, number>,
) {
  const failure = {
    path,
    sizeBytes: version.sizeBytes,
    mtimeUs: version.mtimeUs,
    ctimeUs: version.ctimeUs,
    state,
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    attempts,
    recordedAt,
  };
  if (!pointing) return failure;
  return Object.assign(failure, pointing, {
    timestamp: pointing.midTimeMjdUtc,
    quality: pointing.quality.join(' '),
    instrumentId: instrumentIds.get(keyOf(pointing.instrument)),
  });
}
