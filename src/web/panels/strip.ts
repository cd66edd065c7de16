import { colour, HEAT_LEVELS, onThemeChange } from '../colours.js';
import type { Coverage } from '../data/api.js';
import { byId, element } from '../element.js';
import { duration, signedDegrees } from '../format.js';

const LEVEL_FROM_SECONDS = [1, 600, 1800, 7200, 28_800];
const ROWS_AT_MOST = 40;

let shown: Coverage | undefined;

/** One row a declination band: how long in all, and in which right ascensions. */
export function showCoverage(coverage: Coverage): void {
  shown = coverage;
  const bands = [...coverage.bands].sort((a, b) => b.dec_min_deg - a.dec_min_deg).slice(0, ROWS_AT_MOST);
  if (bands.length === 0) {
    byId('strip').replaceChildren(element('p', { class: 'muted' }, 'Nothing was observed in this time.'));
    return;
  }
  const rows = bands.map(({ dec_min_deg, dec_max_deg, seconds, ra_bin_seconds }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, `${signedDegrees(dec_min_deg, 0)} to ${signedDegrees(dec_max_deg, 0)}`),
      element('td', { class: 'cells' }, cellsOf(ra_bin_seconds, coverage.ra_bin_deg)),
      element('td', { class: 'number' }, duration(seconds)),
    ),
  );
  const hours = element('div', { class: 'hours', 'aria-hidden': 'true' });
  for (const hour of [24, 18, 12, 6, 0]) hours.append(element('span', {}, `${hour}h`));
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
  );
}

/** Right ascension grows to the left, as on the map. */
function cellsOf(binSeconds: readonly number[], binDeg: number): HTMLCanvasElement {
  const seen = binSeconds.filter((seconds) => seconds > 0).length;
  const hours = ((seen * binDeg) / 15).toFixed(1);
  const canvas = element('canvas', {
    role: 'img',
    'aria-label': `seen in ${hours} of 24 h of right ascension`,
    title: `seen in ${hours} of 24 h of right ascension`,
  });
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

onThemeChange(() => {
  if (shown) showCoverage(shown);
});
