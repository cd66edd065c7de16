import { instrumentColumn, pathColumn, qualityColumn, timestampColumn } from '../history/columns.js';
import { type Column, DEGREES, EXPOSURE, isoTime, RIGHT_ASCENSION } from '../table/column.js';
import type { ObservedSighting, PositionSummary } from './observed.js';
import type { DayTotal, DwellTotal } from './totals.js';

const name: Column<{ readonly source: { readonly name: string } }> = {
  name: 'name',
  value: ({ source }) => source.name,
  type: 'text',
  ucd: 'meta.id;src',
  description: 'The position’s name',
};

const exposureColumns: readonly Column<{ readonly seconds: number; readonly weightedSeconds: number }>[] = [
  {
    ...EXPOSURE,
    name: 'seconds',
    value: ({ seconds }) => seconds,
    description: 'Time in the beam',
  },
  {
    ...EXPOSURE,
    name: 'weighted_seconds',
    value: ({ weightedSeconds }) => weightedSeconds,
    description: 'Time in the beam, weighted by the power response',
  },
];

/** A row an observation. */
export const sightingColumns: readonly Column<ObservedSighting>[] = [
  name,
  { ...timestampColumn, value: ({ row }) => timestampColumn.value(row) },
  isoTime(
    'in_utc',
    ({ inMjdUtc }) => inMjdUtc,
    'time.start',
    'When the position is first in the beam during the observation, ISO 8601 UTC',
  ),
  isoTime(
    'out_utc',
    ({ outMjdUtc }) => outMjdUtc,
    'time.end',
    'When the position is last in the beam during the observation, ISO 8601 UTC',
  ),
  {
    ...DEGREES,
    name: 'offset_deg',
    value: ({ offsetDeg }) => offsetDeg,
    ucd: 'pos.angDistance',
    description: 'Distance from the centre of the beam at the closest approach',
  },
  {
    name: 'peak_response',
    value: ({ peakResponse }) => peakResponse,
    type: 'double',
    ucd: 'phys.transmission;instr.beam;stat.max',
    decimals: 4,
    description: 'Power response of the primary beam at the closest approach, 0 to 1',
  },
  {
    name: 'mean_response',
    value: ({ meanResponse }) => meanResponse,
    type: 'double',
    ucd: 'phys.transmission;instr.beam;stat.mean',
    decimals: 4,
    description: 'Mean power response of the primary beam while the position is in it',
  },
  ...exposureColumns,
  instrumentColumn,
  pathColumn,
  { ...qualityColumn, value: ({ row }) => qualityColumn.value(row) },
];

/** A sighting on a machine that has the files. */
export interface SightingOnDisk extends ObservedSighting {
  readonly subBandsOnDisk: number | null;
}

export const subBandsColumn: Column<SightingOnDisk> = {
  name: 'sub_bands_on_disk',
  value: ({ subBandsOnDisk }) => subBandsOnDisk,
  type: 'int',
  ucd: 'meta.number',
  decimals: 0,
  description: 'Sub-bands of the observation on disk, of 16',
};

const totalColumns: readonly Column<Omit<PositionSummary, 'next'>>[] = [
  {
    name: 'observations',
    value: ({ observations }) => observations,
    type: 'int',
    ucd: 'meta.number;obs',
    decimals: 0,
    description: 'Observations with the position in the beam',
  },
  ...exposureColumns,
  isoTime(
    'first_utc',
    ({ firstMjdUtc }) => firstMjdUtc,
    'time.start',
    'When the position was first in the beam, ISO 8601 UTC',
  ),
  isoTime(
    'last_utc',
    ({ lastMjdUtc }) => lastMjdUtc,
    'time.end',
    'When the position was last in the beam, ISO 8601 UTC',
  ),
];

export const positionColumns: readonly Column<PositionSummary>[] = [
  name,
  {
    ...RIGHT_ASCENSION,
    name: 'ra_icrs_deg',
    value: ({ source }) => source.raIcrsDeg,
    ucd: 'pos.eq.ra;meta.main',
    frame: 'icrs',
    description: 'Right ascension, ICRS',
  },
  {
    ...DEGREES,
    name: 'dec_icrs_deg',
    value: ({ source }) => source.decIcrsDeg,
    ucd: 'pos.eq.dec;meta.main',
    frame: 'icrs',
    description: 'Declination, ICRS',
  },
  ...totalColumns,
  isoTime(
    'next_in_utc',
    ({ next }) => next?.inMjdUtc,
    'time.start',
    'When the position will next be in the beam if the telescope does not move, ISO 8601 UTC',
  ),
  isoTime(
    'next_out_utc',
    ({ next }) => next?.outMjdUtc,
    'time.end',
    'When it will leave the beam again, ISO 8601 UTC',
  ),
  {
    ...DEGREES,
    name: 'next_offset_deg',
    value: ({ next }) => next?.offsetDeg ?? null,
    ucd: 'pos.angDistance',
    description: 'Distance from the centre of the beam at the closest approach of that pass',
  },
  {
    name: 'next_instrument',
    value: ({ next }) => next?.instrument ?? null,
    type: 'text',
    ucd: 'meta.id;instr.tel',
    description: 'Name of the telescope that will see it then',
  },
];

export const dayColumns: readonly Column<DayTotal>[] = [
  name,
  {
    name: 'date',
    value: ({ dateUtc }) => dateUtc,
    type: 'text',
    description: 'UTC date on which the position came into the beam',
  },
  ...totalColumns,
];

export const dwellColumns: readonly Column<DwellTotal>[] = [
  name,
  {
    ...DEGREES,
    name: 'dec_deg',
    value: ({ decDeg }) => decDeg,
    description: 'Apparent declination of the telescope',
  },
  isoTime(
    'since_utc',
    ({ sinceMjdUtc }) => sinceMjdUtc,
    'time.start',
    'Middle of the first observation of the dwell, ISO 8601 UTC',
  ),
  ...totalColumns,
];
