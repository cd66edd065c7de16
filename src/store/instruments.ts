import type { Instrument } from '../native/outcome.js';
import type { MjdUtc } from '../units.js';

/** An instrument of the history, with the mid times of its first and last observation to the hour. */
export interface StoredInstrument extends Instrument {
  /** Of this database. */
  readonly id: number;
  readonly firstMjdUtc: MjdUtc;
  readonly lastMjdUtc: MjdUtc;
}

/** When observations to be written saw an instrument. */
export interface Sighting {
  readonly instrument: Instrument;
  firstMjdUtc: number;
  lastMjdUtc: number;
}

export const keyOf = ({ name, site, dishM }: Instrument): string =>
  JSON.stringify([name, site.latitudeDeg, site.longitudeDeg, site.altitudeM, dishM]);

/** The instruments of observations, each once, by `keyOf`. */
export function sightings(
  observations: Iterable<{ readonly instrument: Instrument; readonly midTimeMjdUtc: number }>,
): Map<string, Sighting> {
  const found = new Map<string, Sighting>();
  for (const { instrument, midTimeMjdUtc } of observations) {
    const key = keyOf(instrument);
    const known = found.get(key);
    if (!known) {
      found.set(key, { instrument, firstMjdUtc: midTimeMjdUtc, lastMjdUtc: midTimeMjdUtc });
    } else {
      known.firstMjdUtc = Math.min(known.firstMjdUtc, midTimeMjdUtc);
      known.lastMjdUtc = Math.max(known.lastMjdUtc, midTimeMjdUtc);
    }
  }
  return found;
}

/** $1 to $5 are `identityOf` an instrument. */
export const FIND_INSTRUMENT = `SELECT id FROM pointing_instruments WHERE name = $1 AND latitude_deg = $2
  AND longitude_deg = $3 AND altitude_m = $4 AND dish_m IS NOT DISTINCT FROM $5`;
/** The same, then the first and last mid time. */
export const ADD_INSTRUMENT = `INSERT INTO pointing_instruments
  (name, latitude_deg, longitude_deg, altitude_m, dish_m, first_mjd, last_mjd) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT DO NOTHING`;
/** The id, then the first and last mid time. By the hour: hosts that share a database would wait for each other at every row. */
export const EXTEND_INSTRUMENT = `UPDATE pointing_instruments SET
    first_mjd = CASE WHEN first_mjd > $2 THEN $2 ELSE first_mjd END,
    last_mjd = CASE WHEN last_mjd < $3 THEN $3 ELSE last_mjd END
  WHERE id = $1 AND (first_mjd - 1.0 / 24 > $2 OR last_mjd + 1.0 / 24 < $3)`;

export const identityOf = ({ name, site, dishM }: Instrument) =>
  [name, site.latitudeDeg, site.longitudeDeg, site.altitudeM, dishM] as const;
