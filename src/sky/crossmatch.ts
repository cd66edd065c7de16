import { grouped, kept } from '../maps.js';
import { computableTime } from '../native/astrometry.js';
import type { Observation } from '../store/rows.js';
import { type Degrees, degrees, MINUTES_PER_DAY, type TimeRange } from '../units.js';
import { hourAngleDeg } from './angles.js';
import { beamOf } from './beam.js';
import type { Source } from './calibrators.js';
import { DEFAULT_JUMP_DEG } from './declination-changes.js';
import type { Instruments, Telescope } from './instruments.js';
import { driftDegPerSecond } from './observation-time.js';
import { angularSeparationDeg } from './separation.js';
import { SightingSearches } from './sightings/searches.js';
import { firstFrom } from './sorted.js';
import { nearDeclination, SAME_TRANSIT_DAYS, type Transit, transitsOf } from './transits.js';

/** What was observing when a source crossed the meridian. */
export interface Match {
  readonly row: Observation;
  /** From the middle of the observation to the transit; negative where the transit came first. */
  readonly minutesFromMid: number;
  /** From the transit to the first sample or from the last sample to it; 0 where it was between the two. */
  readonly minutesOutside: number;
  /** Whether the source was within half power during the observation. */
  readonly inBeam: boolean;
  /** Source less telescope, apparent. */
  readonly decOffsetDeg: Degrees;
  /** Power response of the primary beam to the source as it crosses the meridian. */
  readonly beamResponse: number;
}

/** A transit near which the telescope observed at the source's declination. */
export interface MatchedTransit<S extends Source = Source> {
  readonly transit: Transit<S>;
  readonly match: Match;
  /** Other observations of the same pass with the source within half power. */
  readonly othersInBeam: number;
}

export interface CrossmatchOptions {
  readonly decToleranceDeg: number;
  /** How far before the start or after the end of an observation a transit may lie and still count as its own. */
  readonly timePadMinutes: number;
  readonly instruments: Instruments;
  /** Whose observations the rows are. */
  readonly telescope: Telescope;
}

const SECONDS_PER_MINUTE = 60;
const DWELL_ROWS = 10_000;

/**
 * For each transit of the sources in a range of times the observation that it lies within, or nearest to, within the tolerances,
 * if there is one; by source, oldest first. Rows oldest first, some thousand at a time. They are looked at dwell by dwell, so that
 * transits are computed only of sources near the telescope's declination.
 */
export async function crossmatch<S extends Source>(
  sources: readonly S[],
  pages: AsyncIterable<readonly Observation[]>,
  range: TimeRange,
  options: CrossmatchOptions,
): Promise<Map<S, MatchedTransit<S>[]>> {
  const { instruments, telescope, decToleranceDeg } = options;
  const search = new SightingSearches(sources, { instruments });
  const reachDays =
    (telescope.longestSeconds / 2 / SECONDS_PER_MINUTE + options.timePadMinutes) / MINUTES_PER_DAY;
  const found = new Map<S, MatchedTransit<S>[]>();
  for await (const rows of dwellsOf(pages)) {
    const first = rows[0] as Observation;
    const last = rows.at(-1) as Observation;
    const from = computableTime(Math.max(range.fromMjdUtc, first.timestamp - reachDays));
    const to = computableTime(Math.min(range.toMjdUtc, last.timestamp + reachDays));
    if (from > to) continue;
    const inBeam = grouped(search.in(rows), ({ source }) => source);
    const margin = decToleranceDeg + DEFAULT_JUMP_DEG;
    for (const source of sources.filter(nearDeclination(first.dec_deg, margin))) {
      for (const transit of transitsOf(source, from, to, telescope.site)) {
        const row = nearest(transit, rows, reachDays, options);
        if (!row) continue;
        const ofPass = passAround(inBeam.get(source) ?? [], transit.mjdUtc);
        const others = ofPass.filter((sighting) => sighting.row !== row);
        const match = matchOf(transit, row, others.length < ofPass.length, instruments);
        add(found, { transit, match, othersInBeam: others.length });
      }
    }
  }
  return found;
}

