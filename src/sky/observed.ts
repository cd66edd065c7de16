import { astrometry, type Site } from '../native/astrometry.js';
import type { Observation } from '../store/rows.js';
import { type Degrees, degrees } from '../units.js';
import { hourAngleDeg } from './angles.js';
import { dsa110 } from './site.js';
import type { Pages } from './table/column.js';

/** An observation with every position known. */
export interface ObservedRow extends Observation {
  readonly raIcrsDeg: Degrees;
  readonly decIcrsDeg: Degrees;
  readonly haDeg: Degrees;
}

/**
 * Fills in what the ledger does not have, a page of rows at a time: the hour angle, which is sidereal time minus right ascension,
 * and the ICRS position. Rows that say nothing of their file are the telescope's own, so its site serves.
 */
export async function* observed(
  pages: Pages<Observation>,
  site: Site = dsa110,
): AsyncGenerator<readonly ObservedRow[]> {
  for await (const rows of pages) yield filledIn(rows, site);
}

/** The same for rows that are at hand. */
export function filledIn(rows: readonly Observation[], site: Site = dsa110): readonly ObservedRow[] {
  const unknown = rows.filter((row) => !isWhole(row));
  if (unknown.length === 0) return rows as readonly ObservedRow[];
  const times = Float64Array.from(unknown, ({ timestamp }) => timestamp);
  const lstDeg = astrometry().apparentSiderealTimesDeg(times, site.longitudeDeg);
  const haDeg = Float64Array.from(
    unknown,
    (row, i) => row.haDeg ?? hourAngleDeg(lstDeg[i] as number, row.ra_deg),
  );
  const decDeg = Float64Array.from(unknown, ({ dec_deg }) => dec_deg);
  const icrs = astrometry().icrsOfApparentSeries(haDeg, decDeg, times, site);
  let i = 0;
  return rows.map((row): ObservedRow => {
    if (isWhole(row)) return row;
    const known = {
      haDeg: degrees(haDeg[i] as number),
      raIcrsDeg: row.raIcrsDeg ?? degrees(icrs.raIcrsDeg[i] as number),
      decIcrsDeg: row.decIcrsDeg ?? degrees(icrs.decIcrsDeg[i] as number),
    };
    i++;
    return { ...row, ...known };
  });
}

const isWhole = (row: Observation): row is ObservedRow =>
  row.haDeg !== null && row.raIcrsDeg !== null && row.decIcrsDeg !== null;
