import { greatest } from '../greatest.js';
import { type Degrees, degrees, SECONDS_PER_DAY } from '../units.js';
import { wrap360 } from './angles.js';
import type { TakenRow } from './instruments.js';
import { type RowSink, SIDEREAL_DEG_PER_SECOND } from './observation-time.js';

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

/** The seconds of the bin with most. */
export const longestBin = (bands: readonly Band[]): number =>
  greatest([0, ...bands.map(({ raBinSeconds }) => greatest(raBinSeconds))]);

export interface CoverageBins {
  readonly decBinDeg: number;
  readonly raBinDeg: number;
}

/**
 * Adds up the time on sky by declination and right ascension, of one telescope's rows added oldest first. Each observed for as
 * long as it says, or up to the next row where that is sooner. The sky drifts past during an observation, so its time is
 * spread over the right ascensions around that of its middle.
 */
export class CoverageSum {
  readonly #bins: CoverageBins;
  readonly #raBins: number;
  readonly #bands = new Map<number, { seconds: number; raBinSeconds: Float64Array }>();
  #held = false;
  #timestamp = 0;
  #raDeg = 0;
  #decDeg = 0;
  #seconds = 0;

  constructor(bins: CoverageBins) {
    this.#bins = bins;
    this.#raBins = Math.ceil(360 / bins.raBinDeg - 1e-9);
  }

  /** How many numbers the sum has. */
  get cells(): number {
    return this.#bands.size * this.#raBins;
  }

  add(timestamp: number, raDeg: number, decDeg: number, seconds: number): void {
    if (this.#held) {
      const toNext = (timestamp - this.#timestamp) * SECONDS_PER_DAY;
      this.#observed(toNext < this.#seconds ? toNext : this.#seconds);
    }
    this.#held = true;
    this.#timestamp = timestamp;
    this.#raDeg = raDeg;
    this.#decDeg = decDeg;
    this.#seconds = seconds;
  }

  /** After the last row. */
  finish(): Coverage {
    if (this.#held) this.#observed(this.#seconds);
    this.#held = false;
    const { decBinDeg } = this.#bins;
    return {
      bands: [...this.#bands]
        .sort(([a], [b]) => a - b)
        .map(([index, band]) => ({
          decMinDeg: degrees(index * decBinDeg),
          decMaxDeg: degrees((index + 1) * decBinDeg),
          seconds: band.seconds,
          raBinSeconds: [...band.raBinSeconds],
        })),
    };
  }

  #observed(seconds: number): void {
    const index = Math.floor(this.#decDeg / this.#bins.decBinDeg);
    let band = this.#bands.get(index);
    if (!band) {
      band = { seconds: 0, raBinSeconds: new Float64Array(this.#raBins) };
      this.#bands.set(index, band);
    }
    band.seconds += seconds;
    spread(band.raBinSeconds, this.#bins.raBinDeg, this.#raDeg, seconds);
  }
}

/** The same as a sink of rows. */
export class CoverageSums implements RowSink {
  readonly #sum: CoverageSum;

  constructor(bins: CoverageBins) {
    this.#sum = new CoverageSum(bins);
  }

  add({ timestamp, ra_deg, dec_deg }: TakenRow, seconds: number): void {
    this.#sum.add(timestamp, ra_deg, dec_deg, seconds);
  }

  result(): Coverage {
    return this.#sum.finish();
  }
}

/** Adds to each bin the time during which the sky of its right ascensions passed. */
function spread(binSeconds: Float64Array, raBinDeg: number, midRaDeg: number, seconds: number): void {
  const widthDeg = seconds * SIDEREAL_DEG_PER_SECOND;
  const fromDeg = wrap360(midRaDeg - widthDeg / 2);
  addPart(binSeconds, raBinDeg, fromDeg, Math.min(fromDeg + widthDeg, 360));
  if (fromDeg + widthDeg > 360) addPart(binSeconds, raBinDeg, 0, fromDeg + widthDeg - 360);
}

function addPart(binSeconds: Float64Array, raBinDeg: number, fromDeg: number, toDeg: number): void {
  for (let i = Math.floor(fromDeg / raBinDeg); i * raBinDeg < toDeg && i < binSeconds.length; i++) {
    const insideDeg = Math.min(toDeg, (i + 1) * raBinDeg) - Math.max(fromDeg, i * raBinDeg);
    binSeconds[i] = (binSeconds[i] as number) + insideDeg / SIDEREAL_DEG_PER_SECOND;
  }
}
