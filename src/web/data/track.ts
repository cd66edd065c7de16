import type { Observation } from './api.js';

const COLUMNS = 5;
const ROW_BYTES = COLUMNS * 8;

/** The rows on show, oldest first, as the server sends them: five doubles each. */
export class Track {
  count = 0;
  #rows = new Float64Array(COLUMNS * 1024);
  #partial = new Uint8Array(0);

  mjd = (i: number) => this.#rows[i * COLUMNS] as number;
  raDeg = (i: number) => this.#rows[i * COLUMNS + 1] as number;
  decDeg = (i: number) => this.#rows[i * COLUMNS + 2] as number;
  raIcrsDeg = (i: number) => this.#rows[i * COLUMNS + 3] as number;
  decIcrsDeg = (i: number) => this.#rows[i * COLUMNS + 4] as number;

  /** Takes in bytes of the binary track; a row may be cut between two pieces. */
  addBytes(piece: Uint8Array): void {
    const bytes = new Uint8Array(this.#partial.length + piece.length);
    bytes.set(this.#partial);
    bytes.set(piece, this.#partial.length);
    const rows = Math.floor(bytes.length / ROW_BYTES);
    this.#makeRoom(rows);
    // Every browser's machine is little-endian, as the rows are.
    this.#rows.set(new Float64Array(bytes.buffer, 0, rows * COLUMNS), this.count * COLUMNS);
    this.count += rows;
    this.#partial = bytes.slice(rows * ROW_BYTES);
  }

  /** Adds a row newer than all others; any other is refused. */
  add({ timestamp, ra_deg, dec_deg, ra_icrs_deg, dec_icrs_deg }: Observation): boolean {
    if (this.count > 0 && timestamp <= this.mjd(this.count - 1)) return false;
    this.#makeRoom(1);
    const row = [timestamp, ra_deg, dec_deg, ra_icrs_deg ?? Number.NaN, dec_icrs_deg ?? Number.NaN];
    this.#rows.set(row, this.count++ * COLUMNS);
    return true;
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

  #makeRoom(rows: number): void {
    const needed = (this.count + rows) * COLUMNS;
    if (needed <= this.#rows.length) return;
    const larger = new Float64Array(Math.max(needed, this.#rows.length * 2));
    larger.set(this.#rows.subarray(0, this.count * COLUMNS));
    this.#rows = larger;
  }
}
