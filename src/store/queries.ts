/**
 * The reading SQL, said once for both backends. Values are numbered $1, $2, ...; names in double quotes are the columns of the
 * rows' types. PostgreSQL compares paths byte by byte by the ledger's collation, as SQLite does.
 */
import type { MjdUtc } from '../units.js';
import { LEDGER_COLUMNS, selected, WHOLE } from './ledger.js';
import { HAS_POSITION, IMPLAUSIBLE, type ImplausibleReason, IS_PLAUSIBLE } from './plausible.js';
import { SAME_OBSERVATION_DAYS } from './precedence.js';
import type { Sources } from './tables.js';

/** Where the backends' SQL differs. */
export interface Dialect {
  /** A database of one host. */
  readonly hostless: boolean;
  /** Rows of `table` and `column`: all columns of our tables that exist. */
  readonly existingColumns: string;
  /** Rows of timestamp, ra_deg and dec_deg, from a query, as one text of JSON objects with commas between, after the text $4. */
  readonly jsonObjects: string;
  /** Seconds since 1970 by the database's clock. */
  readonly now: string;
}

/** A query for the tables as they are. */
export type Query = (sources: Sources, dialect: Dialect) => string;

/** Rows brought over at a time: some ten milliseconds of the event loop in SQLite, a round trip in PostgreSQL. */
export const PAGE_ROWS = 5000;
export const COLUMN_PAGE_ROWS = 8192;
/** Their text is shorter than what malloc maps again each time (128 kB), whose page faults take longer than the text itself. */
export const JSON_PAGE_ROWS = 1200;

/**
 * What is said of the file of an observation, a row `h` of the history: the first by name of those that have its position, else of all.
 * Looked up by the index for each row: a join of the database's own choice may read the whole ledger for every page. SQLite takes
 * less time for two lookups, of which the second is rarely needed, than for sorting.
 */
const ofFile = (what: string, { pointing_files }: Sources, { hostless }: Dialect) => {
  const there = `FROM ${pointing_files} AS g WHERE g.timestamp = h.timestamp`;
  const hasPosition = 'g.ra_deg = h.ra_deg AND g.dec_deg = h.dec_deg';
  return hostless
    ? `coalesce((SELECT ${what} ${there} AND ${hasPosition} ORDER BY path LIMIT 1), (SELECT ${what} ${there} ORDER BY path LIMIT 1))`
    : `(SELECT ${what} ${there} ORDER BY (${hasPosition}) IS NOT TRUE, path, host LIMIT 1)`;
};
/** To be joined to `h`, as `f`. */
const itsFile = (sources: Sources, dialect: Dialect) =>
  dialect.hostless
    ? `${sources.pointing_files} AS f ON f.path = ${ofFile('path', sources, dialect)}`
    : `LATERAL ${ofFile('*', sources, dialect)} AS f ON TRUE`;
/** The same with a row for each file of that time. */
const eachFile = ({ pointing_files }: Sources) => `${pointing_files} AS f ON f.timestamp = h.timestamp`;
/** Leaves out rows of these instruments. Each row's file is looked up, so other conditions come first. */
const notOf = (excluded: readonly number[], sources: Sources, dialect: Dialect) =>
  excluded.length === 0
    ? ''
    : `AND coalesce(${ofFile('instrument_id', sources, dialect)}, 0) NOT IN (${excluded})`;
/** The first rows where this holds, oldest or newest first. */
const firstRows =
  (condition: string, { descending = false, rows = 1 } = {}) =>
  (excluded: readonly number[]): Query =>
  (sources, dialect) =>
    `SELECT timestamp, ra_deg, dec_deg FROM ${sources.pointing_history} AS h
     WHERE ${condition} AND ${IS_PLAUSIBLE} ${notOf(excluded, sources, dialect)}
     ORDER BY timestamp ${descending ? 'DESC' : ''} LIMIT ${rows}`;
// $1 is the last row of the page before, so its index has one lower bound, and $3 leaves that row out.
const AFTER_PAGE = 'timestamp >= $1 AND timestamp <= $2 AND timestamp <> $3';
const inRange = (excluded: readonly number[], sources: Sources, dialect: Dialect) =>
  `${AFTER_PAGE} AND ${IS_PLAUSIBLE} ${notOf(excluded, sources, dialect)} ORDER BY timestamp`;
