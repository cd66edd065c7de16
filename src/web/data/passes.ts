import type { Found } from './api.js';

type Observed = Extract<Found, { kind: 'position' }>['observed'];
type Sighting = Observed['items'][number];

/** A source drifts through the beam once a sidereal day, seen by one observation after the other. */
export interface Pass {
  readonly inUtc: string;
  readonly outUtc: string;
  /** Of the observation nearest to the closest approach. */
  readonly best: Sighting;
  readonly observations: number;
  readonly seconds: number;
}

/** Sightings that follow each other belong to one pass. */
const APART_MS = 3_600_000;

/** Oldest first, as the sightings are. */
export function passesOf(sightings: readonly Sighting[]): Pass[] {
  const passes: { -readonly [K in keyof Pass]: Pass[K] }[] = [];
  for (const sighting of sightings) {
    const last = passes.at(-1);
    if (last && Date.parse(sighting.in_utc) - Date.parse(last.outUtc) < APART_MS) {
      last.outUtc = sighting.out_utc;
      last.observations++;
      last.seconds += sighting.seconds;
      if (sighting.peak_response > last.best.peak_response) last.best = sighting;
    } else {
      const { in_utc: inUtc, out_utc: outUtc, seconds } = sighting;
      passes.push({ inUtc, outUtc, best: sighting, observations: 1, seconds });
    }
  }
  return passes;
}
