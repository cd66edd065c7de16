import type { FileResult } from '#src/store/rows.js';
import { degrees, mjdUtc } from '#src/units.js';
import { byDsa110 } from '../../helpers/observations.js';

/** Each hundredth file is of the host `bench`. */
export const HOSTS = 100;

/** Ten million of them end before today: what lies in the future is passed over. */
const FIRST_MJD = 61_000;
const SECONDS_BETWEEN = 309 / HOSTS;
const ROWS_PER_DECLINATION = 280 * HOSTS;
const SECONDS_PER_DAY = 86_400;

/** The i-th observation of a hundred telescopes that point for a day at each declination. */
export function observation(i: number, directory = '/data/incoming'): FileResult {
  const mjd = FIRST_MJD + (i * SECONDS_BETWEEN) / SECONDS_PER_DAY;
  const raDeg = (i * 1.294) % 360;
  const decDeg = -20 + (Math.floor(i / ROWS_PER_DECLINATION) % 100);
  return {
    outcome: {
      path: `${directory}/${String(i).padStart(9, '0')}T00:00:00_sb00.hdf5`,
      version: {
        sizeBytes: 145_000_000,
        mtimeUs: 1_759_590_000_000_000 + i,
        ctimeUs: 1_759_590_000_000_000 + i,
      },
      pointing: {
        kind: 'hadec',
        midTimeMjdUtc: mjdUtc(mjd),
        raDeg: degrees(raDeg),
        decDeg: degrees(decDeg),
        raIcrsDeg: degrees(raDeg),
        decIcrsDeg: degrees(decDeg),
        haDeg: degrees(0),
        lstDeg: degrees(raDeg),
        ...byDsa110,
      },
    },
    state: 'stored',
    attempts: 1,
  };
}

export const mjdOf = (i: number) => mjdUtc(FIRST_MJD + (i * SECONDS_BETWEEN) / SECONDS_PER_DAY);

/** The same rows, made by the server itself, for tables of millions. */
export const FILL = `
INSERT INTO pointing_history SELECT mjd, ra, dec FROM (
  SELECT ${FIRST_MJD} + i * ${SECONDS_BETWEEN}::float8 / ${SECONDS_PER_DAY} AS mjd, (i * 1.294)::float8 - 360 * floor(i * 1.294 / 360) AS ra,
    -20 + (i / ${ROWS_PER_DECLINATION}) % 100 AS dec FROM generate_series($1::bigint, $2::bigint - 1) AS i) AS rows
ON CONFLICT DO NOTHING`;

export const FILL_LEDGER = `
INSERT INTO pointing_files (host, path, size, mtime_us, ctime_us, state, kind, attempts, timestamp, ra_icrs_deg, dec_icrs_deg,
  ha_deg, recorded_at)
SELECT CASE WHEN i % ${HOSTS} = 0 THEN 'bench' ELSE 'host-' || i % ${HOSTS} END, '/data/incoming/' || lpad(i::text, 9, '0') || 'T00:00:00_sb00.hdf5', 145000000, 1759590000000000 + i,
  1759590000000000 + i, 'stored', 'hadec', 1, ${FIRST_MJD} + i * ${SECONDS_BETWEEN}::float8 / ${SECONDS_PER_DAY}, 1, 1, 0, 1.7e9
FROM generate_series($1::bigint, $2::bigint - 1) AS i`;
