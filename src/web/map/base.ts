import { type GeoPermissibleObjects, geoCircle, geoPath } from 'd3-geo';
import { colour } from '../colours.js';
import { toGalactic } from '../data/galactic.js';
import { brighterThan } from '../data/radio-sky.js';
import type { Context } from './context.js';
import { type Grid, traceGrid } from './grid.js';
import type { Labels } from './labels.js';
import type { Place, SkyProjection } from './projection.js';

const sphere = { type: 'Sphere' } as const;
const galacticCentre = toGalactic.invert([0, 0]);
const galacticPlane = geoCircle()
  .center(toGalactic.invert([0, 90]))
  .radius(90)();

/** Times the brightness at the galactic poles; each has a colour, `radio-1` for the first. */
const RADIO_LEVELS = [2, 4, 8, 16];
let radioSky: readonly GeoPermissibleObjects[] | undefined;

export interface Stroke {
  readonly colourName: string;
  readonly widthPx: number;
  readonly dash?: readonly number[];
}

/** Adds a shape to the context's path. */
export function trace(context: Context, projection: SkyProjection, shape: GeoPermissibleObjects): void {
  context.beginPath();
  geoPath(projection.geo, context)(shape);
}

/** Strokes the path. A rim of the sky's colour sets it off from what lies below. */
export function stroke(context: Context, { colourName, widthPx, dash = [] }: Stroke, rimPx = 0): void {
  if (rimPx > 0) {
    context.strokeStyle = colour('sky');
    context.lineWidth = widthPx + 2 * rimPx;
    context.stroke();
  }
  context.setLineDash([...dash]);
  context.strokeStyle = colour(colourName);
  context.lineWidth = widthPx;
  context.stroke();
  context.setLineDash([]);
}

export function drawSky(context: Context, projection: SkyProjection): void {
  trace(context, projection, sphere);
  context.fillStyle = colour('sky');
  context.fill();
}

export function drawLines(context: Context, projection: SkyProjection, grid: Grid): void {
  traceGrid(context, projection, grid);
  stroke(context, { colourName: 'graticule', widthPx: 0.7 });
  trace(context, projection, sphere);
  stroke(context, { colourName: 'outline', widthPx: 1 }, 1);
}

/** The declinations that never rise over the site, as a cap around a pole. */
export function drawUnseen(context: Context, projection: SkyProjection, latitudeDeg: number): void {
  const pole = latitudeDeg < 0 ? 90 : -90;
  trace(context, projection, geoCircle().center([0, pole]).radius(Math.abs(latitudeDeg)).precision(2)());
  context.fillStyle = colour('unseen');
  context.fill();
  stroke(context, { colourName: 'outline', widthPx: 1, dash: [2, 3] }, 1);
}

/** A smooth model of the Galaxy's emission, as contours that are filled. */
export function drawRadioSky(context: Context, projection: SkyProjection): void {
  radioSky ??= RADIO_LEVELS.map(brighterThan);
  for (const [i, contour] of radioSky.entries()) {
    trace(context, projection, contour);
    context.fillStyle = colour(`radio-${i + 1}`);
    context.fill();
  }
}

/** The plane, and a cross at the centre. */
export function drawGalaxy(context: Context, projection: SkyProjection, labels: Labels): void {
  const { markSize, lineSize } = projection;
  const line = { colourName: 'galaxy', widthPx: 1.5 * lineSize };
  trace(context, projection, galacticPlane);
  stroke(context, { ...line, dash: [6 * lineSize, 4 * lineSize] }, 1);
  const place = projection.placeOf(...galacticCentre);
  if (!place) return;
  const armPx = 5 * markSize;
  context.beginPath();
  cross(context, place, 0, armPx);
  stroke(context, line, 1);
  labels.keepFree(place, armPx);
  labels.addBeside('galaxy', 'Galactic centre', place, armPx + 4);
}

/** Four arms, from one distance to another. */
export function cross(context: Context, { x, y }: Place, fromPx: number, toPx: number): void {
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + dx * fromPx, y + dy * fromPx);
    context.lineTo(x + dx * toPx, y + dy * toPx);
  }
}
