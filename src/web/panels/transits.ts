import type { Observation, Status, Transit } from '../data/api.js';
import { byId, element } from '../element.js';
import { duration, signedDegrees, unixOfMjd, utc } from '../format.js';

const LISTED = 5;
export type InBeam = Extract<Status, { in_beam: unknown }>['in_beam'];

/** Of the monitor's status: the calibrators within the half-power beam. */
export function showInBeam(inBeam: InBeam): void {
  const line = byId('in-beam');
  line.hidden = inBeam.length === 0;
  const names = inBeam.map(({ name, separation_deg }) => `${name} (${separation_deg.toFixed(1)}° off)`);
  line.textContent = `In the beam now: ${names.join(', ')}`;
}

export function showTransits(transits: readonly Transit[], newest: Observation | undefined): void {
  const coming = transits.filter(({ mjd }) => unixOfMjd(mjd) > Date.now() / 1000).slice(0, LISTED);
  if (coming.length === 0) {
    byId('transits').replaceChildren(
      element(
        'p',
        { class: 'muted' },
        newest ? 'No calibrator of 1 Jy or more will pass through the beam.' : 'No declination yet.',
      ),
    );
    return;
  }
  const row = ({ name, alt_name, flux_20cm_jy, mjd, offset_deg }: Transit) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        element(
          'a',
          {
            href: `api/pointing/observed?name=${encodeURIComponent(name)}`,
            title: `When ${name} was observed`,
          },
          alt_name || name,
        ),
      ),
      element('td', { class: 'number' }, `${flux_20cm_jy?.toFixed(1) ?? '–'} Jy`),
      element('td', { class: 'number' }, signedDegrees(offset_deg, 2)),
      element(
        'td',
        {
          class: 'number',
          title: `in ${duration(unixOfMjd(mjd) - Date.now() / 1000)}`,
        },
        `${utc(mjd).slice(11, 16)} UTC`,
      ),
    );
  byId('transits').replaceChildren(
    element(
      'table',
      { class: 'plain' },
      element(
        'thead',
        { class: 'hidden' },
        element(
          'tr',
          {},
          ...['Source', 'At 1.4 GHz', 'From beam centre', 'Transit'].map((text) =>
            element('th', { scope: 'col' }, text),
          ),
        ),
      ),
      element('tbody', {}, ...coming.map(row)),
    ),
  );
}