const MOVED = 'abs(dec_deg - $3) > $4';
export const history = firstRows(AFTER_PAGE, { rows: PAGE_ROWS });
export const firstAfter = firstRows(AFTER_PAGE);
export const newest = firstRows('timestamp BETWEEN $1 AND $2', { descending: true });
export const movedAfter = firstRows(`timestamp > $1 AND timestamp <= $2 AND ${MOVED}`);
export const lastElsewhere = firstRows(`timestamp >= $1 AND timestamp < $2 AND ${MOVED}`, {
  descending: true,
});
/** Columns of a page of rows `h` with their files `f`. */
const withFiles =
  (columns: string, rows: number, excluded: readonly number[] = [], files = itsFile): Query =>
  (sources, dialect) =>
    `SELECT h.timestamp, h.ra_deg, h.dec_deg, ${columns}
     FROM (SELECT timestamp, ra_deg, dec_deg FROM ${sources.pointing_history} AS h
         WHERE ${inRange(excluded, sources, dialect)} LIMIT ${rows}) AS h
       LEFT JOIN ${files(sources, dialect)}
     ORDER BY h.timestamp`;
/** What an Observation has beyond its history row. */
const { path, kind, raIcrsDeg, decIcrsDeg, haDeg, durationSeconds, minFrequencyHz, maxFrequencyHz } = WHOLE;
const { quality, recordedAt, instrumentId } = WHOLE;
const OF_FILE = selected(
  {
    path,
    kind,
    raIcrsDeg,
    decIcrsDeg,
    haDeg,
    durationSeconds,
    minFrequencyHz,
    maxFrequencyHz,
    quality,
    recordedAt,
    instrumentId,
  },
  'f.',
);
export const observations = (excluded: readonly number[]) => withFiles(OF_FILE, PAGE_ROWS, excluded);
const NUMBERS_OF_FILE = `coalesce(f.duration_s, 0), coalesce(f.instrument_id, 0), coalesce((f.min_frequency_hz + f.max_frequency_hz) / 2, 0),
  CASE WHEN f.kind = 'sidereal' THEN 1 ELSE 0 END`;
/** For readers that keep rows as numbers. */
export const historyColumns = withFiles(NUMBERS_OF_FILE, COLUMN_PAGE_ROWS);
/** With a row for each file, so that SQLite need not choose: files of one time are rare, and to choose takes two fifths of the work. */
export const historyColumnsOfEachFile = withFiles(NUMBERS_OF_FILE, COLUMN_PAGE_ROWS, [], eachFile);
export interface JsonPage {
  readonly json: string | Uint8Array;
  readonly rows: number;
  readonly last: MjdUtc;
}

export const historyJson =
  (excluded: readonly number[]): Query =>
  (sources, dialect) =>
    `SELECT ${dialect.jsonObjects} AS json, count(*) AS rows, max(timestamp) AS last
     FROM (SELECT timestamp, ra_deg, dec_deg FROM ${sources.pointing_history} AS h
       WHERE ${inRange(excluded, sources, dialect)} LIMIT ${JSON_PAGE_ROWS}) AS page`;

/** Whether there can be a row after $4 others, by the index alone: nearly every range has fewer. */
export const reachesBeyond: Query = ({ pointing_history }) =>
  `SELECT 1 AS found FROM ${pointing_history} AS h WHERE timestamp >= $1 AND timestamp <= $2 ORDER BY timestamp LIMIT 1 OFFSET $3`;
export const timestampAfter =
  (excluded: readonly number[]): Query =>
  (sources, dialect) =>
    `SELECT timestamp FROM ${sources.pointing_history} AS h
     WHERE ${inRange(excluded, sources, dialect)} LIMIT 1 OFFSET $4`;

/** The ends of SQLite's table, by its rowid; null where it is empty. */
export const ends: Query = ({ pointing_history, hasHistory }) =>
  hasHistory
    ? `SELECT (SELECT min(rowid) FROM ${pointing_history}) AS first, (SELECT max(rowid) FROM ${pointing_history}) AS last`
    : 'SELECT NULL AS first, NULL AS last';

