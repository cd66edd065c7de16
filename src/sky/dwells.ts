import type { Degrees, MjdUtc } from '../units.js';
import { DEFAULT_JUMP_DEG } from './declination-changes.js';
import type { TakenRow } from './instruments.js';
import type { RowSink } from './observation-time.js';

/** The telescope at one declination, from its first observation there to its last. */
export interface Dwell {
  /** Mid times of the first and the last observation. */
  readonly fromMjdUtc: MjdUtc;
  readonly toMjdUtc: MjdUtc;
  /** Of the first observation, apparent. */
  readonly decDeg: Degrees;
  readonly observations: number;
  /** Observed; gaps do not count. */
  readonly seconds: number;
}

/** A dwell ends where the declination of successive rows differs by more than the threshold. */
export class DwellList implements RowSink {
  readonly #thresholdDeg: Degrees;
  readonly #found: { -readonly [K in keyof Dwell]: Dwell[K] }[] = [];
  #previousDeg = Number.NaN;

  constructor(thresholdDeg: Degrees = DEFAULT_JUMP_DEG) {
    this.#thresholdDeg = thresholdDeg;
  }

  add({ timestamp, dec_deg }: TakenRow, seconds: number): void {
    const dwell = this.#found.at(-1);
    if (dwell && Math.abs(dec_deg - this.#previousDeg) <= this.#thresholdDeg) {
      dwell.toMjdUtc = timestamp;
      dwell.observations++;
      dwell.seconds += seconds;
    } else {
      this.#found.push({
        fromMjdUtc: timestamp,
        toMjdUtc: timestamp,
        decDeg: dec_deg,
        observations: 1,
        seconds,
      });
    }
    this.#previousDeg = dec_deg;
  }

  result(): Dwell[] {
    return this.#found;
  }
}
