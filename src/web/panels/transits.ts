import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import type { Latest, Observation, Transit } from '../data/api.js';
import { nowMjd } from '../data/clock.js';
import { byId, element, renew } from '../element.js';
import { minutes, signedDegrees, unixOfMjd } from '../format.js';
import { clock, scaleName } from '../times.js';
import { sourceLink } from './links.js';
import { table } from './table.js';

const LISTED = 6;
export type InBeam = Latest['in_beam'];

/** Until a source leaves the half-power beam; infinite near a pole, where it may never do so. */
export const secondsLeft = ({ out_iso }: InBeam[number], mjd: number): number =>
  out_iso === null ? Number.POSITIVE_INFINITY : Date.parse(out_iso) / 1000 - unixOfMjd(mjd);

/** The calibrators within the half-power beam. */
export function showInBeam(inBeam: InBeam): void {
  const line = byId('in-beam');
  line.hidden = inBeam.length === 0;
  const names = inBeam.map(
    ({ name, alt_name, separation_deg, minutes_to_transit }) =>
      `${alt_name || name} (${separation_deg.toFixed(1)}° off${minutes_to_transit > 0 ? `, transit in ${minutes(minutes_to_transit * 60)}` : ''})`,
  );
  line.textContent = `In the beam now: ${names.join(', ')}`;
}

export function showTransits(transits: readonly Transit[], newest: Observation | undefined): void {
  const now = nowMjd();
  const coming = transits.filter(({ mjd }) => mjd > now).slice(0, LISTED);
  if (coming.length === 0) {
    renew(
      byId('transits'),
      element(
        'p',
        { class: 'muted' },
        newest
          ? 'No calibrator with a known flux density of 1 Jy or more at 20 cm will pass through the beam.'
          : 'No declination yet.',
      ),
    );
    return;
  }
  renew(
    byId('transits'),
    table(
      'Upcoming transits',
      [
        { name: 'Source', cell: ({ name, alt_name }) => sourceLink(name, alt_name || name) },
        {
          name: 'At 1.4 GHz',
          number: true,
          cell: ({ flux_20cm_jy }) => `${flux_20cm_jy?.toFixed(1) ?? '–'} Jy`,
        },
        { name: 'Offset', number: true, cell: ({ offset_deg }) => signedDegrees(offset_deg, 2) },
        { name: 'In', number: true, cell: ({ mjd }) => minutes((mjd - now) * SECONDS_PER_DAY) },
        { name: scaleName(), number: true, cell: ({ mjd }) => clock(mjd) },
      ],
      coming,
    ),
  );
}
