import type { Instrument, Pointing } from '../native/outcome.js';
import type { MjdUtc } from '../units.js';
import { latestMjdUtc } from './plausible.js';
import type { FileRows } from './rows.js';

/** Bounds of an instrument's observations. */
interface Bounds {
  /** Mid times, to the hour. None was in the future when its file was stored. */
  readonly firstMjdUtc: MjdUtc;
  readonly lastMjdUtc: MjdUtc;
  /** No observation was longer; 0 where the files do not say. */
  readonly longestSeconds: number;
  /** No observation's band had a lower centre; null where the files do not say. */
  readonly lowestHz: number | null;
}

/** An instrument of the history, and how far its observations reach. */
export interface StoredInstrument extends Instrument, Bounds {
  /** Of this database. */
  readonly id: number;
}

/** How observations to be written saw an instrument. */
export interface Sighting extends Bounds {
  readonly instrument: Instrument;
}

type Seen = Pick<
  Pointing,
  'instrument' | 'midTimeMjdUtc' | 'durationSeconds' | 'minFrequencyHz' | 'maxFrequencyHz'
>;

export const keyOf = ({ name, site, dishM }: Instrument): string =>
  JSON.stringify([name, site.latitudeDeg, site.longitudeDeg, site.altitudeM, dishM]);

/** The instruments of observations, each once, by `keyOf`. */
export function sightings(observations: Iterable<Seen>): Map<string, Sighting> {
  const found = new Map<string, Sighting>();
  for (const observation of observations) addSighting(found, observation);
  return found;
}

/** Counts one more observation among them. */
export function addSighting(found: Map<string, Sighting>, observation: Seen): void {
  const { instrument, midTimeMjdUtc, durationSeconds } = observation;
  const latest = latestMjdUtc();
  const time = midTimeMjdUtc < latest ? midTimeMjdUtc : latest;
  const key = keyOf(instrument);
  const known = found.get(key);
  found.set(key, {
    instrument,
    firstMjdUtc: known && known.firstMjdUtc < time ? known.firstMjdUtc : time,
    lastMjdUtc: known && known.lastMjdUtc > time ? known.lastMjdUtc : time,
    longestSeconds: Math.max(known?.longestSeconds ?? 0, durationSeconds ?? 0),
    lowestHz: lower(known?.lowestHz ?? null, centreOf(observation)),
  });
}

/** The same of files' rows from another database. */
export const sightingsOfFiles = (files: readonly FileRows[]): Map<string, Sighting> =>
  sightings(
    files.flatMap(({ instrument, timestamp, ...file }) =>
      instrument && timestamp !== null ? [{ ...file, instrument, midTimeMjdUtc: timestamp }] : [],
    ),
  );

const lower = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b));

/** The middle of an observation's band; null where its file does not say. */
export const centreOf = ({
  minFrequencyHz,
  maxFrequencyHz,
}: Pick<Pointing, 'minFrequencyHz' | 'maxFrequencyHz'>): number | null =>
  minFrequencyHz === null || maxFrequencyHz === null ? null : (minFrequencyHz + maxFrequencyHz) / 2;

/** $1 to $5 are `identityOf` an instrument. */
export const FIND_INSTRUMENT = `SELECT id FROM pointing_instruments WHERE name = $1 AND latitude_deg = $2
  AND longitude_deg = $3 AND altitude_m = $4 AND dish_m IS NOT DISTINCT FROM $5`;
/** The same, then `boundsOf` a sighting. */
export const ADD_INSTRUMENT = `INSERT INTO pointing_instruments
  (name, latitude_deg, longitude_deg, altitude_m, dish_m, first_mjd, last_mjd, longest_s, lowest_hz)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`;
/** The id, then `boundsOf` a sighting. Times by the hour: hosts that share a database would wait for each other at every row. */
export const EXTEND_INSTRUMENT = `UPDATE pointing_instruments SET
    first_mjd = CASE WHEN first_mjd > $2 THEN $2 ELSE first_mjd END,
    last_mjd = CASE WHEN last_mjd < $3 THEN $3 ELSE last_mjd END,
    longest_s = CASE WHEN longest_s < $4 THEN $4 ELSE longest_s END,
    lowest_hz = CASE WHEN lowest_hz < $5 THEN lowest_hz ELSE coalesce($5, lowest_hz) END
  WHERE id = $1 AND (first_mjd - 1.0 / 24 > $2 OR last_mjd + 1.0 / 24 < $3 OR longest_s < $4
    OR coalesce(lowest_hz, 1e300) > $5)`;

export const boundsOf = ({ firstMjdUtc, lastMjdUtc, longestSeconds, lowestHz }: Sighting) =>
  [firstMjdUtc, lastMjdUtc, longestSeconds, lowestHz] as const;

export const identityOf = ({ name, site, dishM }: Instrument) =>
  [name, site.latitudeDeg, site.longitudeDeg, site.altitudeM, dishM] as const;
