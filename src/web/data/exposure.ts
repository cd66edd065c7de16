import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { OBSERVATION_SECONDS } from './instrument.js';
import type { Track } from './track.js';

/** How far the sky turns in a second: the rate of mean sidereal time (IAU 1982). */
export const SIDEREAL_DEG_PER_SECOND = (360 * 1.00273790935) / SECONDS_PER_DAY;

/** The time a row stands for, and the right ascensions that drifted past meanwhile; `eastDeg` can exceed 360. */
export interface Exposure {
  readonly seconds: number;
  readonly westDeg: number;
  readonly eastDeg: number;
}

/** A row stands for its own observation and, on a thinned track, those that follow it. */
export function exposureOf(track: Track, row: number, raDeg: number): Exposure {
  const longest = track.stride * OBSERVATION_SECONDS;
  const apart =
    row + 1 < track.count ? (track.mjd(row + 1) - track.mjd(row)) * SECONDS_PER_DAY : OBSERVATION_SECONDS;
  const seconds = Math.min(apart, longest);
  const driftDeg = seconds * SIDEREAL_DEG_PER_SECOND;
  const westDeg = raDeg - Math.min(driftDeg / 2, (OBSERVATION_SECONDS / 2) * SIDEREAL_DEG_PER_SECOND);
  return { seconds, westDeg, eastDeg: westDeg + driftDeg };
}

/** Spreads the time of an exposure over bins of right ascension: calls back with each bin and its seconds. */
export function spread(
  { seconds, westDeg, eastDeg }: Exposure,
  binDeg: number,
  add: (bin: number, seconds: number) => void,
): void {
  const bins = Math.round(360 / binDeg);
  for (let bin = Math.floor(westDeg / binDeg); bin * binDeg < eastDeg; bin++) {
    const insideDeg = Math.min(eastDeg, (bin + 1) * binDeg) - Math.max(westDeg, bin * binDeg);
    add(((bin % bins) + bins) % bins, (seconds * insideDeg) / (eastDeg - westDeg));
  }
}
