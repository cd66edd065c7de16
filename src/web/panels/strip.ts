import { colour, HEAT_LEVELS, onThemeChange } from '../colours.js';
import { type Pointing, RA_BIN_DEG } from '../data/coverage.js';
import { byId, element } from '../element.js';
import { duration, signedDegrees } from '../format.js';

const LEVEL_FROM_SECONDS = [1, 600, 1800, 7200, 28_800];
const ROWS_AT_MOST = 40;
/** Within this, observations of one pointing have the same declination. */
const STEADY_DEG = 0.1;

let shown: readonly [pointings: readonly Pointing[], exact: boolean] = [[], true];

/** One row a declination: how long in all, and in which right ascensions. `exact` is false where rows were left out. */
export function showCoverage(pointings: readonly Pointing[], exact: boolean): void {
  shown = [pointings, exact];
  if (pointings.length === 0) {
    byId('strip').replaceChildren(element('p', { class: 'muted' }, 'No observations in this time range.'));
    return;
  }
  const longest = [...pointings].sort((a, b) => b.seconds - a.seconds).slice(0, ROWS_AT_MOST);
  const rows = longest
    .sort((a, b) => b.decDeg - a.decDeg)
    .map((pointing) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, labelOf(pointing)),
        element('td', { class: 'cells' }, cellsOf(pointing.raBinSeconds)),
        element('td', { class: 'number' }, `${exact ? '' : '≈ '}${duration(pointing.seconds)}`),
      ),
    );
  const hours = element('div', { class: 'hours', 'aria-hidden': 'true' });
  for (const hour of [24, 18, 12, 6, 0]) hours.append(element('span', {}, `${hour}h`));
  const left = pointings.length - longest.length;
  byId('strip').replaceChildren(
    element(
      'table',
      { class: 'plain coverage' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'Dec'),
          element('th', { scope: 'col' }, element('span', { class: 'hidden' }, 'Right ascension'), hours),
          element('th', { scope: 'col', class: 'number' }, 'On sky'),
        ),
      ),
      element('tbody', {}, ...rows),
    ),
    ...(left > 0
      ? [element('p', { class: 'muted' }, `The ${ROWS_AT_MOST} longest of ${pointings.length} declinations.`)]
      : []),
  );
}

const labelOf = ({ decMinDeg, decMaxDeg, decDeg }: Pointing) =>
  decMaxDeg - decMinDeg <= STEADY_DEG
    ? signedDegrees(decDeg, 2)
    : `${signedDegrees(decMinDeg, 1)} to ${signedDegrees(decMaxDeg, 1)}`;

/** Right ascension grows to the left, as on the map. */
function cellsOf(binSeconds: Float64Array): HTMLCanvasElement {
  const seen = binSeconds.filter((seconds) => seconds > 0).length;
  const hours = ((seen * RA_BIN_DEG) / 15).toFixed(1);
  const words = `seen in ${hours} of 24 h of right ascension`;
  const canvas = element('canvas', { role: 'img', 'aria-label': words, title: words });
  canvas.width = binSeconds.length;
  canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  for (const [bin, seconds] of binSeconds.entries()) {
    const level = LEVEL_FROM_SECONDS.findLastIndex((from) => seconds >= from);
    context.fillStyle = colour(level < 0 ? 'sky' : (HEAT_LEVELS[level] as string));
    context.fillRect(binSeconds.length - 1 - bin, 0, 1, 1);
  }
  return canvas;
}

onThemeChange(() => showCoverage(...shown));
