import { RAD_PER_DEG, wrap360 } from 'pointing-monitor/units';
import { signedDegrees } from '../format.js';
import type { Context } from './context.js';
import type { Labels } from './labels.js';
import type { Anchor } from './placement.js';
import type { Place, SkyProjection } from './projection.js';
import { clamp } from './state.js';

/** Lines of right ascension and declination, degrees. */
export interface Grid {
  readonly raStepDeg: number;
  readonly decStepDeg: number;
  readonly meridians: readonly number[];
  readonly parallels: readonly number[];
  /** How far the parallels reach. */
  readonly west: number;
  readonly east: number;
}

const DEC_STEPS_DEG = [0.5, 1, 2, 5, 10, 15, 30];
/** Minutes of time in degrees: 2, 4, 10, 20 and 30, then whole hours. */
const RA_STEPS_DEG = [0.5, 1, 2.5, 5, 7.5, 15, 30, 45, 90];
/** In heights of a letter. */
const MIN_GAP = 5.5;
/** Of a parallel, to either side: the sky is cut open opposite its centre. */
const LESS_THAN_HALF = 180 - 1e-6;
/** A label lies on the map where its line ends this near to the edge, else beside the sky. */
const EDGE_PX = 24;
const SAMPLE_PX = 10;
/** Fewer labels than this along the lower edge do not tell where the others are. */
const MIN_MERIDIANS = 3;

const floor = (deg: number, step: number) => Math.floor(deg / step) * step;
const stepOf = (steps: readonly number[], lettersPerDeg: number) =>
  steps.find((step) => step * lettersPerDeg >= MIN_GAP) ?? (steps.at(-1) as number);

/** From one number to another, both included, no further apart than a step. */
function evenly(from: number, to: number, step: number): number[] {
  const parts = Math.max(1, Math.ceil((to - from) / step - 1e-9));
  return Array.from({ length: parts + 1 }, (_, i) => from + (i / parts) * (to - from));
}

/** What can be in sight around a centre. */
export function gridFor(projection: SkyProjection, centre: { raDeg: number; decDeg: number }): Grid {
  const lettersPerDeg = (projection.scale * RAD_PER_DEG) / projection.fontPx;
  const radius = Math.min(180, projection.fieldDeg * 0.75);
  const decStepDeg = stepOf(DEC_STEPS_DEG, lettersPerDeg);
  const south = Math.max(-90 + decStepDeg, floor(centre.decDeg - radius, decStepDeg));
  const north = Math.min(90 - decStepDeg, floor(centre.decDeg + radius, decStepDeg) + decStepDeg);
  const narrowest = Math.cos(clamp(Math.abs(centre.decDeg), 0, 80) * RAD_PER_DEG);
  const raStepDeg = stepOf(RA_STEPS_DEG, lettersPerDeg * narrowest);
  const widest = Math.cos(Math.min(90, Math.abs(centre.decDeg) + radius) * RAD_PER_DEG);
  const halfRa = Math.min(LESS_THAN_HALF, radius / Math.max(widest, 0.01));
  const [west, east] = [centre.raDeg - halfRa, centre.raDeg + halfRa];
  return {
    raStepDeg,
    decStepDeg,
    meridians: evenly(floor(west, raStepDeg), floor(east, raStepDeg) + raStepDeg, raStepDeg),
    parallels: evenly(south, north, decStepDeg),
    west,
    east,
  };
}

/** Makes the lines the context's path. */
export function traceGrid(context: Context, projection: SkyProjection, grid: Grid): void {
  const { meridians, parallels, west, east } = grid;
  const { chordDeg } = projection;
  const decs = evenly(parallels[0] as number, parallels.at(-1) as number, chordDeg).map(turnOf);
  const ras = evenly(west, east, chordDeg).map(turnOf);
  context.beginPath();
  for (const ra of meridians.map(turnOf)) traceLine(context, projection, [ra], decs);
  for (const dec of parallels.map(turnOf)) traceLine(context, projection, ras, [dec]);
}

