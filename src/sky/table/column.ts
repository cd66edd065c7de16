import { isoMillisecondsOfMjdUtc, type MjdUtc } from '../../units.js';

/** A column of a table as it is given out: JSON and CSV by its name, VOTable with all it says. */
export interface Column<Row> {
  readonly name: string;
  readonly value: (row: Row) => number | string | null;
  readonly type: 'double' | 'int' | 'text';
  readonly unit?: string;
  /** Unified Content Descriptor of the IVOA's list (UCD1+). */
  readonly ucd?: string;
  /** Where the column stands in a data model of the IVOA. */
  readonly utype?: string;
  readonly frame?: 'icrs' | 'utc';
  /** `timestamp` for a time in ISO 8601, by DALI. */
  readonly xtype?: 'timestamp' | 'adql:REGION';
  /** Decimals for people. */
  readonly decimals?: number;
  /** Angles from 0 to 360 degrees, which people get without 360. */
  readonly isCircular?: true;
  readonly description: string;
}

/** An angle for people to the third of an arcsecond. */
export const DEGREES = { type: 'double', unit: 'deg', decimals: 4 } as const;

/** The same from 0 to 360 degrees. */
export const RIGHT_ASCENSION = { ...DEGREES, isCircular: true } as const;

export const EXPOSURE = {
  type: 'double',
  unit: 's',
  ucd: 'time.duration;obs.exposure',
  decimals: 1,
} as const;

/** A time in ISO 8601, UTC. */
export const isoTime = <Row>(
  name: string,
  mjdUtc: (row: Row) => MjdUtc | null | undefined,
  ucd: string,
  description: string,
): Column<Row> => ({
  name,
  value: (row) => {
    const time = mjdUtc(row);
    return time == null ? null : isoMillisecondsOfMjdUtc(time);
  },
  type: 'text',
  ucd,
  frame: 'utc',
  xtype: 'timestamp',
  description,
});

/** Rows some thousand at a time. */
export type Pages<Row> = AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;

/** The values of a row by their names. */
export function record<Row>(
  columns: readonly Column<Row>[],
  row: Row,
): Record<string, number | string | null> {
  const values: Record<string, number | string | null> = {};
  for (const { name, value } of columns) values[name] = value(row);
  return values;
}
