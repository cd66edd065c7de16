import {
  ang2pix_nest,
  ang2vec,
  max_pixrad,
  nside2resol,
  order2nside,
  pix2vec_nest,
  query_disc_inclusive_nest,
  type V3,
} from '@hscmap/healpix';
import { astrometry, type Site } from '../native/astrometry.js';
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
/** Beams whose centres share a cell of this order, 1.7 arcmin wide, cover the same. */
const SAME_CENTRE_NSIDE = order2nside(11);
/** Beams whose centres share a cell of this order, 0.46 degrees wide, are drawn together. */
const GROUP_NSIDE = order2nside(7);
/** The addon's series share what is slow at times close to each other. */
const BEAMS_PER_CALL = 10_000;

/** The smallest order whose cells are at most a tenth of the beam wide: 8, cells of 0.23 degrees. */
const BEAM_ORDER = orderFor(BEAM_FWHM_DEG / CELLS_ACROSS_BEAM);

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
  const centres = new BeamCentres();
  let beams: Beam[] = [];
  for await (const [{ timestamp, haDeg, dec_deg }, seconds] of observationSeconds(
    observed(observations, site),
  )) {
    for (const offsetDeg of driftOf(seconds))
      beams.push({ haDeg: haDeg - offsetDeg, decDeg: dec_deg, timestamp });
    if (beams.length < BEAMS_PER_CALL) continue;
    centres.add(beams, site);
    beams = [];
  }
  centres.add(beams, site);
  return { order, cells: centres.cellsWithin(order2nside(order), (BEAM_FWHM_DEG / 2) * RAD_PER_DEG) };
}

/** An apparent direction, as seen at a time. */
interface Beam {
  readonly haDeg: number;
  readonly decDeg: number;
  readonly timestamp: number;
}

/** Offsets in right ascension of beams set down during an observation, around that of its middle. */
function driftOf(seconds: number): number[] {
  const widthDeg = seconds * SIDEREAL_DEG_PER_SECOND;
  const steps = Math.max(1, Math.ceil(widthDeg / STEP_DEG));
  return Array.from({ length: steps + 1 }, (_, i) => (i / steps - 0.5) * widthDeg);
}

/** Where beams were set down, each place once, in groups of neighbours. */
class BeamCentres {
  readonly #seen = new Set<number>();
  readonly #groups = new Map<number, V3[]>();

  add(beams: readonly Beam[], site: Site): void {
    const column = (name: keyof Beam) => Float64Array.from(beams, (beam) => beam[name]);
    const icrs = astrometry().icrsOfApparentSeries(
      column('haDeg'),
      column('decDeg'),
      column('timestamp'),
      site,
    );
    for (const [i, raDeg] of icrs.raIcrsDeg.entries()) {
      if (Number.isNaN(raDeg)) continue; // what another program stored is no direction
      this.#addOne((90 - (icrs.decIcrsDeg[i] as number)) * RAD_PER_DEG, raDeg * RAD_PER_DEG);
    }
  }

  #addOne(theta: number, phi: number): void {
    const place = ang2pix_nest(SAME_CENTRE_NSIDE, theta, phi);
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    const group = ang2pix_nest(GROUP_NSIDE, theta, phi);
    const members = this.#groups.get(group);
    if (members) members.push(ang2vec(theta, phi));
    else this.#groups.set(group, [ang2vec(theta, phi)]);
  }

  /** The cells with their centre so near to that of a beam. */
  cellsWithin(nside: number, radius: number): Set<number> {
    const cells = new Set<number>();
    const nearest = Math.cos(radius);
    for (const [group, members] of this.#groups) {
      // Looks once at all cells near the group, since its beams overlap nearly wholly.
      const reach = radius + max_pixrad(GROUP_NSIDE);
      query_disc_inclusive_nest(nside, pix2vec_nest(GROUP_NSIDE, group), reach, (cell) => {
        if (cells.has(cell)) return;
        const centre = pix2vec_nest(nside, cell);
        if (members.some((member) => dot(member, centre) >= nearest)) cells.add(cell);
      });
    }
    return cells;
  }
}

const dot = (a: V3, b: V3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
