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

type Writable = { -readonly [K in keyof Pass]: Pass[K] };

/** Sightings of one telescope that follow each other belong to one pass. */
const APART_MS = 3_600_000;

/** Oldest first. */
export function passesOf(sightings: readonly Sighting[]): Pass[] {
  const passes: Writable[] = [];
  const lastOf = new Map<string, Writable>();
  for (const sighting of sightings) {
    const last = lastOf.get(sighting.instrument);
    if (last && Date.parse(sighting.in_utc) - Date.parse(last.outUtc) < APART_MS) {
      last.outUtc = sighting.out_utc;
      last.observations++;
      last.seconds += sighting.seconds;
      if (sighting.peak_response > last.best.peak_response) last.best = sighting;
    } else {
      const { in_utc: inUtc, out_utc: outUtc, seconds } = sighting;
      const pass = { inUtc, outUtc, best: sighting, observations: 1, seconds };
      lastOf.set(sighting.instrument, pass);
      passes.push(pass);
    }
  }
  return passes;
}
