import { geoCircle } from 'd3-geo';
import { RAD_PER_DEG } from 'pointing-monitor/units';
import { colour } from '../colours.js';
import type { Calibrator } from '../data/api.js';
import { BEAM_RADIUS_DEG } from '../data/instrument.js';
import { cross, stroke, trace } from './base.js';
import type { Context } from './context.js';
import type { Direction } from './direction.js';
import type { Labels } from './labels.js';
import type { Place, SkyProjection } from './projection.js';

export const nameOf = ({ name, alt_name }: Calibrator) => alt_name || name;

const DIAMOND_PX = 3.6;
/** From the middle of a diamond's line to its corner, and to that of its rim. */
const [HALF_LINE_PX, RIM_PX] = [0.7 * Math.SQRT2, 1.5 * Math.SQRT2];
/** The minimum radius that can be found at a glance. */
const RING_PX = 11;
const ARM_PX = 7;
/** A beam that is larger has room for labels. */
const LARGE_PX = 40;
const POINT_PX = 2.2;
const FILL_OPACITY = 0.08;

/** Diamonds, brightest first, named where there is room. */
export function drawCalibrators(
  context: Context,
  { markSize, lineSize }: SkyProjection,
  labels: Labels,
  calibrators: readonly { readonly calibrator: Calibrator; readonly place: Place }[],
  isNamed: (calibrator: Calibrator) => boolean,
): void {
  const sizePx = DIAMOND_PX * markSize;
  // Lines as areas take less time to draw.
  context.beginPath();
  for (const { place } of calibrators) diamond(context, place, sizePx + RIM_PX * lineSize);
  context.fillStyle = colour('sky');
  context.fill();
  context.beginPath();
  for (const { place } of calibrators) {
    diamond(context, place, sizePx + HALF_LINE_PX * lineSize);
    diamond(context, place, sizePx - HALF_LINE_PX * lineSize, -1);
  }
  context.fillStyle = colour('calibrator');
  context.fill();
  for (const { place } of calibrators) labels.keepFree(place, sizePx);
  for (const { calibrator, place } of calibrators)
    if (isNamed(calibrator)) labels.addBeside('calibrator', nameOf(calibrator), place, sizePx + 4 * markSize);
}

/** Turned the other way round, -1, it is a hole in a larger one. */
function diamond(context: Context, { x, y }: Place, sizePx: number, turn: 1 | -1 = 1): void {
  context.moveTo(x, y - sizePx);
  context.lineTo(x + turn * sizePx, y);
  context.lineTo(x, y + sizePx);
  context.lineTo(x - turn * sizePx, y);
  context.closePath();
}

/** What was searched for. ICRS. */
export interface Mark {
  readonly raDeg: number;
  readonly decDeg: number;
  readonly name: string;
}

const MARK_PX = 9;

export function drawMark(context: Context, projection: SkyProjection, labels: Labels, mark: Mark): void {
  const place = projection.placeOf(mark.raDeg, mark.decDeg);
  if (!place) return;
  context.beginPath();
  context.rect(place.x - MARK_PX, place.y - MARK_PX, 2 * MARK_PX, 2 * MARK_PX);
  stroke(context, { colourName: 'text', widthPx: 2 }, 1.3);
  labels.keepFree(place, MARK_PX);
  labels.addBeside('mark', mark.name, place, MARK_PX + 4);
}

/** Where the telescope points: its beam to scale or, where that would be too small to be seen, a point in a ring. */
export function drawPointing(
  context: Context,
  projection: SkyProjection,
  labels: Labels,
  { raIcrsDeg, decIcrsDeg, colourName }: Direction,
): void {
  const place = projection.placeOf(raIcrsDeg, decIcrsDeg);
  if (!place) return;
  const { markSize, lineSize } = projection;
  const minPx = RING_PX * markSize;
  const line = { colourName, widthPx: 2 * lineSize };
  const beamPx = BEAM_RADIUS_DEG * RAD_PER_DEG * projection.scale;
  context.fillStyle = colour(colourName);
  if (beamPx > minPx) {
    trace(context, projection, geoCircle().center([raIcrsDeg, decIcrsDeg]).radius(BEAM_RADIUS_DEG)());
    context.globalAlpha = FILL_OPACITY;
    context.fill();
    context.globalAlpha = 1;
  } else {
    context.beginPath();
    context.arc(place.x, place.y, POINT_PX * lineSize, 0, 2 * Math.PI);
    context.fill();
    context.beginPath();
    context.arc(place.x, place.y, minPx, 0, 2 * Math.PI);
  }
  stroke(context, line, 1.3 * lineSize);
  const ringPx = Math.max(minPx, beamPx);
  if (ringPx < LARGE_PX) labels.keepFree(place, ringPx);
  context.beginPath();
  cross(context, place, ringPx, ringPx + ARM_PX);
  stroke(context, line, 1.3 * lineSize);
}
