import { element } from '../element.js';
import { count, hoursMinutesSeconds, signedDegrees } from '../format.js';
import { dateTime, scaleName } from '../times.js';
import { observationLink, opensObservation } from './links.js';
import type { ShowPanel } from './panel.js';
import { table } from './table.js';

const LISTED = 300;

/** The observations on show, the latest first. Each row opens. */
export const show: ShowPanel = (_place, { track, from, to }) => {
  const rows = Array.from({ length: Math.min(LISTED, to - from) }, (_, i) => to - 1 - i);
  const notes = [
    ...(to - from > LISTED
      ? [`The latest ${LISTED} of ${count(to - from)}; select a time in the plots to see others.`]
      : []),
    ...(track.stride > 1 ? [`1 in ${track.stride} is listed.`] : []),
  ];
  return [
    element('p', { class: 'muted' }, to > from ? notes.join(' ') : 'No observations in this time range.'),
    table(
      'Observations',
      [
        {
          name: `Mid time, ${scaleName()}`,
          cell: (i) => observationLink(track.mjd(i), dateTime(track.mjd(i))),
        },
        { name: 'MJD', number: true, isWide: true, cell: (i) => track.mjd(i).toFixed(5) },
        { name: 'RA, apparent', number: true, cell: (i) => hoursMinutesSeconds(track.raDeg(i)) },
        { name: 'Dec', number: true, cell: (i) => signedDegrees(track.decDeg(i)) },
        {
          name: 'RA, ICRS',
          number: true,
          isWide: true,
          cell: (i) => hoursMinutesSeconds(track.raIcrsDeg(i)),
        },
        { name: 'Dec', number: true, isWide: true, cell: (i) => signedDegrees(track.decIcrsDeg(i)) },
      ],
      rows,
      (i) => opensObservation(track.mjd(i)),
    ),
  ];
};
