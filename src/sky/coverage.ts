import type { HistoryRow } from '../store/store.js';
import { type Degrees, degrees } from '../units.js';
import { wrap360 } from './angles.js';
import { observationSeconds, SIDEREAL_DEG_PER_SECOND } from './observation-time.js';

/** The time spent in one band of declination. Apparent positions. */
export interface Band {
  readonly decMinDeg: Degrees;
  readonly decMaxDeg: Degrees;
  readonly seconds: number;
  /** Bin i goes from i * raBinDeg; the last may be narrower. */
  readonly raBinSeconds: readonly number[];
}

export interface Coverage {
  /** Those with any time, by declination. */
  readonly bands: readonly Band[];
}

export interface CoverageBins {
  readonly decBinDeg: number;
  readonly raBinDeg: number;
}

/**
 * The time on sky by declination and right ascension of rows, oldest first. The sky drifts past during an observation,
 * so its time is spread over the right ascensions around that of its middle.
 */
export async function coverage(
  rows: AsyncIterable<HistoryRow> | Iterable<HistoryRow>,
  { decBinDeg, raBinDeg }: CoverageBins,
): Promise<Coverage> {
  const bins = Math.ceil(360 / raBinDeg - 1e-9);
  const bands = new Map<number, { seconds: number; raBinSeconds: number[] }>();
  for await (const [row, seconds] of observationSeconds(rows)) {
    const index = Math.floor(row.dec_deg / decBinDeg);
    let band = bands.get(index);
    if (!band) {
      band = { seconds: 0, raBinSeconds: new Array<number>(bins).fill(0) };
      bands.set(index, band);
    }
    band.seconds += seconds;
    spread(band.raBinSeconds, raBinDeg, row.ra_deg, seconds);
  }
  return {
    bands: [...bands]
      .sort(([a], [b]) => a - b)
      .map(([index, band]) => ({
        decMinDeg: degrees(index * decBinDeg),
        decMaxDeg: degrees((index + 1) * decBinDeg),
        ...band,
      })),
  };
}

/** Adds to each bin the time during which the sky of its right ascensions passed. */
function spread(binSeconds: number[], raBinDeg: number, midRaDeg: number, seconds: number): void {
  const widthDeg = seconds * SIDEREAL_DEG_PER_SECOND;
  const fromDeg = wrap360(midRaDeg - widthDeg / 2);
  addPart(binSeconds, raBinDeg, fromDeg, Math.min(fromDeg + widthDeg, 360));
  addPart(binSeconds, raBinDeg, 0, fromDeg + widthDeg - 360);
}

function addPart(binSeconds: number[], raBinDeg: number, fromDeg: number, toDeg: number): void {
  for (let i = Math.floor(fromDeg / raBinDeg); i * raBinDeg < toDeg && i < binSeconds.length; i++) {
    const insideDeg = Math.min(toDeg, (i + 1) * raBinDeg) - Math.max(fromDeg, i * raBinDeg);
    binSeconds[i] = (binSeconds[i] as number) + insideDeg / SIDEREAL_DEG_PER_SECOND;
  }
}
