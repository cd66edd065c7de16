import { colour } from '../colours.js';
import type { Sky, Source } from '../data/api.js';
import { utc } from '../format.js';
import { cross, stroke, trace } from './base.js';
import type { Context } from './context.js';
import type { Labels } from './labels.js';
import type { Place, SkyProjection } from './projection.js';

const BODY_PX = 6;
const SOURCE_PX = 3;
const HOURS_BETWEEN_TIMES = 3;

/** A ring with a point for the Sun, a ring half filled for the Moon. */
export function drawBody(
  context: Context,
  projection: SkyProjection,
  labels: Labels,
  { ra_icrs_deg, dec_icrs_deg }: Sky['sun'],
  name: 'sun' | 'moon',
): void {
  const place = projection.placeOf(ra_icrs_deg, dec_icrs_deg);
  if (!place) return;
  const { x, y } = place;
  const { markSize, lineSize } = projection;
  const sizePx = BODY_PX * markSize;
  context.beginPath();
  context.arc(x, y, sizePx, 0, 2 * Math.PI);
  context.fillStyle = colour('sky');
  context.fill();
  stroke(context, { colourName: name, widthPx: 1.8 * lineSize }, 1);
  context.beginPath();
  if (name === 'sun') context.arc(x, y, 1.8 * lineSize, 0, 2 * Math.PI);
  else context.arc(x, y, sizePx, -Math.PI / 2, Math.PI / 2);
  context.fillStyle = colour(name);
  context.fill();
  labels.keepFree(place, sizePx + 1);
  labels.addBeside(name, name === 'sun' ? 'Sun' : 'Moon', place, sizePx + 5);
}

/** Squares with their names. */
export function drawSources(
  context: Context,
  { markSize }: SkyProjection,
  labels: Labels,
  sources: readonly { readonly source: Source; readonly place: Place }[],
): void {
  const sizePx = SOURCE_PX * markSize;
  for (const { source, place } of sources) {
    context.beginPath();
    context.rect(place.x - sizePx, place.y - sizePx, 2 * sizePx, 2 * sizePx);
    stroke(context, { colourName: 'source', widthPx: 1 }, 1);
    context.fillStyle = colour('source');
    context.fill();
    labels.keepFree(place, sizePx);
    labels.addBeside('source', source.name, place, sizePx + 5);
  }
}

/** Where the beam will be, with the UTC at every third hour. */
export function drawPath(
  context: Context,
  projection: SkyProjection,
  labels: Labels,
  path: Sky['path'],
): void {
  trace(context, projection, {
    type: 'LineString',
    coordinates: path.map(({ ra_icrs_deg, dec_icrs_deg }) => [ra_icrs_deg, dec_icrs_deg]),
  });
  stroke(context, { colourName: 'accent', widthPx: 1.4, dash: [1.5, 3.5] }, 1);
  for (const { mjd, ra_icrs_deg, dec_icrs_deg } of path) {
    const time = utc(mjd).slice(11, 16);
    if (!time.endsWith(':00') || Number(time.slice(0, 2)) % HOURS_BETWEEN_TIMES !== 0) continue;
    const place = projection.placeOf(ra_icrs_deg, dec_icrs_deg);
    if (!place) continue;
    context.beginPath();
    cross(context, place, 0, 3.5);
    stroke(context, { colourName: 'accent', widthPx: 1.4 }, 1);
    labels.add(
      'path',
      time,
      ...[-11, 11].map((dy) => ({ x: place.x, y: place.y + dy, align: 'center' as const })),
    );
  }
}
