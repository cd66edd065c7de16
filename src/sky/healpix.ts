import { ang2pix_nest, type V3, vec2ang } from '@hscmap/healpix';
import { RAD_PER_DEG, wrap360 } from './angles.js';

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

/** On the edges of the four northern facets the library answers with the pole's cell, so it is not asked there. */
function cell(nside: number, theta: number, phi: number): number {
  const inFacet = phi % QUARTER;
  const inside = Math.min(Math.max(inFacet, EDGE), QUARTER - EDGE);
  return ang2pix_nest(nside, theta, phi - inFacet + inside);
}
