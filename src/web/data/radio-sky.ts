/**
 * A smooth model of the Galaxy's synchrotron emission: relativistic electrons in a disc, as exp(-R / 5 kpc) sech²(z / 1 kpc) (Page et
 * al. 2007, ApJS 170, 335), in a uniform magnetic field. It has neither spurs, sources nor arms.
 */
import type { GeoPermissibleObjects } from 'd3-geo';
import { RAD_PER_DEG } from 'pointing-monitor/units';
import { toGalactic } from './galactic.js';

const [DISC_RADIUS_KPC, DISC_HEIGHT_KPC, SUN_KPC] = [5, 1, 8.2];
const [STEP_KPC, FAR_KPC] = [0.4, 32];
/** Along a contour, from the galactic centre to one side. */
const STEPS = 24;
const ACCURACY_DEG = 0.2;

/** At galactic coordinates, degrees: the emission along the line of sight, 1 at the poles. */
export function brightness(lDeg: number, bDeg: number): number {
  const [l, b] = [lDeg * RAD_PER_DEG, bDeg * RAD_PER_DEG];
  let sum = 0;
  for (let kpc = STEP_KPC / 2; kpc < FAR_KPC; kpc += STEP_KPC) {
    const along = kpc * Math.cos(b);
    const radius = Math.hypot(SUN_KPC - along * Math.cos(l), along * Math.sin(l));
    const height = Math.cosh((kpc * Math.sin(b)) / DISC_HEIGHT_KPC);
    sum += Math.exp((SUN_KPC - radius) / DISC_RADIUS_KPC) / (height * height);
  }
  return (sum * STEP_KPC) / DISC_HEIGHT_KPC;
}

/** The part of the sky around the galactic centre that is at least so bright, ICRS. */
export function brighterThan(level: number): GeoPermissibleObjects {
  const maxDeg = lastWhere(180, (lDeg) => brightness(lDeg, 0) >= level);
  const quarter = Array.from({ length: STEPS + 1 }, (_, i): [l: number, b: number] => {
    const lDeg = maxDeg * Math.sin((i / STEPS) * (Math.PI / 2));
    return [lDeg, lastWhere(90, (bDeg) => brightness(lDeg, bDeg) >= level)];
  });
  const north = [...quarter.toReversed().map(([l, b]) => [-l, b] as const), ...quarter.slice(1)];
  const south = north.toReversed().map(([l, b]) => [l, -b] as const);
  const ring = [...north, ...south, north[0] as readonly [number, number]];
  return { type: 'Polygon', coordinates: [ring.map(([l, b]) => toGalactic.invert([l, b]))] };
}

/** From 0 up, how far something holds that ends once. */
function lastWhere(maxDeg: number, holds: (deg: number) => boolean): number {
  if (holds(maxDeg)) return maxDeg;
  let [inside, outside] = [0, maxDeg];
  while (outside - inside > ACCURACY_DEG) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
