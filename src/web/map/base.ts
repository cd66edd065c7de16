import { geoCircle, geoPath } from 'd3-geo';
import { colour } from '../colours.js';
import type { Grid } from './grid.js';
import { HALF_WIDTH, skyProjection, unitPosition, type View } from './projection.js';

/** The galactic pole and centre in ICRS (Hipparcos definition), degrees. */
const NORTH_GALACTIC_POLE: [number, number] = [192.85948, 27.12825];
const GALACTIC_CENTRE: [number, number] = [266.40499, -28.93617];

const sphere = { type: 'Sphere' } as const;
const galacticPlane = geoCircle().center(NORTH_GALACTIC_POLE).radius(90)();

export type Context = CanvasRenderingContext2D;

const pathOf = (context: Context, { scale, x, y }: View) =>
  geoPath(skyProjection().scale(scale).translate([x, y]), context);

export function drawSky(context: Context, view: View): void {
  context.beginPath();
  pathOf(context, view)(sphere);
  context.fillStyle = colour('sky');
  context.fill();
}

/** The lines of the sky, and the galactic plane. */
export function drawLines(context: Context, view: View, ratio: number, grid: Grid): void {
  const path = pathOf(context, view);
  const stroke = (shape: Parameters<typeof path>[0], name: string, width: number, dash: number[] = []) => {
    context.beginPath();
    path(shape);
    context.strokeStyle = colour(name);
    context.lineWidth = width * ratio;
    context.setLineDash(dash.map((length) => length * ratio));
    context.stroke();
    context.setLineDash([]);
  };
  stroke(grid.lines, 'graticule', 0.6);
  stroke(galacticPlane, 'galaxy', 1.4, [6, 4]);
  stroke(sphere, 'outline', 1);
}

export function drawLabels(context: Context, view: View, ratio: number, { labels, small }: Grid): void {
  const at = (raDeg: number, decDeg: number): [number, number] => {
    const [ux, uy] = unitPosition(raDeg, decDeg);
    return [view.x + view.scale * ux, view.y + view.scale * uy];
  };
  context.font = `${11 * ratio}px ${colour('font')}`;
  context.textBaseline = 'middle';
  for (const { raDeg, decDeg, text, align, dx, dy } of labels) {
    const [px, py] = at(raDeg, decDeg);
    context.textAlign = align;
    write(context, text, px + dx * ratio, py + dy * ratio, 'label', ratio);
  }
  const [gx, gy] = at(...GALACTIC_CENTRE);
  context.textAlign = 'left';
  cross(context, gx, gy, 4 * ratio, 'galaxy', ratio);
  write(context, small ? 'GC' : 'Galactic centre', gx + 8 * ratio, gy, 'galaxy-text', ratio);
}

/** Text with a rim of the sky's colour, so that it can be read on anything. */
export function write(
  context: Context,
  text: string,
  x: number,
  y: number,
  name: string,
  ratio: number,
): void {
  context.lineJoin = 'round';
  context.lineWidth = 3 * ratio;
  context.strokeStyle = colour('sky');
  context.strokeText(text, x, y);
  context.fillStyle = colour(name);
  context.fillText(text, x, y);
}

function cross(context: Context, x: number, y: number, size: number, name: string, ratio: number): void {
  context.beginPath();
  context.moveTo(x - size, y);
  context.lineTo(x + size, y);
  context.moveTo(x, y - size);
  context.lineTo(x, y + size);
  context.strokeStyle = colour(name);
  context.lineWidth = 1.4 * ratio;
  context.stroke();
}

/** The scale at which the whole sky fits, with room for labels at the sides. */
export const fittingScale = (width: number, height: number, margin: number) =>
  Math.max(1, Math.min((width - 2 * margin) / (2 * HALF_WIDTH), (height - margin) / HALF_WIDTH));
