import { type GeoPermissibleObjects, geoGraticule } from 'd3-geo';
import { signedDegrees } from '../format.js';
import { skyProjection, type View } from './projection.js';

export interface Label {
  readonly raDeg: number;
  readonly decDeg: number;
  readonly text: string;
  readonly align: CanvasTextAlign;
  /** Away from the place, in pixels of the page. */
  readonly dx: number;
  readonly dy: number;
}

/** Lines of right ascension and declination, and what is written at them. */
export interface Grid {
  readonly lines: GeoPermissibleObjects;
  readonly labels: readonly Label[];
  /** There is little room. */
  readonly small: boolean;
}

/** From this zoom on, labels stand where lines cross, since the edges of the map are out of sight. */
const CROSSINGS_FROM_ZOOM = 2.2;
const FINE_FROM_ZOOM = 7;
const COARSE_STEP_DEG = 15;
const FINE_STEP_DEG = 5;
/** A map narrower than this has room for few lines and words. */
const SMALL_PX = 500;
const DEG_PER_RAD = 180 / Math.PI;

const wholeSky = (small: boolean): Grid => ({
  small,
  lines: geoGraticule()
    .step([small ? 45 : 15, 15])
    .extentMinor([
      [-180, -75.01],
      [180, 75.01],
    ])(),
  labels: [
    ...[3, 6, 9, 12, 15, 18, 21]
      .filter((hour) => !small || hour % 6 === 0)
      .map(
        (hour): Label => ({ raDeg: hour * 15, decDeg: 0, text: `${hour}h`, align: 'center', dx: 0, dy: 9 }),
      ),
    ...[-60, -30, 30, 60].map(
      (decDeg): Label => ({
        raDeg: 359.99,
        decDeg,
        text: signedDegrees(decDeg, 0),
        align: 'right',
        dx: Math.abs(decDeg) > 45 ? -16 : -8,
        dy: 0,
      }),
    ),
  ],
});
const [large, small] = [wholeSky(false), wholeSky(true)];

/** The grid for a view in device pixels. */
export function gridFor(view: View, zoom: number, ratio: number): Grid {
  if (zoom < CROSSINGS_FROM_ZOOM) return view.width / ratio < SMALL_PX ? small : large;
  const centre = skyProjection()
    .scale(view.scale)
    .translate([view.x, view.y])
    .invert?.([view.width / 2, view.height / 2]);
  return centre ? window(centre, (view.width / view.scale) * DEG_PER_RAD * 0.7, zoom) : large;
}

/** Only what can be in sight: so wide around the centre. */
function window([raDeg, decDeg]: readonly [number, number], radiusDeg: number, zoom: number): Grid {
  const step = zoom < FINE_FROM_ZOOM ? COARSE_STEP_DEG : FINE_STEP_DEG;
  const floor = (deg: number) => Math.floor(deg / step) * step;
  const south = Math.max(-90 + step, floor(decDeg - radiusDeg));
  const north = Math.min(90 - step, floor(decDeg + radiusDeg) + step);
  const widest = Math.cos(Math.max(Math.abs(south), Math.abs(north)) / DEG_PER_RAD);
  const halfRa = Math.min(180, radiusDeg / Math.max(widest, 0.05));
  const west = floor(raDeg - halfRa);
  const east = Math.min(west + 360 - step, floor(raDeg + halfRa) + step);
  const labels: Label[] = [];
  for (let ra = west; ra <= east; ra += step) {
    for (let dec = south; dec <= north; dec += step) {
      const text = `${hoursMinutes(ra)} ${signedDegrees(dec, 0)}`;
      labels.push({ raDeg: ra, decDeg: dec, text, align: 'left', dx: 4, dy: 8 });
    }
  }
  return {
    small: false,
    lines: geoGraticule()
      .stepMinor([step, step])
      .stepMajor([360, 360])
      .extent([
        [west, south],
        [east + 1e-6, north + 1e-6],
      ])(),
    labels,
  };
}

/** `7h20m`, and `7h` on the hour. */
function hoursMinutes(raDeg: number): string {
  const minutes = Math.round((((raDeg % 360) + 360) % 360) * 4);
  return `${Math.floor(minutes / 60)}h${minutes % 60 ? `${String(minutes % 60).padStart(2, '0')}m` : ''}`;
}
