import { isoMillisecondsOfMjdUtc, type MjdUtc } from '../../units.js';
import { qualityColumn, timestampColumn } from '../history/columns.js';
import type { Column } from '../table/column.js';
import type { ObservedSighting, PositionSummary } from './observed.js';
import type { DayTotal, DwellTotal, Total } from './totals.js';

const name: Column<{ readonly source: { readonly name: string } }> = {
  name: 'name',
  value: ({ source }) => source.name,
  type: 'text',
  ucd: 'meta.id;src',
  description: 'The position’s name',
};

const exposureColumns: readonly Column<{ readonly seconds: number; readonly weightedSeconds: number }>[] = [
  {
    name: 'seconds',
    value: ({ seconds }) => seconds,
    type: 'double',
    unit: 's',
    ucd: 'time.duration;obs.exposure',
    decimals: 1,
    description: 'Time in the beam',
  },
  {
    name: 'weighted_seconds',
    value: ({ weightedSeconds }) => weightedSeconds,
    type: 'double',
    unit: 's',
    ucd: 'time.duration;obs.exposure',
    decimals: 1,
    description: 'Time in the beam, weighted by the power response',
  },
];

/** A row an observation. */
export const sightingColumns: readonly Column<ObservedSighting>[] = [
  name,
  { ...timestampColumn, value: ({ row }) => timestampColumn.value(row) },
  {
    name: 'in_utc',
    value: ({ inMjdUtc }) => isoMillisecondsOfMjdUtc(inMjdUtc),
    type: 'text',
    ucd: 'time.start',
    frame: 'utc',
    xtype: 'timestamp',
    description: 'When the position is first in the beam during the observation, ISO 8601 UTC',
  },
  {
    name: 'out_utc',
    value: ({ outMjdUtc }) => isoMillisecondsOfMjdUtc(outMjdUtc),
    type: 'text',
    ucd: 'time.end',
    frame: 'utc',
    xtype: 'timestamp',
    description: 'When the position is last in the beam during the observation, ISO 8601 UTC',
  },
  {
    name: 'offset_deg',
    value: ({ offsetDeg }) => offsetDeg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.angDistance',
    decimals: 4,
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
  {
    name: 'path',
    value: ({ path }) => path,
    type: 'text',
    ucd: 'meta.id;meta.file',
    description: 'The file that the row comes from; empty if unknown',
  },
  { ...qualityColumn, value: ({ row }) => qualityColumn.value(row) },
];

/** A sighting on a machine that has the files. */
export interface SightingOnDisk extends ObservedSighting {
  readonly subBandsOnDisk: number;
}

export const subBandsColumn: Column<SightingOnDisk> = {
  name: 'sub_bands_on_disk',
  value: ({ subBandsOnDisk }) => subBandsOnDisk,
  type: 'int',
  ucd: 'meta.number',
  decimals: 0,
  description: 'Sub-bands of the observation on disk, of 16',
};

interface Sum extends Omit<Total, 'firstMjdUtc' | 'lastMjdUtc'> {
  readonly firstMjdUtc: MjdUtc | null;
  readonly lastMjdUtc: MjdUtc | null;
}

const isoOrNull = (mjd: MjdUtc | null | undefined) => (mjd == null ? null : isoMillisecondsOfMjdUtc(mjd));

const totalColumns: readonly Column<Sum>[] = [
  {
    name: 'observations',
    value: ({ observations }) => observations,
    type: 'int',
    ucd: 'meta.number;obs',
    decimals: 0,
    description: 'Observations with the position in the beam',
  },
  ...exposureColumns,
  {
    name: 'first_utc',
    value: ({ firstMjdUtc }) => isoOrNull(firstMjdUtc),
    type: 'text',
    ucd: 'time.start',
    frame: 'utc',
    xtype: 'timestamp',
    description: 'When the position was first in the beam, ISO 8601 UTC',
  },
  {
    name: 'last_utc',
    value: ({ lastMjdUtc }) => isoOrNull(lastMjdUtc),
    type: 'text',
    ucd: 'time.end',
    frame: 'utc',
    xtype: 'timestamp',
    description: 'When the position was last in the beam, ISO 8601 UTC',
  },
];

export const positionColumns: readonly Column<PositionSummary>[] = [
  name,
  {
    name: 'ra_icrs_deg',
    value: ({ source }) => source.raIcrsDeg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.ra;meta.main',
    frame: 'icrs',
    decimals: 4,
    description: 'Right ascension, ICRS',
  },
  {
    name: 'dec_icrs_deg',
    value: ({ source }) => source.decIcrsDeg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.eq.dec;meta.main',
    frame: 'icrs',
    decimals: 4,
    description: 'Declination, ICRS',
  },
  ...totalColumns,
  {
    name: 'next_in_utc',
    value: ({ next }) => isoOrNull(next?.inMjdUtc),
    type: 'text',
    ucd: 'time.start',
    frame: 'utc',
    xtype: 'timestamp',
    description: 'When the position will next be in the beam if the telescope does not move, ISO 8601 UTC',
  },
  {
    name: 'next_out_utc',
    value: ({ next }) => isoOrNull(next?.outMjdUtc),
    type: 'text',
    ucd: 'time.end',
    frame: 'utc',
    xtype: 'timestamp',
    description: 'When it will leave the beam again, ISO 8601 UTC',
  },
  {
    name: 'next_offset_deg',
    value: ({ next }) => next?.offsetDeg ?? null,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.angDistance',
    decimals: 4,
    description: 'Distance from the centre of the beam at the closest approach of that pass',
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
    name: 'dec_deg',
    value: ({ decDeg }) => decDeg,
    type: 'double',
    unit: 'deg',
    decimals: 4,
    description: 'Apparent declination of the telescope',
  },
  {
    name: 'since_utc',
    value: ({ sinceMjdUtc }) => isoOrNull(sinceMjdUtc),
    type: 'text',
    ucd: 'time.start',
    frame: 'utc',
    xtype: 'timestamp',
    description: 'Middle of the first observation of the dwell, ISO 8601 UTC',
  },
  ...totalColumns,
];
