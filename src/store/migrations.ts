import { StoreError } from '../errors.js';
import { publicName } from './location.js';

/**
 * The state of our tables is a number, kept in pointing_migrations; `user_version` is other programs'. Each step brings a database
 * from one number to the next; the first writer takes all steps in one transaction. A database without the table is 0.
 *
 * 1: pointing_history, pointing_files and cal_transits, as pointing-monitor 0.1 creates them; pointing_monitors in PostgreSQL.
 * 2: columns of pointing_files for what a file says beside its pointing, and pointing_instruments.
 */
export const LATEST = 2;

/** Columns of pointing_files that step 2 adds, with their types. */
export const COLUMNS_OF_2 = {
  ra_deg: 'double precision',
  dec_deg: 'double precision',
  duration_s: 'double precision',
  quality: 'text',
  min_frequency_hz: 'double precision',
  max_frequency_hz: 'double precision',
  instrument_id: 'integer',
} as const;

/** In both backends' words; `id` is the type of a key that makes itself. */
export const instrumentsTable = (id: string) => `
CREATE TABLE IF NOT EXISTS pointing_instruments (
  id ${id} PRIMARY KEY,
  name text NOT NULL,                        -- Header/telescope_name
  latitude_deg double precision NOT NULL,
  longitude_deg double precision NOT NULL,   -- east positive
  altitude_m double precision NOT NULL,
  dish_m double precision,                   -- NULL where the files do not say
  first_mjd double precision NOT NULL,       -- mid time of the first observation, MJD UTC, to the hour
  last_mjd double precision NOT NULL,
  longest_s double precision NOT NULL,       -- the longest observation; 0 where the files do not say
  lowest_hz double precision                 -- the lowest centre of an observation's band; NULL where the files do not say
);
CREATE UNIQUE INDEX IF NOT EXISTS pointing_instruments_identity
  ON pointing_instruments (name, latitude_deg, longitude_deg, altitude_m, (coalesce(dish_m, 0)));`;

export const MIGRATIONS_TABLE = `
CREATE TABLE IF NOT EXISTS pointing_migrations (
  number integer PRIMARY KEY,
  program text NOT NULL,                     -- the version of pointing-monitor that took the step
  applied_at double precision NOT NULL       -- seconds since 1970
);`;

/** Throws a StoreError where a newer program has brought the database beyond what this one knows. */
export function requireKnown(number: number, program: string, location: string): void {
  if (number <= LATEST) return;
  throw new StoreError(
    'unusable',
    `the database ${publicName(location)} is newer than this program: pointing-monitor ${program} writes to it (tables of version ${number}, this program knows ${LATEST}); use that version or a later one`,
  );
}