interface Turn {
  readonly cos: number;
  readonly sin: number;
}
const turnOf = (deg: number): Turn => ({
  cos: Math.cos(deg * RAD_PER_DEG),
  sin: Math.sin(deg * RAD_PER_DEG),
});

/**
 * Along right ascensions or declinations. Broken where it is out of sight, and where it leaves the sky at one edge and goes on at the
 * other.
 */
function traceLine(
  context: Context,
  projection: SkyProjection,
  ras: readonly Turn[],
  decs: readonly Turn[],
): void {
  const place = new Float32Array(2);
  let lastX = Number.NaN;
  for (const ra of ras)
    for (const dec of decs) {
      projection.project(dec.cos * ra.cos, dec.cos * ra.sin, dec.sin, place, 0);
      const [x, y] = place as unknown as [number, number];
      if (Math.abs(x - lastX) < projection.scale) context.lineTo(x, y);
      else if (!Number.isNaN(x)) context.moveTo(x, y);
      lastX = x;
    }
}

/** Declination along the left edge of the map, right ascension along the lower one or, where none meets it, the equator. */
export function labelGrid(labels: Labels, projection: SkyProjection, grid: Grid): void {
  const { raStepDeg, decStepDeg, west } = grid;
  const { width, height, bottom, centre, fontPx } = projection;
  for (const { at, value } of crossings(height, decStepDeg, (y) => {
    const x = firstInside((x) => projection.isSky({ x, y }), 0, centre.x);
    const sky = projection.skyAt({ x, y });
    return sky && { at: { x, y }, value: sky.decDeg };
  })) {
    const text = signedDegrees(value, Number.isInteger(value) ? 0 : 1);
    const anchor: Anchor =
      at.x > EDGE_PX ? { x: at.x - 6, y: at.y, align: 'right' } : { x: 5, y: at.y - 8, align: 'left' };
    labels.add('grid', text, ...[0, -7, 7].map((dy) => ({ ...anchor, y: anchor.y + dy })));
  }
  const meridians = crossings(width, raStepDeg, (x) => {
    const y = firstInside((y) => projection.isSky({ x, y }), bottom, bottom - EDGE_PX);
    const sky = projection.skyAt({ x, y });
    return sky && { at: { x, y: bottom - fontPx * 0.8 }, value: west + wrap360(sky.raDeg - west) };
  });
  const kept = thinned(meridians, raStepDeg, 3.3 * fontPx);
  for (const { at, value } of kept) labels.add('grid', hoursMinutes(value), { ...at, align: 'center' });
  // Towards a pole the meridians are too near to each other for more.
  if (kept.length >= MIN_MERIDIANS) return;
  for (let raDeg = 0; raDeg < 360; raDeg += raStepDeg) {
    const place = projection.placeOf(raDeg, 0);
    if (place)
      labels.add('grid', hoursMinutes(raDeg), { x: place.x, y: place.y + fontPx * 0.8, align: 'center' });
  }
}

/** Every second, third ... of the meridians, so that there is room for the labels of all. */
function thinned(meridians: readonly Crossing[], stepDeg: number, minGapPx: number): readonly Crossing[] {
  for (const every of [1, 2, 3, 4]) {
    const kept = meridians.filter(({ value }) => Math.round(value / stepDeg) % every === 0);
    const gaps = kept.slice(1).map(({ at }, i) => at.x - (kept[i] as Crossing).at.x);
    if (gaps.every((gap) => gap >= minGapPx)) return kept;
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
      const share = (line * step - last.value) / (now.value - last.value);
      const between = (from: number, to: number) => from + share * (to - from);
      if (isPassed)
        found.push({
          at: { x: between(last.at.x, now.at.x), y: between(last.at.y, now.at.y) },
          value: line * step,
        });
    }
    last = now;
  }
  return found;
}

/** From an edge to a place further in: the first that lies in the sky, or where none does the last. */
function firstInside(isInside: (at: number) => boolean, edge: number, furthest: number): number {
  if (isInside(edge)) return edge;
  if (!isInside(furthest)) return furthest;
  let [outside, inside] = [edge, furthest];
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
