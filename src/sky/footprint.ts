import { ang2vec, max_pixrad, nside2resol, order2nside, pix2vec_nest, type V3 } from '@hscmap/healpix';
import { kept } from '../maps.js';
import { astrometry, computableTime, type Site } from '../native/astrometry.js';
import { RAD_PER_DEG, wrap360 } from '../units.js';
import { hourAngleDeg } from './angles.js';
import { beamOf } from './beam.js';
import { cellAt, cellOf, dot, eachCellNear } from './healpix.js';
import { dsa110, type Instrument } from './instrument.js';
import type { TakenRow } from './instruments.js';
import { driftDegPerSecond, type RowSink } from './observation-time.js';

/** HEALPix cells of one order, nested numbering, ICRS. */
export interface Cells {
  readonly order: number;
  readonly cells: ReadonlySet<number>;
}

/** Width of a beam in cells, so that its round edge is drawn well. */
const CELLS_ACROSS_BEAM = 10;
/** Half a year, so that what is kept of each declination is good to 0.01 degrees. */
const EPOCH_DAYS = 183;
const DEC_STEP_DEG = 0.01;
/** The fewest steps to which right ascensions are kept. */
const MIN_RA_STEPS = 9000;
/** Distance between beams along the drift, in radii: close enough that the scalloped edge errs by less than 0.2 % of the radius. */
const RADII_BETWEEN_BEAMS = 0.12;
/** Beams whose centres share a cell this many orders finer than the beam's cover the same: 1.7 arcmin for the DSA-110. */
const SAME_CENTRE_ORDERS = 3;

/** The finest order that the library computes. */
const FINEST_ORDER = 15;

/** The smallest order whose cells are at most a tenth of the beam wide: 8 for the DSA-110, cells of 0.23 degrees; 12 at most. */
function orderOf(instrument: Instrument): number {
  const maxDeg = beamOf(instrument).fwhmDeg / CELLS_ACROSS_BEAM;
  let order = 1;
  while (order < FINEST_ORDER - SAME_CENTRE_ORDERS && nside2resol(order2nside(order)) > maxDeg * RAD_PER_DEG)
    order++;
  return order;
}

/**
 * The sky that passed through the half-power beam during observations: cells whose centre did. Where the telescope pointed
 * is kept as apparent right ascensions and declinations of half a year each, in which precession and aberration move a
 * direction by less than 0.01 degrees; so any history takes little memory.
 */
export class Footprint implements RowSink {
  readonly #swept = new Map<Instrument, Swept>();

  add(
    { timestamp, ra_deg, dec_deg, kind }: TakenRow,
    seconds: number,
    instrument: Instrument,
    wholeSeconds: number,
  ): void {
    const swept = this.#swept.get(instrument) ?? { raSteps: raStepsOf(instrument), strips: new Map() };
    this.#swept.set(instrument, swept);
    const { raSteps, strips } = swept;
    const epoch = Math.floor(timestamp / EPOCH_DAYS);
    const band = Math.round(dec_deg / DEC_STEP_DEG);
    const key = `${epoch} ${band}`;
    let strip = strips.get(key);
    if (!strip) {
      const timeMjdUtc = computableTime((epoch + 0.5) * EPOCH_DAYS);
      strip = { decDeg: dec_deg, timeMjdUtc, seen: new Uint8Array(raSteps) };
      strips.set(key, strip);
    }
    const widthDeg = seconds * driftDegPerSecond(kind);
    const stepDeg = 360 / raSteps;
    const fewest = widthDeg > 0 ? 1 : 0;
    const steps = Math.min(raSteps, Math.max(fewest, Math.round(widthDeg / stepDeg)));
    const westDeg = ra_deg - (wholeSeconds / 2) * driftDegPerSecond(kind);
    const first = Math.round(wrap360(westDeg) / stepDeg);
    for (let i = 0; i <= steps; i++) strip.seen[(first + i) % raSteps] = 1;
  }

