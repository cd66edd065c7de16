import { type Static, Type } from 'typebox';
import type { Instruments } from '../sky/instruments.js';
import type { ObservedRow } from '../sky/observed.js';
import { type Degrees, degrees, isoOfMjdUtc } from '../units.js';
import { Angle, Mjd, orNull } from './quantities.js';

/** A row of the history, under the names that `pointing_history` has in the database. */
export const HistoryItem = Type.Object({
  timestamp: Mjd('Mid time of the observation, MJD UTC'),
  ra_deg: Angle('Apparent, equinox of date'),
  dec_deg: Angle('Apparent, equinox of date'),
});

/** A row of the history with its direction in ICRS. */
export const observationProperties = {
  ...HistoryItem.properties,
  instrument: Type.String({ description: 'The telescope’s name' }),
  time_iso: Type.String({ description: 'The mid time in ISO 8601, to the second' }),
  ra_icrs_deg: orNull(
    Angle(),
    'ICRS, without refraction; null for a time outside 1990 to 2100 and for an impossible position',
  ),
  dec_icrs_deg: orNull(Angle(), 'ICRS, without refraction'),
  quality: orNull(
    Type.Array(Type.String()),
    'What the file’s header says of its times; null where it is not known',
  ),
};
export const ObservationItem = Type.Object(observationProperties);
/** A row of the history with its direction in ICRS, as routes answer it. */
export type ObservationItem = Static<typeof ObservationItem>;

const finite = (value: number): Degrees | null => (Number.isFinite(value) ? degrees(value) : null);

export function observationOf(row: ObservedRow, instruments: Instruments): ObservationItem {
  return {
    timestamp: row.timestamp,
    ra_deg: row.ra_deg,
    dec_deg: row.dec_deg,
    instrument: instruments.telescopeOf(row.instrumentId).name,
    time_iso: isoOfMjdUtc(row.timestamp),
    ra_icrs_deg: finite(row.raIcrsDeg),
    dec_icrs_deg: finite(row.decIcrsDeg),
    quality: row.quality?.split(' ').filter(Boolean) ?? null,
  };
}