// SQLite reads the table in storage order, which is twice as fast as by its index on time, in parts; what leaves out most comes first.
export const within: Query = ({ pointing_history }, { hostless }) =>
  `SELECT timestamp, ra_deg, dec_deg FROM ${pointing_history} AS h ${hostless ? 'NOT INDEXED' : ''}
   WHERE dec_deg BETWEEN $3 AND $4
     AND (ra_deg BETWEEN $5 AND $6 OR ra_deg BETWEEN $5 - 360 AND $6 - 360 OR ra_deg BETWEEN $5 - 720 AND $6 - 720)
     AND timestamp BETWEEN $1 AND $2 AND ${IS_PLAUSIBLE} ${hostless ? 'AND rowid >= $7 AND rowid < $8' : 'ORDER BY timestamp'}`;

export const TIMES_AT_ONCE = 500;
export const filesAt: Query = (sources, dialect) => {
  const times = Array.from({ length: TIMES_AT_ONCE }, (_, i) => `(CAST($${i + 1} AS double precision))`);
  return `SELECT h.timestamp, ${OF_FILE}
   FROM (SELECT times.column1 AS timestamp, p.ra_deg, p.dec_deg FROM (VALUES ${times}) AS times
       LEFT JOIN ${sources.pointing_history} AS p ON p.timestamp = times.column1) AS h
     JOIN ${itsFile(sources, dialect)}`;
};

/** Of a host's files between two times, the newest first. By the index of times: other hosts' files of that time are looked at. */
export const timesOfHost: Query = ({ pointing_files }) =>
  `SELECT DISTINCT timestamp FROM ${pointing_files} AS f WHERE timestamp BETWEEN $1 AND $2 AND host = $3
   ORDER BY timestamp DESC LIMIT $4`;

/** Where hosts share the database, two may have a file of one name. */
export const timeOfFile: Query = ({ pointing_files }) =>
  `SELECT timestamp FROM ${pointing_files} AS f WHERE path = $1 AND timestamp IS NOT NULL ORDER BY recorded_at DESC LIMIT 1`;

export const implausible =
  (reasons: readonly ImplausibleReason[]): Query =>
  ({ pointing_history }) => {
    const count = (condition: string) => `(SELECT count(*) FROM ${pointing_history} AS h WHERE ${condition})`;
    return `SELECT ${reasons.map((reason) => `${count(IMPLAUSIBLE[reason])} AS ${reason}`)}`;
  };

export const failures: Query = ({ pointing_files }) =>
  `SELECT host, path, error_code AS "errorCode", error_message AS "errorMessage", attempts, recorded_at AS "recordedAt"
   FROM ${pointing_files} AS f WHERE state <> 'stored' AND state = $2
   ORDER BY recorded_at DESC, host, path LIMIT $1`;

/** By the index of files that are not stored. */
export const unsettledByCode: Query = ({ pointing_files }) =>
  `SELECT state, error_code AS "errorCode", count(*) AS files FROM ${pointing_files} AS f
   WHERE state <> 'stored' GROUP BY state, error_code`;

export const hostStatuses: Query = ({ pointing_monitors }, { now }) =>
  `SELECT host, CAST(status AS text) AS json, ${now} - written_at AS "ageSeconds" FROM ${pointing_monitors} AS m ORDER BY host`;

export const ledgerHosts: Query = ({ pointing_files }) =>
  `SELECT DISTINCT host FROM ${pointing_files} AS f WHERE host IS NOT NULL ORDER BY host`;

// The ledger too from $1 on, or each page would look through all before it.
export const unattributedHistory: Query = ({ pointing_history, pointing_files }) =>
  `SELECT timestamp, ra_deg, dec_deg FROM ${pointing_history} AS h WHERE timestamp > $1
     AND NOT EXISTS (SELECT 1 FROM ${pointing_files} AS f WHERE f.timestamp = h.timestamp AND f.timestamp > $1)
   ORDER BY timestamp LIMIT ${PAGE_ROWS}`;

export const countRows: Query = ({ pointing_history, pointing_files }) =>
  `SELECT (SELECT count(*) FROM ${pointing_files} AS f) + (SELECT count(*) FROM ${pointing_history} AS h
     WHERE NOT EXISTS (SELECT 1 FROM ${pointing_files} AS f WHERE f.timestamp = h.timestamp)) AS rows`;