/** Successive rows at one declination, a limited number at a time. */
async function* dwellsOf(pages: AsyncIterable<readonly Observation[]>): AsyncGenerator<Observation[]> {
  let rows: Observation[] = [];
  for await (const page of pages) {
    for (const row of page) {
      const [first] = rows;
      const moved = first && Math.abs(row.dec_deg - first.dec_deg) > DEFAULT_JUMP_DEG;
      if (moved || rows.length >= DWELL_ROWS) {
        yield rows;
        rows = [];
      }
      rows.push(row);
    }
  }
  if (rows.length > 0) yield rows;
}

function passAround<S extends { readonly row: Observation }>(sightings: readonly S[], transitMjdUtc: number) {
  const time = ({ row }: S) => row.timestamp;
  const from = firstFrom(sightings, transitMjdUtc - 0.5, time);
  return sightings.slice(from, firstFrom(sightings, transitMjdUtc + 0.5, time));
}

function nearest(
  transit: Transit,
  rows: readonly Observation[],
  reachDays: number,
  { decToleranceDeg, timePadMinutes, instruments }: CrossmatchOptions,
): Observation | undefined {
  let found: (Distance & { readonly row: Observation }) | undefined;
  for (let i = firstFrom(rows, transit.mjdUtc - reachDays, timeOf); i < rows.length; i++) {
    const row = rows[i] as Observation;
    if (row.timestamp > transit.mjdUtc + reachDays) break;
    if (Math.abs(transit.decDeg - row.dec_deg) > decToleranceDeg) continue;
    const distance = distanceOf(transit, row, instruments);
    if (distance.minutesOutside > timePadMinutes) continue;
    if (!found || isNearer(distance, found)) found = { row, ...distance };
  }
  return found?.row;
}

type Distance = Pick<Match, 'minutesFromMid' | 'minutesOutside'>;

function distanceOf(transit: Transit, row: Observation, instruments: Instruments): Distance {
  const minutesFromMid = (transit.mjdUtc - row.timestamp) * MINUTES_PER_DAY;
  const halfMinutes = instruments.secondsOf(row) / 2 / SECONDS_PER_MINUTE;
  return { minutesFromMid, minutesOutside: Math.max(0, Math.abs(minutesFromMid) - halfMinutes) };
}

/** Middles alone would prefer a short observation that has ended to a long one that has just begun. */
const isNearer = (a: Distance, b: Distance): boolean =>
  a.minutesOutside !== b.minutesOutside
    ? a.minutesOutside < b.minutesOutside
    : Math.abs(a.minutesFromMid) < Math.abs(b.minutesFromMid);

const timeOf = ({ timestamp }: Observation) => timestamp;

function matchOf(transit: Transit, row: Observation, inBeam: boolean, instruments: Instruments): Match {
  const distance = distanceOf(transit, row, instruments);
  const driftedDeg = distance.minutesFromMid * SECONDS_PER_MINUTE * driftDegPerSecond(row.kind);
  const haDeg = hourAngleDeg(transit.lstDeg - driftedDeg, row.ra_deg);
  return {
    row,
    ...distance,
    inBeam,
    decOffsetDeg: degrees(transit.decDeg - row.dec_deg),
    beamResponse: beamOf(instruments.of(row)).response(
      angularSeparationDeg(degrees(0), transit.decDeg, haDeg, row.dec_deg),
    ),
  };
}

/** A transit near several dwells may match in each: the nearest stands. */
function add<S extends Source>(found: Map<S, MatchedTransit<S>[]>, matched: MatchedTransit<S>): void {
  const { source, mjdUtc } = matched.transit;
  const known = kept(found, source, () => []);
  const at = firstFrom(known, mjdUtc - SAME_TRANSIT_DAYS, ({ transit }) => transit.mjdUtc);
  const same = known[at];
  if (!same || same.transit.mjdUtc > mjdUtc + SAME_TRANSIT_DAYS) {
    known.splice(at, 0, matched);
    return;
  }
  const [nearer, other] = isNearer(matched.match, same.match) ? [matched, same] : [same, matched];
  const othersInBeam = nearer.othersInBeam + other.othersInBeam + (other.match.inBeam ? 1 : 0);
  known[at] = { ...nearer, othersInBeam };
}
