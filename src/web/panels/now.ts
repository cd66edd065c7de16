import type { Latest } from '../data/api.js';
import { byId, definitions, element } from '../element.js';
import {
  degreesMinutesSeconds,
  duration,
  hoursMinutesSeconds,
  mjdOfUnix,
  signedDegrees,
  unixOfMjd,
  utc,
} from '../format.js';

/** How much faster the stars turn than the Sun. */
const SIDEREAL_RATE = 1.0027379;

const position = (frame: string, raDeg: number, decDeg: number) => [
  element('span', { class: 'frame' }, frame),
  element('span', { class: 'muted degrees' }, `${raDeg.toFixed(4)}°  ${signedDegrees(decDeg)}`),
  element(
    'span',
    { class: 'sexagesimal' },
    `${hoursMinutesSeconds(raDeg)}  ${degreesMinutesSeconds(decDeg)}`,
  ),
];

export function showLatest({ observation }: Latest): void {
  const now = byId('now');
  if (!observation) {
    now.replaceChildren(element('p', { class: 'muted' }, 'No observation is stored yet.'));
    return;
  }
  const { ra_icrs_deg, dec_icrs_deg } = observation;
  const positions = element('div', { class: 'positions' });
  if (ra_icrs_deg !== null && dec_icrs_deg !== null) {
    positions.append(
      element('div', { class: 'position main' }, ...position('ICRS', ra_icrs_deg, dec_icrs_deg)),
    );
  }
  positions.append(
    element('div', { class: 'position' }, ...position('Apparent', observation.ra_deg, observation.dec_deg)),
  );
  const since = (observation.timestamp - observation.at_declination_since_mjd) * 86_400;
  now.replaceChildren(
    positions,
    definitions([
      ['Observed', element('span', {}, `${utc(observation.timestamp)} UTC`)],
      ['Age', element('span', { id: 'age' }, ageOf(observation.timestamp))],
      ['At this declination', since > 0 ? `for ${duration(since)}` : 'since this one'],
      ['MJD', observation.timestamp.toFixed(5)],
    ]),
  );
}

function ageOf(mjd: number): string {
  const seconds = Date.now() / 1000 - unixOfMjd(mjd);
  return seconds < -1 ? `${duration(-seconds)} ahead of this computer's clock` : duration(seconds);
}

/** Sidereal time, universal time and the age of the last observation, between the server's words. */
export function showTimes({ now, observation }: Latest, receivedAtMs: number): void {
  const elapsed = (performance.now() - receivedAtMs) / 1000;
  byId('lst').textContent = hoursMinutesSeconds(now.lst_deg + (elapsed / 240) * SIDEREAL_RATE, 0);
  byId('utc').textContent = utc(now.mjd + elapsed / 86_400).slice(11);
  const age = document.getElementById('age');
  if (age && observation) age.textContent = ageOf(observation.timestamp);
}

export const nowMjd = () => mjdOfUnix(Date.now() / 1000);
