import type { Observation } from '../data/api.js';
import type { Prediction } from '../data/pointing.js';
import { degreesMinutesSeconds, hoursMinutesSeconds } from '../format.js';

/** Where the map shows the beam. */
export interface Direction {
  readonly raIcrsDeg: number;
  readonly decIcrsDeg: number;
  /** Else it is that of the last observation. */
  readonly isPredicted: boolean;
  /** Of styles/theme.css. */
  readonly colourName: string;
}

/** The predicted place of the beam; once it is unknown, that of the last observation, in grey. With the words for it. */
export function directionOf(
  prediction: Prediction | undefined,
  last: Observation | undefined,
): { readonly pointing: Direction | undefined; readonly words: string } {
  const isKnown = prediction !== undefined && prediction.state !== 'unknown';
  const { raIcrsDeg, decIcrsDeg } = isKnown
    ? prediction
    : { raIcrsDeg: last?.ra_icrs_deg, decIcrsDeg: last?.dec_icrs_deg };
  if (raIcrsDeg == null || decIcrsDeg == null) return { pointing: undefined, words: '' };
  // Without seconds: a name that changes all the time is read out all the time.
  const ra = hoursMinutesSeconds(raIcrsDeg, 0).slice(0, 7);
  const where = `right ascension ${ra}, declination ${degreesMinutesSeconds(decIcrsDeg)}. `;
  return {
    pointing: {
      raIcrsDeg,
      decIcrsDeg,
      isPredicted: isKnown,
      colourName: prediction?.state === 'on time' ? 'accent' : 'stopped',
    },
    words: `${isKnown ? 'The telescope is predicted to point at' : 'The last observation was at'} ${where}`,
  };
}

/** Less than this is not seen. */
const MOVED_DEG = 0.02;

export const moved = (a: Direction | undefined, b: Direction | undefined): boolean =>
  a?.colourName !== b?.colourName ||
  a?.isPredicted !== b?.isPredicted ||
  (a !== undefined &&
    b !== undefined &&
    Math.abs(a.raIcrsDeg - b.raIcrsDeg) + Math.abs(a.decIcrsDeg - b.decIcrsDeg) > MOVED_DEG);
