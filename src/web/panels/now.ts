import { fixed360 } from 'pointing-monitor/units';
import type { Latest } from '../data/api.js';
import type { Prediction } from '../data/pointing.js';
import { byId, definitions, element, renew } from '../element.js';
import { degreesMinutesSeconds, duration, hoursMinutesSeconds, signedDegrees, utc } from '../format.js';
import { dateTime, scaleName } from '../times.js';
import { observationLink } from './links.js';

const CAPTIONS = {
  'on time': 'predicted: in the middle of the beam now',
  unwatched: 'predicted, but the monitor is not reporting',
  overdue: 'predicted, but the next observation is overdue',
} as const;

const ON_MERIDIAN = 'predicted: on the meridian now';

/** The declination of the last file, and the right ascension that follows from it now. */
export function showPrediction(prediction: Prediction | undefined, elevationDeg: number | null): void {
  const headline = byId('headline');
  headline.hidden = !prediction;
  if (!prediction) return;
  const { state, raDeg, decDeg, isOnMeridian, lastEndMjd, ageSeconds } = prediction;
  headline.dataset.state = state;
  byId('headline-position').replaceChildren(
    ...(state === 'unknown'
      ? ['Unknown']
      : [
          element('span', {}, hoursMinutesSeconds(raDeg, 0)),
          '  ',
          element('span', {}, degreesMinutesSeconds(decDeg)),
        ]),
  );
  byId('headline-caption').textContent =
    state !== 'unknown'
      ? `${isOnMeridian && state === 'on time' ? ON_MERIDIAN : CAPTIONS[state]}${elevationDeg === null ? '' : `, altitude\u00a0${elevationDeg.toFixed(1)}°`}`
      : ageSeconds < 0
        ? 'the newest observation is in the future: check the clocks'
        : `since ${utc(lastEndMjd).slice(0, 16)} UTC`;
  const age = document.getElementById('age');
  if (age)
    age.textContent =
      ageSeconds < -1 ? `${duration(-ageSeconds)} in the future` : `${duration(ageSeconds)} ago`;
}

const position = (frame: string, raDeg: number, decDeg: number) =>
  element(
    'div',
    { class: 'position' },
    element('span', { class: 'frame' }, frame),
    element(
      'span',
      { class: 'sexagesimal' },
      `${hoursMinutesSeconds(raDeg)}  ${degreesMinutesSeconds(decDeg)}`,
    ),
    element('span', { class: 'muted degrees' }, `${fixed360(raDeg, 4)}°  ${signedDegrees(decDeg)}`),
  );

/** The middle of the last file. */
export function showLatest({ observation, instrument }: Latest): void {
  byId('telescope').textContent = instrument.name;
  const now = byId('now');
  if (!observation) {
    renew(now, element('p', { class: 'muted' }, 'No observations yet.'));
    return;
  }
  const { ra_icrs_deg, dec_icrs_deg, ra_deg, dec_deg, timestamp } = observation;
  renew(
    now,
    element('h3', {}, 'Last observed'),
    element(
      'div',
      { class: 'positions' },
      ...(ra_icrs_deg === null || dec_icrs_deg === null ? [] : [position('ICRS', ra_icrs_deg, dec_icrs_deg)]),
      position('Apparent', ra_deg, dec_deg),
    ),
    definitions([
      [
        'Mid time',
        observationLink(timestamp, `${dateTime(timestamp)} ${scaleName()}`),
        ', ',
        element('span', { id: 'age' }),
      ],
      ['MJD', timestamp.toFixed(5)],
    ]),
  );
}

/** Sidereal and universal time. */
export function showClocks(lstDeg: number, mjd: number): void {
  byId('lst').textContent = hoursMinutesSeconds(lstDeg, 0);
  byId('utc').textContent = utc(mjd).slice(11);
}