  /** Of the narrowest beam's order, unless another is given. */
  cells(order?: number): Cells {
    const instruments = [...this.#swept.keys()];
    const finest = order ?? Math.max(...(instruments.length > 0 ? instruments : [dsa110]).map(orderOf));
    const cells = new Set<number>();
    for (const [instrument, { strips }] of this.#swept) {
      const centres = new BeamCentres(instrument);
      for (const strip of strips.values()) centres.add(strip);
      centres.addCells(order2nside(finest), cells);
    }
    return { order: finest, cells };
  }
}

/** How finely right ascensions are kept: so that beams overlap, or lie in neighbouring cells if they are narrower than those. */
function raStepsOf(instrument: Instrument): number {
  const cellDeg = nside2resol(order2nside(orderOf(instrument))) / RAD_PER_DEG;
  const betweenDeg = Math.max((beamOf(instrument).fwhmDeg / 2) * RADII_BETWEEN_BEAMS, cellDeg / 2);
  return Math.max(MIN_RA_STEPS, Math.ceil(360 / betweenDeg));
}

interface Swept {
  readonly raSteps: number;
  /** By epoch and declination. */
  readonly strips: Map<string, Strip>;
}

/** Apparent right ascensions at which the telescope pointed, at one declination and epoch. */
interface Strip {
  readonly decDeg: number;
  readonly timeMjdUtc: number;
  readonly seen: Uint8Array;
}

/** Right ascensions at which to set the beam down: the ends of each stretch, and every step between. */
function beamsOf({ seen }: Strip, degBetween: number): number[] {
  const beams: number[] = [];
  const steps = seen.length;
  const stepDeg = 360 / steps;
  const stepsBetween = Math.floor(degBetween / stepDeg);
  let since = 0;
  for (let i = 0; i < steps; i++) {
    if (!seen[i]) continue;
    const end = !seen[(i + 1) % steps] || !seen[(i + steps - 1) % steps];
    if (!end && i - since < stepsBetween) continue;
    beams.push(i * stepDeg);
    since = i;
  }
  return beams;
}

/** Where beams were placed, each place once, in groups of neighbours. */
class BeamCentres {
  readonly #site: Site;
  readonly #radiusDeg: number;
  readonly #sameCentreNside: number;
  readonly #groupNside: number;
  readonly #seen = new Set<number>();
  readonly #groups = new Map<number, V3[]>();

  constructor(instrument: Instrument) {
    const order = orderOf(instrument);
    this.#site = instrument.site;
    this.#radiusDeg = beamOf(instrument).fwhmDeg / 2;
    this.#sameCentreNside = order2nside(order + SAME_CENTRE_ORDERS);
    this.#groupNside = order2nside(order - 1);
  }

  add(strip: Strip): void {
    const site = this.#site;
    const beams = beamsOf(strip, this.#radiusDeg * RADII_BETWEEN_BEAMS);
    const column = (value: number) => new Float64Array(beams.length).fill(value);
    // Where the telescope stood at that time does not matter: an apparent direction is that of the sky.
    const lstDeg = astrometry().apparentSiderealTimesDeg(
      Float64Array.of(strip.timeMjdUtc),
      site.longitudeDeg,
    )[0] as number;
    const icrs = astrometry().icrsOfApparentSeries(
      Float64Array.from(beams, (raDeg) => hourAngleDeg(lstDeg, raDeg)),
      column(strip.decDeg),
      column(strip.timeMjdUtc),
      site,
    );
    for (const [i, raDeg] of icrs.raIcrsDeg.entries()) {
      if (Number.isNaN(raDeg)) continue; // what another program stored is no direction
      this.#addOne(raDeg, icrs.decIcrsDeg[i] as number);
    }
  }

  #addOne(raDeg: number, decDeg: number): void {
    const place = cellAt(this.#sameCentreNside, raDeg, decDeg);
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    const group = cellAt(this.#groupNside, raDeg, decDeg);
    kept(this.#groups, group, (): V3[] => []).push(ang2vec((90 - decDeg) * RAD_PER_DEG, raDeg * RAD_PER_DEG));
  }

  /** Adds the cells with their centre within a beam, and those with a beam's centre within them. */
  addCells(nside: number, cells: Set<number>): void {
    const radius = this.#radiusDeg * RAD_PER_DEG;
    const nearest = Math.cos(radius);
    for (const [group, members] of this.#groups) {
      for (const member of members) cells.add(cellOf(nside, member));
      // Looks once at all cells near the group, since its beams overlap nearly wholly.
      const reach = radius + max_pixrad(this.#groupNside);
      eachCellNear(nside, pix2vec_nest(this.#groupNside, group), reach, (cell) => {
        if (cells.has(cell)) return;
        const centre = pix2vec_nest(nside, cell);
        if (members.some((member) => dot(member, centre) >= nearest)) cells.add(cell);
      });
    }
  }
}
