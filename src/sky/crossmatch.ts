import type { Observation } from '../store/rows.js';
import { type Degrees, degrees } from '../units.js';
import { beamResponse } from './beam.js';
import type { Source } from './calibrators.js';
import { directionOf } from './in-beam.js';
import { OBSERVATION_SECONDS } from './observation-time.js';
import { angularSeparationDeg } from './separation.js';
import { firstFrom } from './sorted.js';
import type { Transit } from './transits.js';

/** What was observing when a source crossed the meridian. */
export interface Match {
  readonly observation: Observation;
  /** From the middle of the observation to the transit; negative where the transit came first. */
  readonly minutesFromMid: number;
  /** Whether the source crossed between the first and the last sample. */
  readonly inside: boolean;
  /** Source less telescope, apparent. */
  readonly decOffsetDeg: Degrees;
  /** Power response of the primary beam to the source as it crosses the meridian. */
  readonly beamResponse: number;
}

export interface CrossmatchOptions {
  readonly decToleranceDeg: number;
  /** How far before or after an observation a transit may lie and still count as its own. */
  readonly timePadMinutes: number;
}

const MINUTES_PER_DAY = 1440;
const HALF_OBSERVATION_MINUTES = OBSERVATION_SECONDS / 2 / 60;

/**
 * For each transit the observation nearest in time of those within the tolerances, if any. Observations oldest first.
 * The answer is in the order of the transits.
 */
export function crossmatch<S extends Source>(
  transits: readonly Transit<S>[],
  observations: readonly Observation[],
  { decToleranceDeg, timePadMinutes }: CrossmatchOptions,
): (Match | undefined)[] {
  const mostDays = (HALF_OBSERVATION_MINUTES + timePadMinutes) / MINUTES_PER_DAY;
  return transits.map((transit) => {
    let nearest: Observation | undefined;
    let nearestDays = Number.POSITIVE_INFINITY;
    for (let i = firstFrom(observations, transit.mjdUtc - mostDays, midTime); i < observations.length; i++) {
      const observation = observations[i] as Observation;
      if (observation.timestamp > transit.mjdUtc + mostDays) break;
      const days = Math.abs(observation.timestamp - transit.mjdUtc);
      if (days < nearestDays && Math.abs(transit.decDeg - observation.dec_deg) <= decToleranceDeg) {
        nearest = observation;
        nearestDays = days;
      }
    }
    return nearest && matchOf(transit, nearest);
  });
}

const midTime = ({ timestamp }: Observation) => timestamp;

function matchOf(transit: Transit, observation: Observation): Match {
  const minutesFromMid = (transit.mjdUtc - observation.timestamp) * MINUTES_PER_DAY;
  const haDeg = observation.haDeg ?? directionOf(observation).haDeg;
  return {
    observation,
    minutesFromMid,
    inside: Math.abs(minutesFromMid) <= HALF_OBSERVATION_MINUTES,
    decOffsetDeg: degrees(transit.decDeg - observation.dec_deg),
    beamResponse: beamResponse(angularSeparationDeg(degrees(0), transit.decDeg, haDeg, observation.dec_deg)),
  };
}
