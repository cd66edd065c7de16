import type { HistoryRow } from '../store/store.js';

/** Time on sky of one declination band, by right ascension. */
export interface CoverageBand {
  readonly decMinDeg: number;
  readonly decMaxDeg: number;
  readonly seconds: number;
  /** Bin i begins at i times the bin width. */
  readonly raBinSeconds: number[];
}

export interface CoverageBins {
  readonly decBinDeg: number;
  readonly raBinDeg: number;
}

/** 24 integrations of 12.884901888 s. */
const OBSERVATION_SECONDS = 24 * 12.884901888;
const SECONDS_PER_DAY = 86400;

/**
 * How long the telescope looked where, of rows oldest first. An observation lasts its 309 s, or until the next one where
 * that is sooner, and counts where its middle is: it drifts through 1.3 deg. Bands that were never seen are left out.
 */
export async function coverage(
  rows: AsyncIterable<HistoryRow> | Iterable<HistoryRow>,
  { decBinDeg, raBinDeg }: CoverageBins,
): Promise<{ bands: CoverageBand[] }> {
  const raBins = Math.ceil(360 / raBinDeg);
  const bands = new Map<number, number[]>();
  const add = ({ ra_deg, dec_deg }: HistoryRow, seconds: number) => {
    const band = Math.floor((dec_deg + 90) / decBinDeg);
    const bins = bands.get(band) ?? new Array<number>(raBins).fill(0);
    bands.set(band, bins);
    const bin = Math.floor((((ra_deg % 360) + 360) % 360) / raBinDeg);
    bins[bin] = (bins[bin] as number) + seconds;
  };
  let previous: HistoryRow | undefined;
  for await (const row of rows) {
    if (previous) {
      const apart = (row.timestamp - previous.timestamp) * SECONDS_PER_DAY;
      add(previous, Math.min(OBSERVATION_SECONDS, apart));
    }
    previous = row;
  }
  if (previous) add(previous, OBSERVATION_SECONDS);
  return {
    bands: [...bands]
      .sort(([a], [b]) => a - b)
      .map(([band, raBinSeconds]) => ({
        decMinDeg: band * decBinDeg - 90,
        decMaxDeg: Math.min(90, (band + 1) * decBinDeg - 90),
        seconds: raBinSeconds.reduce((sum, seconds) => sum + seconds, 0),
        raBinSeconds,
      })),
  };
}
