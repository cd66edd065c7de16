import { basename } from 'node:path';
import { fixed, fixed360, mjdUtcOfUnix, SECONDS_PER_DAY } from '../units.js';
import { beamOf } from './beam.js';
import { pathColumn } from './history/columns.js';
import { dsa110 } from './instrument.js';
import type { Instruments } from './instruments.js';
import { isTracked } from './observation-time.js';
import type { ObservedRow } from './observed.js';
import type { Column } from './table/column.js';

const SPEED_OF_LIGHT_M_S = 299_792_458;
const wavelengthM = (frequencyHz: number | null) =>
  frequencyHz === null ? null : SPEED_OF_LIGHT_M_S / frequencyHz;

const SUB_BAND = /(_sb\d{2})?\.hdf5$/;

/** The time in a file's name, from which those of its sub-bands may differ by seconds; else the row's time. */
const obsId = ({ path, timestamp }: ObservedRow) =>
  path === null ? `MJD ${timestamp.toFixed(8)}` : basename(path).replace(SUB_BAND, '');

const columnsByName = (instruments: Instruments) => {
  const fwhmDeg = (row: ObservedRow) => beamOf(instruments.of(row)).fwhmDeg;
  const halfDays = (row: ObservedRow) => instruments.secondsOf(row) / 2 / SECONDS_PER_DAY;
  return {
    obs_id: {
      name: 'obs_id',
      value: obsId,
      type: 'text',
      ucd: 'meta.id;meta.main',
      utype: 'obscore:DataID.observationID',
      description: 'The observation: the time in the name of its file',
    },
    s_ra: {
      name: 's_ra',
      value: ({ raIcrsDeg }) => raIcrsDeg,
      type: 'double',
      unit: 'deg',
      ucd: 'pos.eq.ra;meta.main',
      utype: 'obscore:Char.SpatialAxis.Coverage.Location.Coord.Position2D.Value2.C1',
      frame: 'icrs',
      decimals: 6,
      isCircular: true,
      description: 'Right ascension of the beam’s centre in the middle of the observation, ICRS',
    },
    s_dec: {
      name: 's_dec',
      value: ({ decIcrsDeg }) => decIcrsDeg,
      type: 'double',
      unit: 'deg',
      ucd: 'pos.eq.dec;meta.main',
      utype: 'obscore:Char.SpatialAxis.Coverage.Location.Coord.Position2D.Value2.C2',
      frame: 'icrs',
      decimals: 6,
      description: 'Declination of the beam’s centre in the middle of the observation, ICRS',
    },
    s_fov: {
      name: 's_fov',
      value: fwhmDeg,
      type: 'double',
      unit: 'deg',
      ucd: 'phys.angSize;instr.fov',
      utype: 'obscore:Char.SpatialAxis.Coverage.Bounds.Extent.diameter',
      decimals: 3,
      description: 'Width of the primary beam at half power',
    },
    s_region: {
      name: 's_region',
      value: (row) =>
        `CIRCLE ICRS ${fixed360(row.raIcrsDeg, 6)} ${fixed(row.decIcrsDeg, 6)} ${(fwhmDeg(row) / 2).toFixed(4)}`,
      type: 'text',
      // Of ObsCore 1.0: strict readers of 2022, such as Debian 12's astropy, refuse the `pos.outline` of 1.1.
      ucd: 'phys.angArea;obs.field',
      utype: 'obscore:Char.SpatialAxis.Coverage.Support.Area',
      xtype: 'adql:REGION',
      description: 'The half-power beam in the middle of the observation, STC-S',
    },
    t_min: {
      name: 't_min',
      value: (row) => row.timestamp - halfDays(row),
      type: 'double',
      unit: 'd',
      ucd: 'time.start;obs.exposure',
      utype: 'obscore:Char.TimeAxis.Coverage.Bounds.Limits.StartTime',
      frame: 'utc',
      decimals: 8,
      description: 'Start of the observation, MJD UTC',
    },
    t_max: {
      name: 't_max',
      value: (row) => row.timestamp + halfDays(row),
      type: 'double',
      unit: 'd',
      ucd: 'time.end;obs.exposure',
      utype: 'obscore:Char.TimeAxis.Coverage.Bounds.Limits.StopTime',
      frame: 'utc',
      decimals: 8,
      description: 'End of the observation, MJD UTC',
    },
    t_exptime: {
      name: 't_exptime',
      value: (row) => instruments.secondsOf(row),
      type: 'double',
      unit: 's',
      ucd: 'time.duration;obs.exposure',
      utype: 'obscore:Char.TimeAxis.Coverage.Support.Extent',
      decimals: 1,
      description: 'Length of the observation',
    },
    em_min: {
      name: 'em_min',
      value: ({ maxFrequencyHz }) => wavelengthM(maxFrequencyHz),
      type: 'double',
      unit: 'm',
      ucd: 'em.wl;stat.min',
      utype: 'obscore:Char.SpectralAxis.Coverage.Bounds.Limits.LoLimit',
      decimals: 6,
      description: 'Shortest wavelength in the file, which may hold one sub-band of the observation',
    },
    em_max: {
      name: 'em_max',
      value: ({ minFrequencyHz }) => wavelengthM(minFrequencyHz),
      type: 'double',
      unit: 'm',
      ucd: 'em.wl;stat.max',
      utype: 'obscore:Char.SpectralAxis.Coverage.Bounds.Limits.HiLimit',
      decimals: 6,
      description: 'Longest wavelength in the file',
    },
    path: pathColumn,
  } as const satisfies Record<string, Column<ObservedRow>>;
};

