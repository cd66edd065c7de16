/**
 * The same tables as in SQLite, for many hosts: the ledger's key is the host with the path. Paths are compared byte by byte,
 * whatever the database's collation. Every change notifies the channel's listeners, once a transaction.
 */
export const CHANNEL = 'pointing_history';

export const HISTORY_TABLE = `
CREATE TABLE pointing_history (
  timestamp double precision PRIMARY KEY,  -- mid time of the observation, MJD UTC
  ra_deg double precision,                 -- apparent, equinox of date
  dec_deg double precision
)`;

export const LEDGER_TABLE = `
CREATE TABLE pointing_files (
  host text COLLATE "C" NOT NULL,          -- where the path leads to the file
  path text COLLATE "C" NOT NULL,
  size bigint NOT NULL,                    -- bytes, when last read
  mtime_us bigint NOT NULL,                -- microseconds since 1970, when last read
  ctime_us bigint NOT NULL,                -- the same for the inode's change
  state text NOT NULL CHECK (state IN ('stored', 'waiting', 'failed')),
  kind text,                               -- hadec, zenith or sidereal
  error_code text,
  error_message text,
  attempts integer NOT NULL,
  timestamp double precision,              -- this file's row in pointing_history
  ra_icrs_deg double precision,            -- the same direction in ICRS
  dec_icrs_deg double precision,
  ha_deg double precision,
  recorded_at double precision NOT NULL,   -- seconds since 1970
  PRIMARY KEY (host, path)
);
CREATE INDEX pointing_files_timestamp ON pointing_files (timestamp);
CREATE INDEX pointing_files_unsettled ON pointing_files (state, recorded_at) WHERE state <> 'stored'`;

/** What each host's monitor said last. */
export const STATUS_TABLE = `
CREATE TABLE pointing_monitors (
  host text COLLATE "C" PRIMARY KEY,
  status json NOT NULL,                    -- as in the host's status file, byte by byte
  written_at double precision NOT NULL     -- seconds since 1970, by this server's clock
)`;

export const TRANSITS_TABLE = `
CREATE TABLE cal_transits (
  src_name text NOT NULL,
  transit_mjd double precision NOT NULL,   -- MJD UTC
  PRIMARY KEY (src_name, transit_mjd)
)`;

export const NOTIFY_FUNCTION = `
CREATE OR REPLACE FUNCTION pointing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY ${CHANNEL};
  RETURN NULL;
END $$`;

/** For each statement that changes a table, however many rows it changes. */
export const notifyTrigger = (table: string) => `
CREATE TRIGGER pointing_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table}
FOR EACH STATEMENT EXECUTE FUNCTION pointing_changed()`;

/** The tables that do. */
export const NOTIFYING: readonly string[] = ['pointing_files', 'pointing_history'];

/** Any number that is always the same: two hosts that start at once make the tables one after the other. */
export const SCHEMA_LOCK = 1_886_350_441;
