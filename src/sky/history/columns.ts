import type { HistoryRow, Observation } from '../../store/rows.js';
import { isoMillisecondsOfMjdUtc } from '../../units.js';
import type { ObservedRow } from '../observed.js';
import type { Column } from '../table/column.js';

export const qualityColumn: Column<Pick<Observation, 'quality'>> = {
  name: 'quality',
  value: ({ quality }) => quality,
  type: 'text',
  ucd: 'meta.code.qual',
  description: 'How sure the values are, in words with spaces between; empty if unknown',
};

export const timestampColumn: Column<Pick<HistoryRow, 'timestamp'>> = {
  name: 'timestamp',
  value: ({ timestamp }) => timestamp,
  type: 'double',
  unit: 'd',
  ucd: 'time.epoch;meta.main',
  frame: 'utc',
  decimals: 6,
  description: 'Middle of the observation, MJD UTC',
};

/** What a row of the history has by itself. */
const rowColumns: readonly Column<HistoryRow>[] = [
  timestampColumn,
  {
    name: 'time_utc',
    value: ({ timestamp }) => isoMillisecondsOfMjdUtc(timestamp),
    type: 'text',
    ucd: 'time.epoch',
    frame: 'utc',
    xtype: 'timestamp',
    description: 'Middle of the observation, ISO 8601 UTC',
  },
  {
    name: 'ra_deg',
    value: ({ ra_deg }) => ra_deg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.ra',
    decimals: 4,
    description: 'Apparent right ascension, equinox of date: sidereal time minus hour angle',
  },
  {
    name: 'dec_deg',
    value: ({ dec_deg }) => dec_deg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.dec',
    decimals: 4,
    description: 'Apparent declination, equator of date',
  },
];

/** What its file adds, or is computed where it has none. */
const fileColumns: readonly Column<ObservedRow>[] = [
  {
    name: 'ra_icrs_deg',
    value: ({ raIcrsDeg }) => raIcrsDeg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.ra;meta.main',
    frame: 'icrs',
    decimals: 4,
    description: 'Right ascension of the same direction, ICRS, without refraction',
  },
  {
    name: 'dec_icrs_deg',
    value: ({ decIcrsDeg }) => decIcrsDeg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.dec;meta.main',
    frame: 'icrs',
    decimals: 4,
    description: 'Declination of the same direction, ICRS, without refraction',
  },
  {
    name: 'ha_deg',
    value: ({ haDeg }) => haDeg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.ha',
    decimals: 4,
    description: 'Hour angle',
  },
  {
    name: 'duration_s',
    value: ({ durationSeconds }) => durationSeconds,
    type: 'double',
    unit: 's',
    ucd: 'time.duration;obs.exposure',
    decimals: 1,
    description: 'Length of the observation; empty if unknown',
  },
  {
    name: 'min_frequency_hz',
    value: ({ minFrequencyHz }) => minFrequencyHz,
    type: 'double',
    unit: 'Hz',
    ucd: 'em.freq;stat.min',
    decimals: 0,
    description: 'Lower edge of the channels in the file; empty if unknown',
  },
  {
    name: 'max_frequency_hz',
    value: ({ maxFrequencyHz }) => maxFrequencyHz,
    type: 'double',
    unit: 'Hz',
    ucd: 'em.freq;stat.max',
    decimals: 0,
    description: 'Upper edge of the channels in the file; empty if unknown',
  },
  qualityColumn,
  {
    name: 'path',
    value: ({ path }) => path,
    type: 'text',
    ucd: 'meta.id;meta.file',
    description: 'The file that the row comes from; empty if unknown',
  },
];

/** Every column of the history that can be asked for. The path is the last. */
export const historyColumns: readonly Column<ObservedRow>[] = [...rowColumns, ...fileColumns];

/** Columns by names with commas between, in their order. Throws a RangeError that lists those that exist. */
export function columnsNamed(names: string): readonly Column<ObservedRow>[] {
  return names.split(',').map((each) => {
    const column = historyColumns.find(({ name }) => name === each.trim());
    if (column) return column;
    const all = historyColumns.map(({ name }) => name).join(', ');
    throw new RangeError(`no column "${each.trim()}"; the columns are ${all}`);
  });
}

/** Whether a row of the history has all of these by itself. */
export const needNoFile = (columns: readonly Column<ObservedRow>[]): boolean =>
  columns.every((column) => (rowColumns as readonly Column<ObservedRow>[]).includes(column));