/** Columns with the names, units and meanings of the IVOA's ObsCore 1.1, as far as a pointing history knows them. */
export const obsCoreColumns = (instruments: Instruments): readonly Column<ObservedRow>[] =>
  Object.values(columnsByName(instruments));

const text = (
  name: string,
  value: string | null | ((row: ObservedRow) => string),
  description: string,
  ucd: string,
  utype?: string,
): Column<ObservedRow> => ({
  name,
  value: typeof value === 'function' ? value : () => value,
  type: 'text',
  ucd,
  ...(utype && { utype: `obscore:${utype}` }),
  description,
});
const unknown = (
  name: string,
  unit: string | undefined,
  ucd: string,
  description: string,
  utype?: string,
): Column<ObservedRow> => ({
  name,
  value: () => null,
  type: 'double',
  ...(unit && { unit }),
  ucd,
  ...(utype && { utype: `obscore:${utype}` }),
  description,
});

/** The table `ivoa.obsplan` of the IVOA's ObsLocTAP 1.0, of observations that have been made. Unknown values are null. */
export function obsPlanColumns(instruments: Instruments): readonly Column<ObservedRow>[] {
  const { obs_id, s_ra, s_dec, s_fov, s_region, t_min, t_max, t_exptime } = columnsByName(instruments);
  const name = (row: ObservedRow) => instruments.of(row).name;
  return [
    {
      ...t_min,
      name: 't_planning',
      value: (row) => (row.recordedAt === null ? t_max.value(row) : mjdUtcOfUnix(row.recordedAt)),
      ucd: 'time',
      utype: '',
      description:
        'When the observation was added or modified: when its file was read, or else its end, MJD UTC',
    },
    text('target_name', null, 'Target; null, since the history has no names', 'meta.id;src', 'Target.name'),
    obs_id,
    text('obs_collection', name, 'Collection', 'meta.id', 'DataID.collection'),
    s_ra,
    s_dec,
    s_fov,
    s_region,
    unknown(
      's_resolution',
      'arcsec',
      'pos.angResolution',
      'Spatial resolution',
      'Char.SpatialAxis.Resolution.Refval.value',
    ),
    t_min,
    t_max,
    t_exptime,
    unknown(
      't_resolution',
      's',
      'time.resolution',
      'Temporal resolution',
      'Char.TimeAxis.Resolution.Refval.value',
    ),
    // Of the observation, of which a file may hold one sub-band.
    unknown(
      'em_min',
      'm',
      'em.wl;stat.min',
      'Shortest wavelength',
      'Char.SpectralAxis.Coverage.Bounds.Limits.LoLimit',
    ),
    unknown(
      'em_max',
      'm',
      'em.wl;stat.max',
      'Longest wavelength',
      'Char.SpectralAxis.Coverage.Bounds.Limits.HiLimit',
    ),
    unknown(
      'em_res_power',
      undefined,
      'spect.resolution',
      'Spectral resolving power',
      'Char.SpectralAxis.Resolution.ResolPower.refVal',
    ),
    text('o_ucd', 'phot.flux.density', 'What is measured', 'meta.ucd', 'Char.ObservableAxis.ucd'),
    text(
      'pol_states',
      null,
      'Polarization states',
      'meta.code;phys.polarization',
      'Char.PolarizationAxis.stateList',
    ),
    {
      ...unknown(
        'pol_xel',
        undefined,
        'meta.number',
        'Number of polarization states',
        'Char.PolarizationAxis.numBins',
      ),
      type: 'int',
    },
    text(
      'facility_name',
      (row) => facilityOf(name(row)),
      'Observatory',
      'meta.id;instr.tel',
      'Provenance.ObsConfig.Facility.name',
    ),
    text('instrument_name', name, 'Instrument', 'meta.id;instr', 'Provenance.ObsConfig.Instrument.name'),
    { ...t_exptime, name: 't_plan_exptime', description: 'Planned length of the observation' },
    text('category', 'Fixed', 'Kind of scheduling', 'meta.code.class'),
    { ...unknown('priority', undefined, 'meta.code', 'Priority'), type: 'int', value: () => 0 },
    text('execution_status', 'Performed', 'State of the observation', 'meta.code.status'),
    text(
      'tracking_type',
      ({ kind }) => (isTracked(kind) ? 'Sidereal' : 'Fixed-az-el-transit'),
      'How the telescope follows the sky',
      'meta.code.class',
    ),
  ];
}

/** The files of other telescopes name no observatory. */
const facilityOf = (instrumentName: string) => (instrumentName === dsa110.name ? 'OVRO' : instrumentName);
