import { type Degrees, degrees, wrap180 } from '../../units.js';
import type { Beam } from '../beam.js';
import { SIDEREAL_DEG_PER_SECOND } from '../observation-time.js';
import { angularSeparationDeg, greatestHourAngleDeg } from '../separation.js';

/** An apparent direction, equinox of date. */
export interface ApparentDirection {
  readonly raDeg: number;
  readonly decDeg: number;
}

/** A source drifts through the beam of a telescope that stands still. Times are seconds from the middle of the observation. */
export interface Pass {
  /** When the source is first and last inside, while the telescope observes. */
  readonly inSeconds: number;
  readonly outSeconds: number;
  readonly closestSeconds: number;
  /** Distance from the centre of the beam at the closest approach. */
  readonly offsetDeg: Degrees;
  /** Power response at the closest approach. */
  readonly peakResponse: number;
  /** Time inside: less than from in to out only where the source leaves the beam and comes back, near a pole. */
  readonly seconds: number;
  /** Mean power response over that time. */
  readonly meanResponse: number;
}

/** The Gauss-Legendre rule of 8 points on -1 to 1: abscissae, each of both signs, and weights. */
const GAUSS_LEGENDRE = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;
/** The rule is good to 1e-8 of the response over so much of the drift. */
const PIECE_DEG = 2;

/**
 * How a source passes within a radius of the telescope's direction during an observation. `telescope` is the direction at
 * its middle; undefined where the source stays outside.
 */
export function passOf(
  telescope: ApparentDirection,
  source: ApparentDirection,
  observationSeconds: number,
  radiusDeg: number,
  beam: Beam,
): Pass | undefined {
  const reachDeg = greatestHourAngleDeg(telescope.decDeg, source.decDeg, radiusDeg);
  if (reachDeg === undefined) return undefined;
  // Hour angles are the source's less the telescope's, which does not change.
  const midDeg = wrap180(telescope.raDeg - source.raDeg);
  const halfDeg = (observationSeconds / 2) * SIDEREAL_DEG_PER_SECOND;
  const inside = insideDeg(midDeg - halfDeg, midDeg + halfDeg, reachDeg);
  const [first] = inside;
  const last = inside.at(-1);
  if (!first || !last) return undefined;

  const offsetAtDeg = (haDeg: number) =>
    angularSeparationDeg(degrees(haDeg), degrees(telescope.decDeg), degrees(0), degrees(source.decDeg));
  const closestDeg = inside
    .map(([from, to]) => nearestTurn(from, to))
    .reduce((a, b) => (Math.abs(wrap180(b)) < Math.abs(wrap180(a)) ? b : a));
  const offsetDeg = offsetAtDeg(closestDeg);
  const lengthDeg = inside.reduce((sum, [from, to]) => sum + to - from, 0);
  const response = (haDeg: Float64Array) => beam.responses(haDeg.map(offsetAtDeg));
  const integral = inside.reduce((sum, [from, to]) => sum + integrate(response, from, to), 0);
  const seconds = (haDeg: number) => (haDeg - midDeg) / SIDEREAL_DEG_PER_SECOND;
  const peakResponse = beam.response(offsetDeg);
  return {
    inSeconds: seconds(first[0]),
    outSeconds: seconds(last[1]),
    closestSeconds: seconds(closestDeg),
    offsetDeg,
    peakResponse,
    seconds: lengthDeg / SIDEREAL_DEG_PER_SECOND,
    meanResponse: lengthDeg > 0 ? integral / lengthDeg : peakResponse,
  };
}

type Interval = readonly [from: number, to: number];

/** The parts of an interval of hour angle, itself at most a turn long, that lie within reach of 0, or of a whole turn. */
function insideDeg(fromDeg: number, toDeg: number, reachDeg: number): Interval[] {
  if (reachDeg >= 180) return [[fromDeg, toDeg]];
  return [-360, 0, 360].flatMap((turnDeg) => {
    const from = Math.max(fromDeg, turnDeg - reachDeg);
    const to = Math.min(toDeg, turnDeg + reachDeg);
    return from <= to ? [[from, to] as const] : [];
  });
}

/** The hour angle in an interval that is nearest to 0 or to a whole turn. */
function nearestTurn(from: number, to: number): number {
  const turn = 360 * Math.round((from + to) / 720);
  return Math.min(Math.max(turn, from), to);
}

function integrate(f: (x: Float64Array) => Float64Array, from: number, to: number): number {
  const pieces = Math.max(1, Math.ceil((to - from) / PIECE_DEG));
  const half = (to - from) / pieces / 2;
  const points: number[] = [];
  for (let i = 0; i < pieces; i++) {
    const middle = from + (2 * i + 1) * half;
    for (const [x] of GAUSS_LEGENDRE) points.push(middle - half * x, middle + half * x);
  }
  const values = f(Float64Array.from(points));
  let sum = 0;
  for (let i = 0; i < points.length; i += 2) {
    const [, weight] = GAUSS_LEGENDRE[(i / 2) % GAUSS_LEGENDRE.length] as (typeof GAUSS_LEGENDRE)[number];
    sum += weight * half * ((values[i] as number) + (values[i + 1] as number));
  }
  return sum;
}
