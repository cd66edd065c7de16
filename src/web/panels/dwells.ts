import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { dwellsOf } from '../data/dwells.js';
import { OBSERVATION_SECONDS } from '../data/instrument.js';
import { element } from '../element.js';
import { count, duration, signedDegrees } from '../format.js';
import { dateTime, scaleName } from '../times.js';
import { spanLink } from './links.js';
import type { ShowPanel } from './panel.js';
import { table } from './table.js';

const LISTED = 500;

/** What the plot of declination shows, as a table: the latest first. A dwell's link selects it. */
export const show: ShowPanel = (_place, { track, from, to }) => {
  const dwells = dwellsOf(track, from, to).reverse();
  const left = dwells.length - LISTED;
  return [
    element(
      'p',
      { class: 'muted' },
      dwells.length === 0
        ? 'No observations in this time range.'
        : `${dwells.length === 1 ? '1 dwell' : `${count(dwells.length)} dwells, each`} at one declination without a gap${left > 0 ? `; the latest ${LISTED}` : ''}. Select ${dwells.length === 1 ? 'it' : 'one'} to show it in the plots.`,
    ),
    table(
      'Dwells',
      [
        {
          name: `From, ${scaleName()}`,
          cell: ({ startMjd, endMjd, decDeg }) =>
            spanLink(
              startMjd,
              endMjd,
              dateTime(startMjd),
              `Select ${signedDegrees(decDeg, 2)} from ${dateTime(startMjd)}`,
            ),
        },
        { name: 'To', isWide: true, cell: ({ endMjd }) => dateTime(endMjd) },
        { name: 'Dec', number: true, cell: ({ decDeg }) => signedDegrees(decDeg, 2) },
        {
          name: 'Lasted',
          number: true,
          cell: ({ startMjd, endMjd }) =>
            duration((endMjd - startMjd) * SECONDS_PER_DAY + OBSERVATION_SECONDS),
        },
        {
          name: 'Observations',
          number: true,
          cell: ({ observations }) => (track.stride > 1 ? '≈ ' : '') + count(observations),
        },
      ],
      dwells.slice(0, LISTED),
    ),
  ];
};
