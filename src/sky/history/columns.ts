import { isoOfMjdUtc } from '../../units.js';
import type { ObservedRow } from '../observed.js';

/** A column of the history as it is given out: JSON and CSV by its name, VOTable with all it says. */
export interface Column {
  readonly name: string;
  readonly value: (row: ObservedRow) => number | string | null;
  readonly type: 'double' | 'text';
  readonly unit?: string;
  /** Unified Content Descriptor of the IVOA's list. */
  readonly ucd?: string;
  readonly frame?: 'icrs' | 'utc';
  /** Decimals for people: a tenth of a second, a third of an arcsecond. */
  readonly decimals?: number;
  readonly description: string;
}

export const historyColumns: readonly Column[] = [
  {
    name: 'timestamp',
    value: ({ timestamp }) => timestamp,
    type: 'double',
    unit: 'd',
    ucd: 'time.epoch;meta.main',
    frame: 'utc',
    decimals: 6,
    description: 'Middle of the observation, MJD, UTC',
  },
  {
    name: 'time_utc',
    value: ({ timestamp }) => isoOfMjdUtc(timestamp),
    type: 'text',
    ucd: 'time.epoch',
    description: 'The same, ISO 8601',
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
    decimals: 4,
    description: 'Hour angle',
  },
  {
    name: 'path',
    value: ({ path }) => path,
    type: 'text',
    ucd: 'meta.file',
    description: 'The file whose header says so; empty where it is not known',
  },
];
