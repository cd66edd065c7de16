import type { Latest, Transit } from '../data/api.js';
import type { Prediction } from '../data/pointing.js';
import { byId } from '../element.js';
import { duration, hoursMinutesSeconds, signedDegrees, utc } from '../format.js';
import type { InBeam } from './transits.js';

const STATE_WORDS = {
  'on time': 'on time',
  unwatched: 'but the monitor is not running',
  overdue: 'the next is overdue',
} as const;

const minutes = (seconds: number) => duration(Math.max(60, seconds)).replace(/ \d+ s$/, '');

/** What an observer asks first, in one sentence. */
export function showSentence(
  prediction: Prediction | undefined,
  observation: Latest['observation'],
  transits: readonly Transit[],
  inBeam: InBeam,
  nowMjd: number,
): void {
  const place = byId('sentence');
  place.hidden = !prediction || !observation;
  if (!prediction || !observation) return;
  place.dataset.state = prediction.state;
  const { state, ageSeconds, raDeg, decDeg, lastEndMjd } = prediction;
  if (state === 'unknown') {
    place.textContent =
      ageSeconds < 0
        ? `The newest observation is ${duration(-ageSeconds)} in the future: check the clocks.`
        : `Pointing unknown since ${utc(lastEndMjd).slice(0, 16)} UTC; last at Dec ${signedDegrees(decDeg, 2)}.`;
    return;
  }
  const dwellSeconds = (nowMjd - observation.at_declination_since_mjd) * 86_400;
  const next = transits.find(({ mjd }) => mjd > nowMjd);
  const parts = [
    `At Dec ${signedDegrees(decDeg, 2)} for ${minutes(dwellSeconds)}`,
    `meridian now ${hoursMinutesSeconds(raDeg, 0).slice(0, 7)}`,
    ...(inBeam.length > 0 ? [`${inBeam.map(({ name }) => name).join(', ')} in the beam`] : []),
    ...(next ? [`next ${next.alt_name || next.name} at ${utc(next.mjd).slice(11, 16)} UTC`] : []),
    `last observation ${minutes(ageSeconds)} ago, ${STATE_WORDS[state]}`,
  ];
  place.textContent = `${parts.join('; ')}.`;
}
