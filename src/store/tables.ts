import { COLUMNS_OF_2 } from './migrations.js';

/**
 * The tables that the reading SQL knows, with the types of their columns. A table or column that a database does not have (yet)
 * is read as an empty table or as NULLs, so one text of SQL reads a database of any age.
 */
const TABLES = {
  pointing_history: {
    timestamp: 'double precision',
    ra_deg: 'double precision',
    dec_deg: 'double precision',
  },
  pointing_files: {
    host: 'text',
    path: 'text',
    size: 'bigint',
    mtime_us: 'bigint',
    ctime_us: 'bigint',
    state: 'text',
    kind: 'text',
    error_code: 'text',
    error_message: 'text',
    attempts: 'integer',
    timestamp: 'double precision',
    ra_icrs_deg: 'double precision',
    dec_icrs_deg: 'double precision',
    ha_deg: 'double precision',
    recorded_at: 'double precision',
    ...COLUMNS_OF_2,
  },
  pointing_instruments: {
    id: 'integer',
    name: 'text',
    latitude_deg: 'double precision',
    longitude_deg: 'double precision',
    altitude_m: 'double precision',
    dish_m: 'double precision',
    first_mjd: 'double precision',
    last_mjd: 'double precision',
    longest_s: 'double precision',
    lowest_hz: 'double precision',
  },
  pointing_monitors: { host: 'text', status: 'text', written_at: 'double precision' },
  cal_transits: { src_name: 'text', transit_mjd: 'double precision' },
} as const;

export type TableName = keyof typeof TABLES;
export type LedgerColumn = keyof (typeof TABLES)['pointing_files'];
export const ledgerTypes: Readonly<Record<LedgerColumn, string>> = TABLES.pointing_files;
export const tableNames = Object.keys(TABLES) as readonly TableName[];

/** A column that a database has. */
export interface ExistingColumn {
  readonly table: TableName;
  readonly column: string;
}

/** How to read each table: its name, or a query in its place. */
export type Sources = Readonly<Record<TableName, string>> & {
  /** Whether every table and column that a monitor makes is there, so that this stays as it is. */
  readonly complete: boolean;
  readonly hasHistory: boolean;
};

export function sourcesOf(existing: readonly ExistingColumn[], hostless: boolean): Sources {
  const there = new Set(existing.map(({ table, column }) => `${table}.${column}`));
  const has = (table: TableName) => existing.some((each) => each.table === table);
  let complete = true;
  const source = (table: TableName): string => {
    const columns = Object.entries(TABLES[table]);
    const isThere = ([column]: [string, string]) => there.has(`${table}.${column}`);
    // SQLite keeps neither hosts nor their monitors.
    const expected = columns.filter(([column]) => !(hostless && column === 'host'));
    const isOptional = table === 'cal_transits' || (hostless && table === 'pointing_monitors');
    if (!isOptional && !expected.every(isThere)) complete = false;
    if (columns.every(isThere)) return table;
    const list = columns.map(([column, type]) =>
      isThere([column, type]) ? column : `CAST(NULL AS ${type}) AS ${column}`,
    );
    return has(table) ? `(SELECT ${list} FROM ${table})` : `(SELECT ${list} WHERE FALSE)`;
  };
  const sources = Object.fromEntries(tableNames.map((table) => [table, source(table)]));
  return { ...(sources as Record<TableName, string>), complete, hasHistory: has('pointing_history') };
}

/** Columns of the ledger that this version does not know. */
export const unknownLedgerColumns = (existing: readonly ExistingColumn[]): string[] =>
  existing
    .filter(({ table, column }) => table === 'pointing_files' && !(column in TABLES.pointing_files))
    .map(({ column }) => column);
