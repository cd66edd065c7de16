import {
  ang2pix_nest,
  max_pixrad,
  pix2vec_nest,
  query_disc_inclusive_nest,
  type V3,
  vec2ang,
} from '@hscmap/healpix';
import { RAD_PER_DEG, wrap360 } from '../units.js';

const QUARTER = Math.PI / 2;
/** 2 milliarcseconds. */
const EDGE = 1e-8;

/** The HEALPix cell of a direction, nested numbering, for any right ascension. */
export const cellAt = (nside: number, raDeg: number, decDeg: number): number =>
  cell(nside, (90 - decDeg) * RAD_PER_DEG, wrap360(raDeg) * RAD_PER_DEG);

/** That of a vector. */
export function cellOf(nside: number, vector: V3): number {
  const { theta, phi } = vec2ang(vector);
  return cell(nside, theta, phi);
}

/** Visits the cells, and perhaps some more, that come within `reach` (radians) of a direction. */
export function eachCellNear(nside: number, centre: V3, reach: number, visit: (cell: number) => void): void {
  // The library's discs are smaller than half the sky.
  if (reach < QUARTER) {
    query_disc_inclusive_nest(nside, centre, reach, visit);
    return;
  }
  const minCosine = Math.cos(Math.min(reach + max_pixrad(nside), Math.PI));
  for (let cell = 0; cell < 12 * nside ** 2; cell++)
    if (dot(pix2vec_nest(nside, cell), centre) >= minCosine) visit(cell);
}

export const dot = (a: V3, b: V3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** On the edges of the four northern facets the library answers with the pole's cell, so it is not asked there. */
function cell(nside: number, theta: number, phi: number): number {
  const inFacet = phi % QUARTER;
  const inside = Math.min(Math.max(inFacet, EDGE), QUARTER - EDGE);
  return ang2pix_nest(nside, theta, phi - inFacet + inside);
}
