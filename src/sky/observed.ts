import { astrometry, type Site } from '../native/astrometry.js';
import type { Observation } from '../store/rows.js';
import { type Degrees, degrees } from '../units.js';
import { hourAngleDeg } from './angles.js';
import { dsa110 } from './site.js';

/** An observation with every position known. */
export interface ObservedRow extends Observation {
  readonly raIcrsDeg: Degrees;
  readonly decIcrsDeg: Degrees;
  readonly haDeg: Degrees;
}

const ROWS_PER_CALL = 1000;

/**
 * Fills in what the ledger does not have: the hour angle, which is sidereal time minus right ascension, and the ICRS
 * position. Rows that say nothing of their file are the telescope's own, so its site serves.
 */
export async function* observed(
  rows: AsyncIterable<Observation> | Iterable<Observation>,
  site: Site = dsa110,
): AsyncGenerator<ObservedRow> {
  let batch: Observation[] = [];
  for await (const row of rows) {
    if (batch.push(row) < ROWS_PER_CALL) continue;
    yield* filledIn(batch, site);
    batch = [];
  }
  yield* filledIn(batch, site);
}

/** The same for rows that are at hand. */
export function filledIn(rows: readonly Observation[], site: Site = dsa110): ObservedRow[] {
  const times = Float64Array.from(rows, ({ timestamp }) => timestamp);
  const lstDeg = astrometry().apparentSiderealTimesDeg(times, site.longitudeDeg);
  const haDeg = Float64Array.from(
    rows,
    (row, i) => row.haDeg ?? hourAngleDeg(lstDeg[i] as number, row.ra_deg),
  );
  const decDeg = Float64Array.from(rows, ({ dec_deg }) => dec_deg);
  const icrs = astrometry().icrsOfApparentSeries(haDeg, decDeg, times, site);
  return rows.map((row, i) => ({
    ...row,
    haDeg: degrees(haDeg[i] as number),
    raIcrsDeg: row.raIcrsDeg ?? degrees(icrs.raIcrsDeg[i] as number),
    decIcrsDeg: row.decIcrsDeg ?? degrees(icrs.decIcrsDeg[i] as number),
  }));
}
