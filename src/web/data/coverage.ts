import { exposureOf, spread } from './exposure.js';
import type { Track } from './track.js';

/** Declinations closer than this are one pointing, as in the monitor's own changes of declination. */
export const SAME_DECLINATION_DEG = 0.1;
export const RA_BIN_DEG = 2.5;

/** The time at one apparent declination. */
export interface Pointing {
  readonly decMinDeg: number;
  readonly decMaxDeg: number;
  /** Of the middle observation. */
  readonly decDeg: number;
  readonly seconds: number;
  /** The same by apparent right ascension; bin i begins at i * RA_BIN_DEG. */
  readonly raBinSeconds: Float64Array;
}

/** The pointings of the rows from one index up to another, northernmost first. */
export function pointingsOf(track: Track, from: number, to: number): Pointing[] {
  const rows = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
    .filter((i) => Number.isFinite(track.decDeg(i)) && Number.isFinite(track.raDeg(i)))
    .sort((a, b) => track.decDeg(b) - track.decDeg(a));
  const groups: number[][] = [];
  for (const row of rows) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && track.decDeg(last) - track.decDeg(row) <= SAME_DECLINATION_DEG)
      groups.at(-1)?.push(row);
    else groups.push([row]);
  }
  return groups.map((group) => pointingOf(track, group));
}

function pointingOf(track: Track, rows: readonly number[]): Pointing {
  const raBinSeconds = new Float64Array(360 / RA_BIN_DEG);
  let total = 0;
  for (const row of rows) {
    const exposure = exposureOf(track, row, track.raDeg(row));
    total += exposure.seconds;
    spread(exposure, RA_BIN_DEG, (bin, seconds) => {
      raBinSeconds[bin] = (raBinSeconds[bin] as number) + seconds;
    });
  }
  const decOf = (i: number) => track.decDeg(rows[i] as number);
  return {
    decMinDeg: decOf(rows.length - 1),
    decMaxDeg: decOf(0),
    decDeg: decOf(rows.length >> 1),
    seconds: total,
    raBinSeconds,
  };
}
