import { colour, HEAT_LEVELS } from '../colours.js';
import { type Pointing, pointingsOf, RA_BIN_DEG } from '../data/coverage.js';
import { element } from '../element.js';
import { duration, signedDegrees } from '../format.js';
import type { ShowPanel } from './panel.js';
import { table } from './table.js';

const LEVEL_FROM_SECONDS = [1, 600, 1800, 7200, 28_800];
const ROWS_AT_MOST = 40;
/** Within this, observations of one pointing have the same declination. */
const STEADY_DEG = 0.1;
/** In rows of its canvas. */
const BAR_HEIGHT = 8;

/** One row a declination: how long in all, and in which right ascensions. */
export const show: ShowPanel = (_place, { track, from, to }) => {
  const pointings = pointingsOf(track, from, to);
  if (pointings.length === 0)
    return [element('p', { class: 'muted' }, 'No observations in this time range.')];
  const exact = track.stride === 1;
  const longest = [...pointings].sort((a, b) => b.seconds - a.seconds).slice(0, ROWS_AT_MOST);
  const hours = element('div', { class: 'hours', 'aria-hidden': 'true' });
  for (const hour of [24, 18, 12, 6, 0]) hours.append(element('span', {}, `${hour}h`));
  const list = table<Pointing>(
    'Time on sky by declination',
    [
      { name: 'Dec', cell: labelOf },
      { name: 'Right ascension', cell: ({ raBinSeconds }) => cellsOf(raBinSeconds) },
      { name: 'On sky', number: true, cell: ({ seconds }) => `${exact ? '' : '≈ '}${duration(seconds)}` },
    ],
    longest.sort((a, b) => b.decDeg - a.decDeg),
  );
  list.classList.add('coverage');
  list.querySelector('th:nth-child(2)')?.append(hours);
  const left = pointings.length - longest.length;
  return [
    list,
    ...(left > 0
      ? [element('p', { class: 'muted' }, `The ${ROWS_AT_MOST} longest of ${pointings.length} declinations.`)]
      : []),
  ];
};

const labelOf = ({ decMinDeg, decMaxDeg, decDeg }: Pointing) =>
  decMaxDeg - decMinDeg <= STEADY_DEG
    ? signedDegrees(decDeg, 2)
    : `${signedDegrees(decMinDeg, 1)} to ${signedDegrees(decMaxDeg, 1)}`;

/** Right ascension grows to the left, as on the map. A line below what was seen, as the lowest level is as pale as the sky. */
function cellsOf(binSeconds: Float64Array): HTMLCanvasElement {
  const seen = binSeconds.filter((seconds) => seconds > 0).length;
  const hours = ((seen * RA_BIN_DEG) / 15).toFixed(1);
  const words = `seen in ${hours} of 24 h of right ascension`;
  const canvas = element('canvas', { role: 'img', 'aria-label': words, title: words });
  canvas.width = binSeconds.length;
  canvas.height = BAR_HEIGHT;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  for (const [bin, seconds] of binSeconds.entries()) {
    const level = LEVEL_FROM_SECONDS.findLastIndex((from) => seconds >= from);
    context.fillStyle = colour(level < 0 ? 'sky' : (HEAT_LEVELS[level] as string));
    const x = binSeconds.length - 1 - bin;
    context.fillRect(x, 0, 1, BAR_HEIGHT);
    if (level < 0) continue;
    context.fillStyle = colour('outline');
    context.fillRect(x, BAR_HEIGHT - 1, 1, 1);
  }
  return canvas;
}
