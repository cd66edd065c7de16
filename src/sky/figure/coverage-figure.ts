import type { Coverage } from '../coverage.js';
import type { Dwell } from '../dwells.js';
import type { Gap } from '../gaps.js';
import { skyPanel } from './sky-panel.js';
import { element, text } from './svg.js';
import { timePanel } from './time-panel.js';

export interface CoverageFigure {
  readonly coverage: Coverage;
  readonly dwells: readonly Dwell[];
  readonly gaps: readonly Gap[];
  /** Such as "2025-10-01 to 2025-10-31". */
  readonly title: string;
}

const WIDTH = 1000;
const HEIGHT = 660;
const LEFT = 56;
const INNER_WIDTH = WIDTH - LEFT - 24;
const MIN_DEC_SPAN_DEG = 20;

/**
 * Time on sky by direction, and declination against time, as an SVG document of its own. Words and lines take the text
 * colour of the page it is part of; every cell, dwell and gap says its numbers when pointed at.
 */
export function coverageFigure({ coverage, dwells, gaps, title }: CoverageFigure): string {
  const decRange = declinationRange(coverage);
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': `Time on sky, ${title}`,
      color: '#1f2933',
      'font-family': 'system-ui, "DejaVu Sans", sans-serif',
      'font-size': 12,
    },
    [
      text(LEFT, 28, 'Time on sky', { 'font-size': 18, 'font-weight': 600 }),
      text(LEFT, 48, title, { 'fill-opacity': 0.75 }),
      skyPanel(coverage, decRange, { x: LEFT, y: 66, width: INNER_WIDTH, height: 310 }),
      text(LEFT, 452, 'Declination', { 'font-size': 14, 'font-weight': 600 }),
      text(LEFT + 100, 452, gaps.length > 0 ? 'red: nothing observed' : '', { 'fill-opacity': 0.75 }),
      timePanel(dwells, gaps, decRange, { x: LEFT, y: 464, width: INNER_WIDTH, height: 160 }),
    ].join(''),
  )}\n`;
}

/** Of the bands, with a margin, within the sky; never so narrow that a degree fills the panel. */
function declinationRange({ bands }: Coverage): [number, number] {
  const low = Math.min(...bands.map(({ decMinDeg }) => decMinDeg), 90);
  const high = Math.max(...bands.map(({ decMaxDeg }) => decMaxDeg), -90);
  if (low > high) return [-90, 90];
  const margin = Math.max(2, (MIN_DEC_SPAN_DEG - (high - low)) / 2);
  return [Math.max(-90, Math.floor(low - margin)), Math.min(90, Math.ceil(high + margin))];
}
