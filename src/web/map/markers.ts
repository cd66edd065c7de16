import { geoCircle, geoPath } from 'd3-geo';
import { colour } from '../colours.js';
import type { Calibrator } from '../data/api.js';
import { type Context, write } from './base.js';
import { BEAM_RADIUS_DEG } from './heat.js';
import { skyProjection, unitPosition, type View } from './projection.js';

export interface Direction {
  readonly raIcrsDeg: number;
  readonly decIcrsDeg: number;
  /** Of styles/map.css. */
  readonly colourName: string;
}

export const nameOf = ({ name, alt_name }: Calibrator) => alt_name || name;

/** The few that every observer knows. */
const NAMED_FROM_JY = 14;

/** Diamonds; named where there is room. */
export function drawCalibrators(
  context: Context,
  view: View,
  calibrators: readonly Calibrator[],
  ratio: number,
  named: boolean,
  small: boolean,
): void {
  context.font = `${10.5 * ratio}px ${colour('font')}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const calibrator of calibrators) {
    const [ux, uy] = unitPosition(calibrator.ra_icrs_deg, calibrator.dec_icrs_deg);
    const [px, py] = [view.x + view.scale * ux, view.y + view.scale * uy];
    const size = 3.4 * ratio;
    context.beginPath();
    context.moveTo(px, py - size);
    context.lineTo(px + size, py);
    context.lineTo(px, py + size);
    context.lineTo(px - size, py);
    context.closePath();
    context.fillStyle = colour('sky');
    context.fill();
    context.strokeStyle = colour('calibrator');
    context.lineWidth = 1.3 * ratio;
    context.stroke();
    if (named || (!small && (calibrator.flux_20cm_jy ?? 0) >= NAMED_FROM_JY))
      write(context, nameOf(calibrator), px + 6 * ratio, py, 'calibrator', ratio);
  }
}

/** Where the telescope points: its beam to scale, in a ring large enough to be found. */
export function drawPointing(
  context: Context,
  view: View,
  { raIcrsDeg, decIcrsDeg, colourName }: Direction,
  ratio: number,
): void {
  const [ux, uy] = unitPosition(raIcrsDeg, decIcrsDeg);
  const [px, py] = [view.x + view.scale * ux, view.y + view.scale * uy];
  const beam = geoCircle().center([raIcrsDeg, decIcrsDeg]).radius(BEAM_RADIUS_DEG)();
  const path = geoPath(skyProjection().scale(view.scale).translate([view.x, view.y]), context);
  context.beginPath();
  path(beam);
  context.fillStyle = colour(colourName);
  context.globalAlpha = 0.45;
  context.fill();
  context.globalAlpha = 1;
  for (const [name, width] of [
    ['sky', 5],
    [colourName, 2.4],
  ] as const) {
    context.beginPath();
    context.arc(px, py, 11 * ratio, 0, 2 * Math.PI);
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(px + dx * 11 * ratio, py + dy * 11 * ratio);
      context.lineTo(px + dx * 18 * ratio, py + dy * 18 * ratio);
    }
    context.strokeStyle = colour(name);
    context.lineWidth = width * ratio;
    context.stroke();
  }
  context.beginPath();
  context.arc(px, py, 2.2 * ratio, 0, 2 * Math.PI);
  context.fillStyle = colour(colourName);
  context.fill();
}
