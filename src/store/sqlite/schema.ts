/**
 * The tables as pointing-monitor 0.1 created them. `pointing_history` belongs to other programs as well and is exactly as they
 * create it. The ledger is ours: one row for each file. Nothing of others is altered or dropped, and `user_version` stays theirs.
 */
export const SCHEMA_OF_1 = `
CREATE TABLE IF NOT EXISTS pointing_history (
  timestamp REAL PRIMARY KEY,  -- mid time of the observation, MJD UTC
  ra_deg REAL,                 -- apparent, equinox of date
  dec_deg REAL
);
CREATE TABLE IF NOT EXISTS pointing_files (
  path TEXT PRIMARY KEY,
  size INTEGER NOT NULL,       -- bytes, when last read
  mtime_us INTEGER NOT NULL,   -- microseconds since 1970, when last read
  ctime_us INTEGER NOT NULL,   -- the same for the inode's change: shows a replaced file of equal size and mtime
  state TEXT NOT NULL CHECK (state IN ('stored', 'waiting', 'failed')),
  kind TEXT,                   -- hadec, zenith or sidereal
  error_code TEXT,
  error_message TEXT,
  attempts INTEGER NOT NULL,
  timestamp REAL,              -- this file's row in pointing_history
  ra_icrs_deg REAL,            -- the same direction in ICRS
  dec_icrs_deg REAL,
  ha_deg REAL,
  recorded_at REAL NOT NULL    -- seconds since 1970
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pointing_files_timestamp ON pointing_files (timestamp);
CREATE INDEX IF NOT EXISTS pointing_files_unsettled ON pointing_files (state) WHERE state <> 'stored';
`;

/** The transits of calibrators, as the Python monitor kept them. Made when first written. */
export const TRANSITS = `
CREATE TABLE IF NOT EXISTS cal_transits (
  src_name TEXT NOT NULL,
  transit_mjd REAL NOT NULL,   -- MJD UTC
  PRIMARY KEY (src_name, transit_mjd)
)`;
