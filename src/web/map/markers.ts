import { geoCircle } from 'd3-geo';
import { colour } from '../colours.js';
import type { Calibrator } from '../data/api.js';
import { type Context, cross, stroke, trace } from './base.js';
import { BEAM_RADIUS_DEG } from './heat.js';
import type { Labels } from './labels.js';
import type { Place, SkyProjection } from './projection.js';

export interface Direction {
  readonly raIcrsDeg: number;
  readonly decIcrsDeg: number;
  /** Of styles/theme.css. */
  readonly colourName: string;
}

export const nameOf = ({ name, alt_name }: Calibrator) => alt_name || name;

const DIAMOND_PX = 3.6;
/** A beam smaller than this is found by its ring. */
const RING_PX = 11;
const FILL_OPACITY = 0.08;

/** Diamonds, brightest first, named where there is room. */
export function drawCalibrators(
  context: Context,
  labels: Labels,
  calibrators: readonly { readonly calibrator: Calibrator; readonly place: Place }[],
  isNamed: (calibrator: Calibrator) => boolean,
): void {
  context.beginPath();
  for (const { place } of calibrators) diamond(context, place, DIAMOND_PX);
  context.fillStyle = colour('sky');
  context.fill();
  stroke(context, { colourName: 'calibrator', widthPx: 1.4 }, 0.8);
  for (const { place } of calibrators) labels.keepFree(place, DIAMOND_PX);
  for (const { calibrator, place } of calibrators)
    if (isNamed(calibrator)) labels.addBeside(nameOf(calibrator), place, 7, 'calibrator');
}

function diamond(context: Context, { x, y }: Place, sizePx: number): void {
  context.moveTo(x, y - sizePx);
  context.lineTo(x + sizePx, y);
  context.lineTo(x, y + sizePx);
  context.lineTo(x - sizePx, y);
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
  labels.add(mark.name, { x: place.x + MARK_PX + 4, y: place.y }, 'left', 'text');
}

/** Where the telescope points: its beam to scale, and a ring where that is too small to be found. */
export function drawPointing(
  context: Context,
  projection: SkyProjection,
  labels: Labels,
  { raIcrsDeg, decIcrsDeg, colourName }: Direction,
): void {
  const place = projection.placeOf(raIcrsDeg, decIcrsDeg);
  if (!place) return;
  trace(context, projection, geoCircle().center([raIcrsDeg, decIcrsDeg]).radius(BEAM_RADIUS_DEG)());
  context.globalAlpha = FILL_OPACITY;
  context.fillStyle = colour(colourName);
  context.fill();
  context.globalAlpha = 1;
  stroke(context, { colourName, widthPx: 1.6 }, 1);
  const beamPx = (BEAM_RADIUS_DEG * projection.scale * Math.PI) / 180;
  const ringPx = Math.max(RING_PX, beamPx);
  context.beginPath();
  if (beamPx < RING_PX - 2) context.arc(place.x, place.y, RING_PX, 0, 2 * Math.PI);
  cross(context, place, ringPx, ringPx + 7);
  stroke(context, { colourName, widthPx: 2.4 }, 1.3);
  labels.keepFree(place, Math.min(ringPx, RING_PX) + 4);
}
