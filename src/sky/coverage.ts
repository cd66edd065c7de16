import { greatest } from '../greatest.js';
import { kept } from '../maps.js';
import { type Degrees, degrees, wrap360 } from '../units.js';
import type { Instrument } from './instrument.js';
import type { TakenRow } from './instruments.js';
import { driftDegPerSecond, type RowSink, secondsBeforeNext } from './observation-time.js';

/** The time spent in one band of declination. Apparent positions. */
export interface Band {
  readonly decMinDeg: Degrees;
  readonly decMaxDeg: Degrees;
  readonly seconds: number;
  /** Bin i goes from i * raBinDeg; the last may be narrower, as bands at the poles. */
  readonly raBinSeconds: readonly number[];
}

export interface Coverage extends CoverageBins {
  /** How many bins of right ascension each band has. */
  readonly raBins: number;
  /** Those with any time, by declination. */
  readonly bands: readonly Band[];
}

/** Without the rounding of a product: 16.4 and not 16.400000000000002. */
const edgeDeg = (deg: number) => Math.round(deg * 1e9) / 1e9;

/** How many decimals the edges of bins of this width have, at most four. */
export const decimalsOf = (binDeg: number): number =>
  Math.min((String(edgeDeg(binDeg)).split('.')[1] ?? '').length, 4);

/** The seconds of the bin with most. */
export const longestBin = (bands: readonly Band[]): number =>
  greatest([0, ...bands.map(({ raBinSeconds }) => greatest(raBinSeconds))]);

export interface CoverageBins {
  readonly decBinDeg: number;
  readonly raBinDeg: number;
}

interface BandSum {
  seconds: number;
  readonly raBinSeconds: Float64Array;
}

/**
 * Adds up the time on sky by declination and right ascension. Where the sky drifts past during an observation, its time is spread
 * over the right ascensions around that of its middle; where the telescope follows it, all time is at one.
 */
export class CoverageSum implements RowSink {
  readonly #bins: CoverageBins;
  readonly #raBins: number;
  /** The band that ends at the pole, which is in it. */
  readonly #northernmost: number;
  readonly #bands = new Map<number, BandSum>();
  /** That of the row before, which is nearly always that of the next. */
  #index = Number.NaN;
  #band: BandSum = { seconds: 0, raBinSeconds: new Float64Array() };

  constructor(bins: CoverageBins) {
    this.#bins = bins;
    this.#raBins = Math.ceil(360 / bins.raBinDeg - 1e-9);
    this.#northernmost = Math.ceil(90 / bins.decBinDeg - 1e-9) - 1;
  }

  /** How many numbers the sum has. */
  get cells(): number {
    return this.#bands.size * this.#raBins;
  }

  add({ ra_deg, dec_deg, kind }: TakenRow, seconds: number, _: Instrument, wholeSeconds: number): void {
    this.addTime(ra_deg, dec_deg, seconds, wholeSeconds, driftDegPerSecond(kind));
  }

  /** The first `seconds` of an observation with its middle at this place, apparent, past which the sky drifts so fast. */
  addTime(raDeg: number, decDeg: number, seconds: number, wholeSeconds: number, degPerSecond: number): void {
    const index = Math.min(Math.floor(decDeg / this.#bins.decBinDeg), this.#northernmost);
    if (index !== this.#index) {
      this.#index = index;
      this.#band = kept(this.#bands, index, () => ({
        seconds: 0,
        raBinSeconds: new Float64Array(this.#raBins),
      }));
    }
    this.#band.seconds += seconds;
    const startDeg = raDeg - (wholeSeconds / 2) * degPerSecond;
    spread(this.#band.raBinSeconds, this.#bins.raBinDeg, startDeg, seconds, degPerSecond);
  }

  result(): Coverage {
    const { decBinDeg } = this.#bins;
    return {
      ...this.#bins,
      raBins: this.#raBins,
      bands: [...this.#bands]
        .sort(([a], [b]) => a - b)
        .map(([index, band]) => ({
          decMinDeg: degrees(Math.max(edgeDeg(index * decBinDeg), -90)),
          decMaxDeg: degrees(Math.min(edgeDeg((index + 1) * decBinDeg), 90)),
          seconds: band.seconds,
          raBinSeconds: [...band.raBinSeconds],
        })),
    };
  }
}

/**
 * The same of one telescope's rows, oldest first: each observed for as long as it says, or up to the start of the next one where
 * that is sooner.
 */
export class CoverageOfRows {
  readonly #sum: CoverageSum;
  #held = false;
  #timestamp = 0;
  #raDeg = 0;
  #decDeg = 0;
  #seconds = 0;
  #degPerSecond = 0;

  constructor(bins: CoverageBins) {
    this.#sum = new CoverageSum(bins);
  }

  /** How many numbers the sum has. */
  get cells(): number {
    return this.#sum.cells;
  }

  /** The sky drifts past so fast. */
  add(timestamp: number, raDeg: number, decDeg: number, seconds: number, degPerSecond: number): void {
    if (this.#held) this.#give(secondsBeforeNext(this.#seconds, timestamp - this.#timestamp, seconds));
    this.#held = true;
    this.#timestamp = timestamp;
    this.#raDeg = raDeg;
    this.#decDeg = decDeg;
    this.#seconds = seconds;
    this.#degPerSecond = degPerSecond;
  }

  /** After the last row. */
  finish(): Coverage {
    if (this.#held) this.#give(this.#seconds);
    this.#held = false;
    return this.#sum.result();
  }

  #give(seconds: number): void {
    this.#sum.addTime(this.#raDeg, this.#decDeg, seconds, this.#seconds, this.#degPerSecond);
  }
}

/** Adds to each bin the time during which the sky of its right ascensions passed. */
function spread(
  binSeconds: Float64Array,
  raBinDeg: number,
  startDeg: number,
  seconds: number,
  degPerSecond: number,
): void {
  const widthDeg = seconds * degPerSecond;
  // A remainder takes half as long as all the rest.
  const fromDeg = startDeg >= 0 && startDeg < 360 ? startDeg : wrap360(startDeg);
  const toDeg = fromDeg + widthDeg;
  const first = Math.floor(fromDeg / raBinDeg);
  if (toDeg <= (first + 1) * raBinDeg && toDeg <= 360) {
    binSeconds[first] = (binSeconds[first] as number) + seconds;
    return;
  }
  addPart(binSeconds, raBinDeg, fromDeg, Math.min(toDeg, 360), degPerSecond);
  if (toDeg > 360) addPart(binSeconds, raBinDeg, 0, toDeg - 360, degPerSecond);
}

function addPart(
  binSeconds: Float64Array,
  raBinDeg: number,
  fromDeg: number,
  toDeg: number,
  degPerSecond: number,
): void {
  for (let i = Math.floor(fromDeg / raBinDeg); i * raBinDeg < toDeg && i < binSeconds.length; i++) {
    const insideDeg = Math.min(toDeg, (i + 1) * raBinDeg) - Math.max(fromDeg, i * raBinDeg);
    binSeconds[i] = (binSeconds[i] as number) + insideDeg / degPerSecond;
  }
}
