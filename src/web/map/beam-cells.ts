import { RAD_PER_DEG } from 'pointing-monitor/units';
import type { Exposure } from '../data/exposure.js';
import { DEC_BIN_DEG, DEC_BINS, RA_BIN_DEG, RA_BINS } from './blocks.js';
import { clamp } from './state.js';

/**
 * Calls back with each cell of the sky whose middle was within the beam during an exposure, and for how many seconds: the middle of the
 * beam drifts along a declination, and a cell is in the beam while it is no further away in right ascension than half a chord.
 */
export function cellsInBeam(
  { seconds, westDeg, eastDeg }: Exposure,
  decDeg: number,
  radiusDeg: number,
  add: (cell: number, seconds: number) => void,
): void {
  const first = Math.max(0, Math.ceil((decDeg - radiusDeg + 90) / DEC_BIN_DEG - 0.5));
  const last = Math.min(DEC_BINS - 1, Math.floor((decDeg + radiusDeg + 90) / DEC_BIN_DEG - 0.5));
  for (let row = first; row <= last; row++) {
    const halfDeg = halfChordDeg(decDeg, (row + 0.5) * DEC_BIN_DEG - 90, radiusDeg);
    const from = Math.ceil((westDeg - halfDeg) / RA_BIN_DEG - 0.5);
    const to = Math.floor((eastDeg + halfDeg) / RA_BIN_DEG - 0.5);
    // Around a pole each cell counts once.
    for (let column = from; column <= Math.min(to, halfDeg === 180 ? from + RA_BINS - 1 : to); column++) {
      const raDeg = (column + 0.5) * RA_BIN_DEG;
      const insideDeg =
        halfDeg === 180
          ? eastDeg - westDeg
          : Math.min(eastDeg, raDeg + halfDeg) - Math.max(westDeg, raDeg - halfDeg);
      const share = insideDeg / (eastDeg - westDeg);
      add(row * RA_BINS + (((column % RA_BINS) + RA_BINS) % RA_BINS), seconds * share);
    }
  }
}

/** How far apart in right ascension two declinations are where they are so far apart on the sky; 180 where they never are. */
function halfChordDeg(decDeg: number, otherDeg: number, apartDeg: number): number {
  const [a, b] = [decDeg * RAD_PER_DEG, otherDeg * RAD_PER_DEG];
  const cosine = (Math.cos(apartDeg * RAD_PER_DEG) - Math.sin(a) * Math.sin(b)) / (Math.cos(a) * Math.cos(b));
  return Math.acos(clamp(cosine, -1, 1)) / RAD_PER_DEG;
}
