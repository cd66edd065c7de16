import {
  ang2pix_nest,
  nside2resol,
  order2nside,
  pix2vec_nest,
  query_disc_inclusive_nest,
  type V3,
} from '@hscmap/healpix';
import { addon, type Site } from '../extract/addon.js';
import type { Observation } from '../store/store.js';
import { BEAM_FWHM_DEG } from './beam.js';
import { observationSeconds, SIDEREAL_DEG_PER_SECOND } from './observation-time.js';
import { observed } from './observed.js';
import { dsa110 } from './site.js';

/** HEALPix cells of one order, nested numbering, ICRS. */
export interface Cells {
  readonly order: number;
  readonly cells: ReadonlySet<number>;
}

const RAD_PER_DEG = Math.PI / 180;
/** A beam is so many cells wide, so that its round edge is drawn well. */
const CELLS_ACROSS_BEAM = 10;
/** The beam is set down so often along its drift that the scalloped edge errs by less than 0.2 % of its radius. */
const STEP_DEG = (BEAM_FWHM_DEG / 2) * 0.12;
/** Beams whose centres share a cell of this order, 0.86 arcmin wide, cover the same. */
const SAME_CENTRE_NSIDE = order2nside(10);

/** The smallest order whose cells are at most a tenth of the beam wide: 8, cells of 0.23 degrees. */
export const BEAM_ORDER = orderFor(BEAM_FWHM_DEG / CELLS_ACROSS_BEAM);

function orderFor(mostDeg: number): number {
  let order = 0;
  while (nside2resol(order2nside(order)) > mostDeg * RAD_PER_DEG) order++;
  return order;
}

/**
 * The sky that passed through the half-power beam during observations, oldest first: cells whose centre did. Each
 * observation's ICRS position is that of its middle; the beam drifts along the parallel of date.
 */
export async function footprint(
  observations: AsyncIterable<Observation> | Iterable<Observation>,
  { order = BEAM_ORDER, site = dsa110 }: { order?: number; site?: Site } = {},
): Promise<Cells> {
  const cells = new Set<number>();
  const centres = new Set<number>();
  for await (const [row, seconds] of observationSeconds(observed(observations, site))) {
    const drift = driftOf(seconds);
    const icrs = addon.icrsOfApparentSeries(
      drift.map((offsetDeg) => row.haDeg - offsetDeg),
      drift.map(() => row.dec_deg),
      drift.map(() => row.timestamp),
      site,
    );
    for (let i = 0; i < drift.length; i++) {
      const theta = (90 - (icrs.decIcrsDeg[i] as number)) * RAD_PER_DEG;
      const phi = (icrs.raIcrsDeg[i] as number) * RAD_PER_DEG;
      const centre = ang2pix_nest(SAME_CENTRE_NSIDE, theta, phi);
      if (centres.has(centre)) continue;
      centres.add(centre);
      addDisc(cells, order2nside(order), theta, phi);
    }
  }
  return { order, cells };
}

/** Offsets in right ascension of beams set down during an observation, around that of its middle. */
function driftOf(seconds: number): Float64Array {
  const widthDeg = seconds * SIDEREAL_DEG_PER_SECOND;
  const steps = Math.max(1, Math.ceil(widthDeg / STEP_DEG));
  return Float64Array.from({ length: steps + 1 }, (_, i) => (i / steps - 0.5) * widthDeg);
}

function addDisc(cells: Set<number>, nside: number, theta: number, phi: number): void {
  const radius = (BEAM_FWHM_DEG / 2) * RAD_PER_DEG;
  const sinTheta = Math.sin(theta);
  const centre: V3 = [sinTheta * Math.cos(phi), sinTheta * Math.sin(phi), Math.cos(theta)];
  query_disc_inclusive_nest(nside, centre, radius, (cell) => {
    if (!cells.has(cell) && dot(pix2vec_nest(nside, cell), centre) >= Math.cos(radius)) cells.add(cell);
  });
}

const dot = (a: V3, b: V3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
