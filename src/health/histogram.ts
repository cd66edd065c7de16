/** How often a duration was at most each bound: the buckets of Prometheus, each with all the smaller ones in it. */
export interface HistogramReport {
  readonly bounds_seconds: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum_seconds: number;
}

/** Of reading a header: a millisecond warm, seconds where a disk or libhdf5 is slow. */
const BOUNDS_SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

/** Durations since the start, in bounded memory. */
export class Histogram {
  readonly #counts = BOUNDS_SECONDS.map(() => 0);
  #count = 0;
  #sum = 0;

  observe(seconds: number): void {
    this.#count++;
    this.#sum += seconds;
    for (const [i, bound] of BOUNDS_SECONDS.entries()) {
      if (seconds <= bound) this.#counts[i] = (this.#counts[i] as number) + 1;
    }
  }

  report(): HistogramReport {
    return {
      bounds_seconds: BOUNDS_SECONDS,
      counts: [...this.#counts],
      count: this.#count,
      sum_seconds: Math.round(this.#sum * 1e6) / 1e6,
    };
  }
}
