import { RAD_PER_DEG, SECONDS_PER_DAY, wrap180, wrap360 } from 'pointing-monitor/units';
import type { Latest } from './api.js';
import { SIDEREAL_DEG_PER_SECOND } from './exposure.js';
import { BEAM_RADIUS_DEG, CADENCE_SECONDS, NEWEST_SECONDS, OBSERVATION_SECONDS } from './instrument.js';

interface Pace {
  readonly cadenceSeconds: number;
  readonly observationSeconds: number;
}

/** The middle of the last file is this old when the next file is complete, with a minute for it to arrive. */
const dueAfterSeconds = ({ cadenceSeconds, observationSeconds }: Pace) =>
  cadenceSeconds + observationSeconds / 2 + 60;
/** Three intervals, and of short files until the next has been overdue for a minute. */
const knownForSeconds = (pace: Pace) =>
  Math.max(3 * Math.max(pace.cadenceSeconds, pace.observationSeconds), dueAfterSeconds(pace) + 60);
const CLOCK_TOLERANCE_SECONDS = 60;

/** `unwatched`: no monitor would report a new observation. */
export type PointingState = 'on time' | 'unwatched' | 'overdue' | 'unknown';

/** Where the telescope points if it has stayed at the hour angle and declination of its last observation. */
export interface Prediction {
  readonly state: PointingState;
  /** In the middle of the beam now, apparent: LST minus the hour angle. */
  readonly raDeg: number;
  readonly decDeg: number;
  /** Whether the meridian passes through the half-power beam: a telescope can stand at another hour angle. */
  readonly isOnMeridian: boolean;
  /** Good to a few arcminutes, for the map. */
  readonly raIcrsDeg: number | null;
  readonly decIcrsDeg: number | null;
  /** Of the middle of the last observation; negative if that lies in the future. */
  readonly ageSeconds: number;
  readonly lastEndMjd: number;
}

/** Undefined where nothing is stored. Between a row and its successor right ascension grows as sidereal time does, `lstDeg` now. */
export function predict(
  observation: Latest['observation'],
  nowMjd: number,
  lstDeg: number,
  isWatched: boolean,
): Prediction | undefined {
  if (!observation) return undefined;
  const { timestamp, ra_deg, dec_deg, ra_icrs_deg, dec_icrs_deg } = observation;
  const ageSeconds = (nowMjd - timestamp) * SECONDS_PER_DAY;
  const turned = (deg: number) => wrap360(deg + ageSeconds * SIDEREAL_DEG_PER_SECOND);
  const raDeg = turned(ra_deg);
  const offMeridianDeg = Math.abs(wrap180(lstDeg - raDeg)) * Math.cos(dec_deg * RAD_PER_DEG);
  return {
    state: stateAt(ageSeconds, isWatched, {
      cadenceSeconds: CADENCE_SECONDS,
      observationSeconds: OBSERVATION_SECONDS,
    }),
    raDeg,
    decDeg: dec_deg,
    isOnMeridian: offMeridianDeg <= BEAM_RADIUS_DEG,
    raIcrsDeg: ra_icrs_deg === null ? null : turned(ra_icrs_deg),
    decIcrsDeg: dec_icrs_deg,
    ageSeconds,
    lastEndMjd: timestamp + NEWEST_SECONDS / 2 / SECONDS_PER_DAY,
  };
}

/** Whether a telescope, on show or not, can be taken to point where it observed last. */
export function isPointingKnown(
  { observation, instrument }: Pick<Latest, 'observation' | 'instrument'>,
  nowMjd: number,
): boolean {
  const { typical_observation_seconds: observationSeconds, cadence_seconds } = instrument;
  const pace = { cadenceSeconds: cadence_seconds ?? observationSeconds, observationSeconds };
  return (
    observation !== null &&
    stateAt((nowMjd - observation.timestamp) * SECONDS_PER_DAY, true, pace) !== 'unknown'
  );
}

function stateAt(ageSeconds: number, isWatched: boolean, pace: Pace): PointingState {
  if (ageSeconds < -CLOCK_TOLERANCE_SECONDS || ageSeconds > knownForSeconds(pace)) return 'unknown';
  if (!isWatched) return 'unwatched';
  return ageSeconds > dueAfterSeconds(pace) ? 'overdue' : 'on time';
}
