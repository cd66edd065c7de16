import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import type { Latest, Transit } from '../data/api.js';
import type { Prediction } from '../data/pointing.js';
import { byId } from '../element.js';
import { duration, hoursMinutesSeconds, minutes, signedDegrees, utc } from '../format.js';
import { type InBeam, secondsLeft } from './transits.js';

const STATE_WORDS = {
  'on time': 'on time',
  unwatched: 'but the monitor is not reporting',
  overdue: 'the next is overdue',
} as const;

/** What an observer asks first, in one sentence. */
export function showSentence(
  prediction: Prediction | undefined,
  observation: Latest['observation'],
  transits: readonly Transit[],
  inBeam: InBeam,
  nowMjd: number,
): void {
  const place = byId('sentence');
  place.hidden = false;
  place.dataset.state = prediction?.state ?? 'unknown';
  if (!prediction || !observation) {
    place.textContent = 'No observations yet.';
    return;
  }
  const { state, ageSeconds, raDeg, decDeg, isOnMeridian, lastEndMjd } = prediction;
  if (state === 'unknown') {
    place.textContent =
      ageSeconds < 0
        ? `The newest observation is ${duration(-ageSeconds)} in the future: check the clocks.`
        : `Pointing unknown since ${utc(lastEndMjd).slice(0, 16)} UTC; last at Dec ${signedDegrees(decDeg, 2)}.`;
    return;
  }
  const dwellSeconds = (nowMjd - observation.at_declination_since_mjd) * SECONDS_PER_DAY;
  const next = transits.find(
    ({ mjd, name }) => mjd > nowMjd && !inBeam.some((source) => source.name === name),
  );
  const parts = [
    `Drifting at Dec ${signedDegrees(decDeg, 2)} for ${minutes(dwellSeconds)}`,
    `${isOnMeridian ? 'meridian now' : 'now at RA'} ${hoursMinutesSeconds(raDeg, 0).slice(0, 7)}`,
    ...inBeam.map((source) => inBeamWords(source, nowMjd)),
    ...(next ? [`next ${next.alt_name || next.name} at ${utc(next.mjd).slice(11, 16)} UTC`] : []),
    `last observation ${minutes(ageSeconds)} ago, ${STATE_WORDS[state]}`,
  ];
  place.textContent = `${parts.join('; ')}.`;
}

function inBeamWords(source: InBeam[number], nowMjd: number): string {
  const words = `${source.alt_name || source.name} in the beam`;
  const seconds = secondsLeft(source, nowMjd);
  return Number.isFinite(seconds) ? `${words} for ${minutes(seconds)} more` : words;
}
