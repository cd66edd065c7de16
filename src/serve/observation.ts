import { Type } from 'typebox';
import type { HistoryRow } from '../store/rows.js';
import { type Degrees, degrees, isoOfMjdUtc } from '../units.js';
import type { ObservationItem } from './answers.js';
import { icrsOfRows } from './sky.js';

const Direction = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

/** A row of the history with its direction in ICRS. */
export const ObservationSchema = {
  timestamp: Type.Number({ description: 'Mid time, MJD UTC' }),
  time_iso: Type.String({ description: 'The same, ISO 8601, to the second' }),
  ra_deg: Type.Number({ description: 'Apparent, equinox of date' }),
  dec_deg: Type.Number({ description: 'Apparent, equinox of date' }),
  ra_icrs_deg: Direction('ICRS; null where the time is outside the range of the Earth orientation data'),
  dec_icrs_deg: Direction('ICRS'),
};

const finite = (value: number | undefined): Degrees | null =>
  value !== undefined && Number.isFinite(value) ? degrees(value) : null;

export function observationOf(row: HistoryRow): ObservationItem {
  const { raIcrsDeg, decIcrsDeg } = icrsOfRows([row]);
  return {
    ...row,
    time_iso: isoOfMjdUtc(row.timestamp),
    ra_icrs_deg: finite(raIcrsDeg[0]),
    dec_icrs_deg: finite(decIcrsDeg[0]),
  };
}
