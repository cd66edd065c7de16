import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { SAME_DECLINATION_DEG } from './coverage.js';
import { CADENCE_SECONDS, OBSERVATION_SECONDS } from './instrument.js';
import type { Track } from './track.js';

/** The telescope at one declination without a gap: from its first observation there to its last. */
export interface Dwell {
  /** Mid times. */
  readonly startMjd: number;
  readonly endMjd: number;
  /** Apparent, of the first observation. */
  readonly decDeg: number;
  /** About, where the track leaves rows out. */
  readonly observations: number;
}

const GAP_SECONDS = 1800;

/** The dwells of the rows from one index up to another, oldest first. */
export function dwellsOf(track: Track, from = 0, to = track.count): Dwell[] {
  const found: { -readonly [K in keyof Dwell]: Dwell[K] }[] = [];
  const apartSeconds = track.stride * Math.max(OBSERVATION_SECONDS, CADENCE_SECONDS);
  const longestDays = (GAP_SECONDS + apartSeconds) / SECONDS_PER_DAY;
  for (let i = from; i < to; i++) {
    const [mjd, decDeg, last] = [track.mjd(i), track.decDeg(i), found.at(-1)];
    const isSame =
      last !== undefined &&
      Math.abs(decDeg - track.decDeg(i - 1)) <= SAME_DECLINATION_DEG &&
      mjd - last.endMjd <= longestDays;
    if (isSame) {
      last.endMjd = mjd;
      last.observations += track.observationsIn(i, i + 1);
    } else found.push({ startMjd: mjd, endMjd: mjd, decDeg, observations: track.observationsIn(i, i + 1) });
  }
  return found;
}
