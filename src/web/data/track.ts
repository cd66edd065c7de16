import type { ObservationItem } from 'pointing-monitor/types';
import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { CADENCE_SECONDS } from './instrument.js';
import type { MjdSpan } from './range.js';

const COLUMNS = 5;

/** Rows on show, oldest first, five doubles each as the server sends them. A row's index never changes: rows are only added at the end. */
export class Track {
  count: number;
  /** Observations that the rows stand for. */
  observations: number;
  /** How many observations one row stands for at most; 1 where none is left out. */
  readonly stride: number;
  // Every browser's machine is little-endian, as the rows are.
  #rows: Float64Array;

  constructor(rows: Float64Array = new Float64Array(0), observations = rows.length / COLUMNS, stride = 1) {
    this.#rows = rows;
    this.count = rows.length / COLUMNS;
    this.observations = observations;
    this.stride = stride;
  }

  mjd = (i: number) => this.#rows[i * COLUMNS] as number;
  raDeg = (i: number) => this.#rows[i * COLUMNS + 1] as number;
  decDeg = (i: number) => this.#rows[i * COLUMNS + 2] as number;
  raIcrsDeg = (i: number) => this.#rows[i * COLUMNS + 3] as number;
  decIcrsDeg = (i: number) => this.#rows[i * COLUMNS + 4] as number;

  /** How many observations the rows from one index up to another stand for: about, where some are left out. */
  observationsIn(from: number, to: number): number {
    if (this.stride === 1) return to - from;
    let sum = 0;
    for (let i = from; i < to; i++) sum += this.#observationsAt(i);
    return sum;
  }

  /** Around moves, and of rows that were added, none is left out. */
  #observationsAt(i: number): number {
    if (i + 1 >= this.count) return 1;
    const apart = Math.round(((this.mjd(i + 1) - this.mjd(i)) * SECONDS_PER_DAY) / CADENCE_SECONDS);
    return Math.min(this.stride, Math.max(1, apart));
  }

  /** Those within a span, both ends included: itself where that is all of them. */
  kept({ start, end }: MjdSpan): Track {
    const from = this.indexFrom(start);
    const to = this.#indexAfter(end);
    if (from === 0 && to === this.count) return this;
    const left = this.observationsIn(0, from) + this.observationsIn(to, this.count);
    return new Track(this.#part(from, to), this.observations - left, this.stride);
  }

  /** Adds a row newer than all others; any other is refused. */
  add({ timestamp, ra_deg, dec_deg, ra_icrs_deg, dec_icrs_deg }: ObservationItem): boolean {
    if (this.count > 0 && timestamp <= this.mjd(this.count - 1)) return false;
    this.#makeRoom();
    const row = [timestamp, ra_deg, dec_deg, ra_icrs_deg ?? Number.NaN, dec_icrs_deg ?? Number.NaN];
    this.#rows.set(row, this.count++ * COLUMNS);
    this.observations++;
    return true;
  }

  /** The same with the rows of a span, both ends included, replaced. Neither may leave rows out. */
  replaced({ start, end }: MjdSpan, by: Track): Track {
    const after = this.#indexAfter(end);
    const parts = [
      this.#part(0, this.indexFrom(start)),
      by.#part(0, by.count),
      this.#part(after, this.count),
    ];
    const rows = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      rows.set(part, at);
      at += part.length;
    }
    return new Track(rows);
  }

  /** The first row at or after a time. */
  indexFrom(mjd: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.mjd(middle) < mjd) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first row after a time. */
  #indexAfter(mjd: number): number {
    let after = this.indexFrom(mjd);
    while (after < this.count && this.mjd(after) <= mjd) after++;
    return after;
  }

  #part = (from: number, to: number) => this.#rows.subarray(from * COLUMNS, to * COLUMNS);

  #makeRoom(): void {
    if ((this.count + 1) * COLUMNS <= this.#rows.length) return;
    const larger = new Float64Array(Math.max(1024 * COLUMNS, this.#rows.length * 2));
    larger.set(this.#rows.subarray(0, this.count * COLUMNS));
    this.#rows = larger;
  }
}
