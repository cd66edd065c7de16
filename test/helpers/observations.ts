import { astrometry } from '#src/native/astrometry.js';
import type { Pointing } from '#src/native/outcome.js';
import { dsa110 } from '#src/sky/site.js';
import type { FileResult, Observation } from '#src/store/rows.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import type { Store } from '#src/store/writer.js';
import { degrees, isoOfMjdUtc, type MjdUtc, mjdUtc, SECONDS_PER_DAY } from '#src/units.js';

export interface Made {
  readonly mjd: number;
  readonly decDeg: number;
  readonly haDeg?: number;
  /** Else named after its beginning, in /in. */
  readonly path?: string;
  /** Else that of the DSA-110's files. */
  readonly seconds?: number;
}

/** As the telescope names it: by the time at which the file was opened. */
export const fileNameOf = (midTime: MjdUtc, durationSeconds: number = byDsa110.durationSeconds): string =>
  `${isoOfMjdUtc(mjdUtc(midTime - durationSeconds / 2 / SECONDS_PER_DAY)).slice(0, 19)}_sb00.hdf5`;

/** The history row of a telescope over OVRO. */
export function madeObservation({ mjd, decDeg, haDeg = 0, path, seconds }: Made): Observation {
  const time = mjdUtc(mjd);
  const lstDeg = astrometry().apparentSiderealTimeDeg(time, dsa110.longitudeDeg);
  const durationSeconds = seconds ?? byDsa110.durationSeconds;
  return {
    timestamp: time,
    ra_deg: degrees((lstDeg - haDeg + 360) % 360),
    dec_deg: degrees(decDeg),
    path: path ?? `/in/${fileNameOf(time, durationSeconds)}`,
    kind: 'hadec',
    raIcrsDeg: null,
    decIcrsDeg: null,
    haDeg: degrees(haDeg),
    durationSeconds,
    minFrequencyHz: byDsa110.minFrequencyHz,
    maxFrequencyHz: byDsa110.maxFrequencyHz,
    quality: 'even',
    recordedAt: null,
    instrumentId: null,
  };
}

/** What a file of the telescope says beside its pointing. */
export const byDsa110 = {
  nTimes: 24,
  durationSeconds: 309.237645312,
  minFrequencyHz: 1.51840419e9,
  maxFrequencyHz: 1.53012207e9,
  instrument: { name: 'OVRO_MMA', site: dsa110, dishM: 4.65 },
  quality: ['even'],
} as const satisfies Partial<Pointing>;

/** Stores observations as the monitor does. */
export async function storeObservations(productsDb: string, all: readonly Made[]): Promise<void> {
  const store = new SqliteStore(productsDb, { lockWait: 'short' });
  await recordObservations(store, all);
  await store.close();
}

/** The same in any store. */
export async function recordObservations(store: Pick<Store, 'record'>, all: readonly Made[]): Promise<void> {
  const results = all.map((each): FileResult => {
    const { timestamp, ra_deg, dec_deg, path, haDeg, durationSeconds } = madeObservation(each);
    const icrs = astrometry().icrsOfApparentSeries(
      Float64Array.of(haDeg as number),
      Float64Array.of(dec_deg),
      Float64Array.of(timestamp),
      dsa110,
    );
    return {
      outcome: {
        path: path as string,
        version: { sizeBytes: 1, mtimeUs: 1, ctimeUs: 1 },
        pointing: {
          kind: 'hadec',
          midTimeMjdUtc: timestamp,
          raDeg: ra_deg,
          decDeg: dec_deg,
          raIcrsDeg: degrees(icrs.raIcrsDeg[0] as number),
          decIcrsDeg: degrees(icrs.decIcrsDeg[0] as number),
          haDeg: degrees(haDeg as number),
          lstDeg: degrees(0),
          ...byDsa110,
          durationSeconds: durationSeconds as number,
        },
      },
      state: 'stored',
      attempts: 1,
    };
  });
  await store.record(results);
}