export const files: Query = ({ pointing_history, pointing_files }, { hostless }) => {
  const key = hostless ? 'path' : 'host, path';
  return `SELECT host, ${LEDGER_COLUMNS}, instrument_id AS "instrumentId",
     CASE WHEN mjd IS NOT NULL THEN coalesce(ra_deg, ra) END AS "raDeg",
     CASE WHEN mjd IS NOT NULL THEN coalesce(dec_deg, dec) END AS "decDeg"
   FROM ${pointing_files} AS f
     LEFT JOIN (SELECT timestamp AS mjd, ra_deg AS ra, dec_deg AS dec FROM ${pointing_history} AS h
       WHERE ${HAS_POSITION}) AS h ON mjd = timestamp
   WHERE (${key}) > (${hostless ? '$2' : '$1, $2'}) ORDER BY ${key} LIMIT ${PAGE_ROWS}`;
};

export const transits: Query = ({ cal_transits }) =>
  `SELECT src_name AS name, transit_mjd AS "mjdUtc" FROM ${cal_transits} AS t
   WHERE src_name IS NOT NULL AND transit_mjd BETWEEN -1e9 AND 1e9`;

/** Whether a transit is there already: it may have been computed with another table of the Earth's rotation. */
export const sameTransit = (name: string, mjd: string) => `SELECT 1 FROM cal_transits WHERE src_name = ${name}
  AND transit_mjd BETWEEN ${mjd} - ${SAME_OBSERVATION_DAYS} AND ${mjd} + ${SAME_OBSERVATION_DAYS}`;

export const instruments: Query = ({ pointing_instruments }) =>
  `SELECT id, name, latitude_deg AS "latitudeDeg", longitude_deg AS "longitudeDeg", altitude_m AS "altitudeM",
     dish_m AS "dishM", first_mjd AS "firstMjdUtc", last_mjd AS "lastMjdUtc", longest_s AS "longestSeconds",
     lowest_hz AS "lowestHz" FROM ${pointing_instruments} AS i ORDER BY id`;

/**
 * The `LedgerState` of a ledger row f of an unchanged file, whose history row is h; or `incomplete`. Of several files of one time
 * the history has the values of the one recorded last, and the others are stored too: to read them again would change nothing.
 */
export const ledgerState = ({ pointing_files }: Sources) => `CASE WHEN f.state <> 'stored' THEN f.state
  WHEN h.timestamp IS NULL THEN 'unread'
  WHEN f.quality IS NULL THEN 'incomplete'
  WHEN h.ra_deg = f.ra_deg AND h.dec_deg = f.dec_deg THEN 'stored'
  WHEN EXISTS (SELECT 1 FROM ${pointing_files} AS g WHERE g.timestamp = f.timestamp AND g.state = 'stored'
    AND g.ra_deg = h.ra_deg AND g.dec_deg = h.dec_deg) THEN 'stored'
  ELSE 'unread' END`;

/** Deletes a history row that no file has any more. `where` names the row. */
export const dropOrphan = (where: string) => `DELETE FROM pointing_history AS h WHERE ${where}
  AND NOT EXISTS (SELECT 1 FROM pointing_files AS f WHERE f.timestamp = h.timestamp)`;
/** Gives a history row the position of the file recorded last of those that have it. */
export const restoreSurvivor = (where: string) => `UPDATE pointing_history AS h SET (ra_deg, dec_deg) =
    (SELECT f.ra_deg, f.dec_deg FROM pointing_files AS f WHERE f.timestamp = h.timestamp AND f.ra_deg IS NOT NULL
     ORDER BY f.state = 'stored' DESC, f.recorded_at DESC, f.path LIMIT 1)
  WHERE ${where}
    AND EXISTS (SELECT 1 FROM pointing_files AS f WHERE f.timestamp = h.timestamp AND f.ra_deg IS NOT NULL)`;

const unmatched = (sources: Sources) => `FROM ${sources.pointing_files} AS f
  LEFT JOIN ${sources.pointing_history} AS h ON h.timestamp = f.timestamp
  WHERE f.state = 'stored' AND ${ledgerState(sources)} = 'unread'`;
export const unmatchedCount: Query = (sources) => `SELECT count(*) AS files ${unmatched(sources)}`;
export const unmatchedFirst: Query = (sources) =>
  `SELECT f.path ${unmatched(sources)} ORDER BY f.path LIMIT 3`;
