import { type GeoPermissibleObjects, geoGraticule } from 'd3-geo';
import { RAD_PER_DEG, wrap360 } from '../data/angles.js';
import { signedDegrees } from '../format.js';
import type { Labels } from './labels.js';
import type { Anchor } from './placement.js';
import type { Place, SkyProjection } from './projection.js';
import { clamp } from './state.js';

/** Lines of right ascension and declination, and the steps between them. */
export interface Grid {
  readonly lines: GeoPermissibleObjects;
  readonly raStepDeg: number;
  readonly decStepDeg: number;
}

const DEC_STEPS_DEG = [0.5, 1, 2, 5, 10, 15, 30];
/** Minutes of time in degrees: 2, 4, 10, 20 and 30, then whole hours. */
const RA_STEPS_DEG = [0.5, 1, 2.5, 5, 7.5, 15, 30, 45, 90];
const LEAST_GAP_PX = 60;
/** A label lies on the map where its line ends this near to the edge, else beside the sky. */
const EDGE_PX = 24;
const SAMPLE_PX = 4;
/** Fewer labels than this along the lower edge do not tell where the others are. */
const LEAST_MERIDIANS = 3;

const floor = (deg: number, step: number) => Math.floor(deg / step) * step;
const stepOf = (steps: readonly number[], pxPerDeg: number) =>
  steps.find((step) => step * pxPerDeg >= LEAST_GAP_PX) ?? (steps.at(-1) as number);

/** What can be in sight around a centre. */
export function gridFor(projection: SkyProjection, centre: { raDeg: number; decDeg: number }): Grid {
  const pxPerDeg = projection.scale * RAD_PER_DEG;
  const radius = Math.min(180, projection.fieldDeg * 0.75);
  const decStep = stepOf(DEC_STEPS_DEG, pxPerDeg);
  const south = Math.max(-90 + decStep, floor(centre.decDeg - radius, decStep));
  const north = Math.min(90 - decStep, floor(centre.decDeg + radius, decStep) + decStep);
  const narrowest = Math.cos(clamp(Math.abs(centre.decDeg), 0, 80) * RAD_PER_DEG);
  const raStep = stepOf(RA_STEPS_DEG, pxPerDeg * narrowest);
  const widest = Math.cos(Math.min(90, Math.abs(centre.decDeg) + radius) * RAD_PER_DEG);
  const halfRa = radius / Math.max(widest, 0.01);
  const isRound = halfRa >= 180 - raStep;
  const west = isRound ? 0 : floor(centre.raDeg - halfRa, raStep);
  const east = isRound ? 360 - raStep : floor(centre.raDeg + halfRa, raStep) + raStep;
  return {
    raStepDeg: raStep,
    decStepDeg: decStep,
    lines: geoGraticule()
      .stepMinor([raStep, decStep])
      .stepMajor([360, 360])
      .extent([
        [isRound ? -180 : west, south - (south <= -90 + decStep ? 0 : decStep)],
        [isRound ? 180 : east + 1e-6, north + 1e-6],
      ])
      .precision(Math.min(2.5, raStep / 5))(),
  };
}

/** Declination along the left edge of the map, right ascension along the lower one or, where none meets it, the equator. */
export function labelGrid(labels: Labels, projection: SkyProjection, { raStepDeg, decStepDeg }: Grid): void {
  const { width, height, bottom, centre, fontPx } = projection;
  for (const { at, value } of crossings(height, decStepDeg, (y) => {
    const x = firstInside((x) => projection.skyAt({ x, y }), 0, centre.x);
    const sky = projection.skyAt({ x, y });
    return sky && { at: { x, y }, value: sky.decDeg };
  })) {
    const text = signedDegrees(value, Number.isInteger(value) ? 0 : 1);
    const anchor: Anchor =
      at.x > EDGE_PX ? { x: at.x - 6, y: at.y, align: 'right' } : { x: 5, y: at.y - 8, align: 'left' };
    labels.add('grid', text, ...[0, -7, 7].map((dy) => ({ ...anchor, y: anchor.y + dy })));
  }
  const meridians = crossings(width, raStepDeg, (x) => {
    const y = firstInside((y) => projection.skyAt({ x, y }), bottom, centre.y);
    const sky = projection.skyAt({ x, y });
    return sky && bottom - y < EDGE_PX
      ? { at: { x, y: bottom - fontPx * 0.8 }, value: sky.raDeg }
      : undefined;
  });
  const kept = thinned(meridians, raStepDeg, 3.3 * fontPx);
  for (const { at, value } of kept) labels.add('grid', hoursMinutes(value), { ...at, align: 'center' });
  // Towards a pole the meridians are too near to each other for more.
  if (kept.length >= LEAST_MERIDIANS) return;
  for (let raDeg = 0; raDeg < 360; raDeg += raStepDeg) {
    const place = projection.placeOf(raDeg, 0);
    if (place)
      labels.add('grid', hoursMinutes(raDeg), { x: place.x, y: place.y + fontPx * 0.8, align: 'center' });
  }
}

/** Every second, third ... of the meridians, so that there is room for the labels of all. */
function thinned(meridians: readonly Crossing[], stepDeg: number, leastGapPx: number): readonly Crossing[] {
  for (const every of [1, 2, 3, 4]) {
    const kept = meridians.filter(({ value }) => Math.round(value / stepDeg) % every === 0);
    const gaps = kept.slice(1).map(({ at }, i) => at.x - (kept[i] as Crossing).at.x);
    if (gaps.every((gap) => gap >= leastGapPx)) return kept;
  }
  return [];
}

interface Crossing {
  readonly at: Place;
  readonly value: number;
}

/** Where a value on the way along an edge passes a multiple of a step. */
function crossings(
  length: number,
  step: number,
  sample: (along: number) => Crossing | undefined,
): Crossing[] {
  const found: Crossing[] = [];
  let last: Crossing | undefined;
  for (let along = 0; along <= length; along += SAMPLE_PX) {
    const now = sample(along);
    if (now && last && Math.abs(now.value - last.value) < 180) {
      const line = Math.max(Math.floor(now.value / step), Math.floor(last.value / step));
      const isPassed = Math.floor(now.value / step) !== Math.floor(last.value / step);
      if (isPassed) found.push({ at: now.at, value: line * step });
    }
    last = now;
  }
  return found;
}

/** From an edge towards the centre, the first place in the sky. */
function firstInside(isInside: (at: number) => unknown, edge: number, centre: number): number {
  if (isInside(edge)) return edge;
  let [outside, inside] = [edge, centre];
  for (let i = 0; i < 12; i++) {
    const middle = (outside + inside) / 2;
    if (isInside(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** `7h20m`, and `7h` on the hour. */
function hoursMinutes(raDeg: number): string {
  const minutes = Math.round(wrap360(raDeg) * 4);
  return `${Math.floor(minutes / 60)}h${minutes % 60 ? `${String(minutes % 60).padStart(2, '0')}m` : ''}`;
}
