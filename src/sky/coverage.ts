import type { HistoryRow } from '../store/store.js';
import { type Degrees, degrees } from '../units.js';
import { wrap360 } from './angles.js';
import { feed, type RowSink, type Rows, SIDEREAL_DEG_PER_SECOND } from './observation-time.js';

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
 * The time on sky by declination and right ascension. The sky drifts past during an observation, so its time is spread over
 * the right ascensions around that of its middle.
 */
export class CoverageSums implements RowSink {
  readonly #bins: CoverageBins;
  readonly #raBins: number;
  readonly #bands = new Map<number, { seconds: number; raBinSeconds: number[] }>();

  constructor(bins: CoverageBins) {
    this.#bins = bins;
    this.#raBins = Math.ceil(360 / bins.raBinDeg - 1e-9);
  }

  add({ ra_deg, dec_deg }: HistoryRow, seconds: number): void {
    const index = Math.floor(dec_deg / this.#bins.decBinDeg);
    let band = this.#bands.get(index);
    if (!band) {
      band = { seconds: 0, raBinSeconds: new Array<number>(this.#raBins).fill(0) };
      this.#bands.set(index, band);
    }
    band.seconds += seconds;
    spread(band.raBinSeconds, this.#bins.raBinDeg, ra_deg, seconds);
  }

  result(): Coverage {
    const { decBinDeg } = this.#bins;
    return {
      bands: [...this.#bands]
        .sort(([a], [b]) => a - b)
        .map(([index, band]) => ({
          decMinDeg: degrees(index * decBinDeg),
          decMaxDeg: degrees((index + 1) * decBinDeg),
          ...band,
        })),
    };
  }
}

/** The same of rows, oldest first. */
export async function coverage(rows: Rows<HistoryRow>, bins: CoverageBins): Promise<Coverage> {
  const sums = new CoverageSums(bins);
  await feed(rows, [sums]);
  return sums.result();
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
