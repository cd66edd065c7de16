import type { HistoryRow, Observation } from '../../store/rows.js';
import { Instruments } from '../instruments.js';
import type { ObservedRow } from '../observed.js';
import { type Column, DEGREES, EXPOSURE, isoTime, RIGHT_ASCENSION } from '../table/column.js';

export const qualityColumn: Column<Pick<Observation, 'quality'>> = {
  name: 'quality',
  value: ({ quality }) => quality,
  type: 'text',
  ucd: 'meta.code.qual',
  description: 'How sure the values are, in words with spaces between; empty if unknown',
};

export const pathColumn: Column<Pick<Observation, 'path'>> = {
  name: 'path',
  value: ({ path }) => path,
  type: 'text',
  ucd: 'meta.id;meta.file',
  description: 'The file that the row comes from; empty if unknown',
};

export const instrumentColumn: Column<{ readonly instrument: string }> = {
  name: 'instrument',
  value: ({ instrument }) => instrument,
  type: 'text',
  ucd: 'meta.id;instr.tel',
  description: 'The telescope’s name',
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
  isoTime('time_utc', ({ timestamp }) => timestamp, 'time.epoch', 'Middle of the observation, ISO 8601 UTC'),
  {
    ...RIGHT_ASCENSION,
    name: 'ra_deg',
    value: ({ ra_deg }) => ra_deg,
    ucd: 'pos.eq.ra',
    description: 'Apparent right ascension, equinox of date: sidereal time minus hour angle',
  },
  {
    ...DEGREES,
    name: 'dec_deg',
    value: ({ dec_deg }) => dec_deg,
    ucd: 'pos.eq.dec',
    description: 'Apparent declination, equator of date',
  },
];

/** What its file adds, or is computed where it has none. */
const fileColumns: readonly Column<ObservedRow>[] = [
  {
    ...RIGHT_ASCENSION,
    name: 'ra_icrs_deg',
    value: ({ raIcrsDeg }) => raIcrsDeg,
    ucd: 'pos.eq.ra;meta.main',
    frame: 'icrs',
    description: 'Right ascension of the same direction, ICRS, without refraction',
  },
  {
    ...DEGREES,
    name: 'dec_icrs_deg',
    value: ({ decIcrsDeg }) => decIcrsDeg,
    ucd: 'pos.eq.dec;meta.main',
    frame: 'icrs',
    description: 'Declination of the same direction, ICRS, without refraction',
  },
  {
    ...DEGREES,
    name: 'ha_deg',
    value: ({ haDeg }) => haDeg,
    ucd: 'pos.eq.ha',
    description: 'Hour angle',
  },
  {
    ...EXPOSURE,
    name: 'duration_s',
    value: ({ durationSeconds }) => durationSeconds,
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
  pathColumn,
];

/** Every column of the history that can be asked for. The path is the last. */
export const historyColumns = (instruments = new Instruments()): readonly Column<ObservedRow>[] => [
  ...rowColumns,
  {
    ...instrumentColumn,
    value: ({ instrumentId }) => instruments.telescopeOf(instrumentId).name,
  },
  ...fileColumns,
];

/** Columns by names with commas between, in their order. Throws a RangeError for a name that is unknown or given twice. */
export function columnsNamed(names: string, instruments?: Instruments): readonly Column<ObservedRow>[] {
  const columns = historyColumns(instruments);
  const found = new Set<Column<ObservedRow>>();
  for (const name of names.split(',').map((each) => each.trim())) {
    const column = columns.find((each) => each.name === name);
    const all = columns.map((each) => each.name).join(', ');
    if (!column) throw new RangeError(`no column "${name.slice(0, 100)}"; the columns are ${all}`);
    if (found.has(column)) throw new RangeError(`column "${name}" is named twice`);
    found.add(column);
  }
  return [...found];
}

/** Whether a row of the history has all of these by itself. */
export const needNoFile = (columns: readonly Column<ObservedRow>[]): boolean =>
  columns.every((column) => (rowColumns as readonly Column<ObservedRow>[]).includes(column));
