import { astrometry, type Site } from '../../native/astrometry.js';
import {
  type Degrees,
  degrees,
  type MjdUtc,
  mjdUtc,
  RAD_PER_DEG,
  SECONDS_PER_DAY,
  wrap360,
} from '../../units.js';
import { type Beam, beamOf } from '../beam.js';
import type { Source } from '../calibrators.js';
import type { Instrument } from '../instrument.js';
import type { TakenRow } from '../instruments.js';
import { isTracked, SIDEREAL_DEG_PER_SECOND } from '../observation-time.js';
import { firstFrom } from '../sorted.js';
import { RoughPlaces } from './places.js';

/** An observation in which a source was within the radius of the telescope's direction. */
export interface Sighting<S extends Source = Source, Row extends TakenRow = TakenRow> {
  readonly source: S;
  readonly row: Row;
  /** When the source was first and last within the radius during the observation, and nearest to the centre. */
  readonly inMjdUtc: MjdUtc;
  readonly outMjdUtc: MjdUtc;
  readonly closestMjdUtc: MjdUtc;
  /** From the centre of the beam at the closest approach. */
  readonly offsetDeg: Degrees;
  readonly peakResponse: number;
  readonly meanResponse: number;
  /** Time within the radius, and the same weighted by the beam's response. */
  readonly seconds: number;
  readonly weightedSeconds: number;
}

export interface SearchOptions {
  readonly radiusDeg: number;
  readonly instrument: Instrument;
  /** Of any observation. */
  readonly longestSeconds: number;
  /** Only the middle of each observation counts, not its drift. */
  readonly middleOnly?: boolean;
}

const BAND_DEG = 1;
/** More than a source's place changes while it is held. */
const SLACK_DEG = 0.01;

interface Candidate {
  readonly index: number;
  readonly raDeg: number;
}

/**
 * Finds the observations that saw any of many sources. The telescope dwells at few declinations, so the sources near one
 * are put in order of right ascension once, and those that an observation saw lie together.
 */
export class SightingSearch<S extends Source> {
  readonly #sources: readonly S[];
  readonly #places: RoughPlaces;
  readonly #radiusDeg: number;
  readonly #beam: Beam;
  readonly #site: Site;
  readonly #secondsOf: (row: TakenRow) => number;
  readonly #driftDeg: number;
  /** By band of declination, as long as the places hold. */
  readonly #bands = new Map<number, readonly Candidate[]>();

  constructor(
    sources: readonly S[],
    { radiusDeg, instrument, longestSeconds, middleOnly = false }: SearchOptions,
  ) {
    this.#sources = sources;
    this.#places = new RoughPlaces(sources, instrument.site);
    this.#radiusDeg = radiusDeg;
    this.#beam = beamOf(instrument);
    this.#site = instrument.site;
    this.#secondsOf = middleOnly ? () => 0 : (row) => row.durationSeconds ?? instrument.observationSeconds;
    this.#driftDeg = (longestSeconds / 2) * SIDEREAL_DEG_PER_SECOND;
  }

  /** The sightings of rows, oldest first. Call again with later rows. */
  in<Row extends TakenRow>(rows: Iterable<Row>): Sighting<S, Row>[] {
    const near: (readonly [Row, S])[] = [];
    for (const row of rows) {
      if (this.#places.moveTo(row.timestamp)) this.#bands.clear();
      for (const index of this.#near(row)) near.push([row, this.#sources[index] as S]);
    }
    const column = (value: (row: Row, source: S) => number) =>
      Float64Array.from(near, ([row, source]) => value(row, source));
    const places = astrometry().apparentPlacesOfIcrsSeries(
      column((_, { raIcrsDeg }) => raIcrsDeg),
      column((_, { decIcrsDeg }) => decIcrsDeg),
      column(({ timestamp }) => timestamp),
      this.#site,
    );
    const passes = this.#beam.passes(
      { raDeg: column(({ ra_deg }) => ra_deg), decDeg: column(({ dec_deg }) => dec_deg) },
      // What a telescope follows stays where it is in the beam, as in an observation of no length.
      column((row) => (isTracked(row.kind) ? 0 : this.#secondsOf(row))),
      places,
      this.#radiusDeg,
    );
    const found: Sighting<S, Row>[] = [];
    for (const [i, [row, source]] of near.entries()) {
      const driftSeconds = passes.seconds[i] as number;
      if (Number.isNaN(driftSeconds)) continue;
      const followedSeconds = isTracked(row.kind) ? this.#secondsOf(row) : 0;
      const seconds = driftSeconds + followedSeconds;
      const time = (fromMiddle: Float64Array, moreSeconds = 0) =>
        mjdUtc(row.timestamp + ((fromMiddle[i] as number) + moreSeconds) / SECONDS_PER_DAY);
      const meanResponse = passes.meanResponse[i] as number;
      found.push({
        source,
        row,
        inMjdUtc: time(passes.inSeconds, -followedSeconds / 2),
        outMjdUtc: time(passes.outSeconds, followedSeconds / 2),
        closestMjdUtc: time(passes.closestSeconds),
        offsetDeg: degrees(passes.offsetDeg[i] as number),
        peakResponse: passes.peakResponse[i] as number,
        meanResponse,
        seconds,
        weightedSeconds: seconds * meanResponse,
      });
    }
    return found;
  }

  /** The sources that the row's observation may have seen. */
  *#near({ ra_deg, dec_deg }: TakenRow): Generator<number> {
    const band = this.#band(Math.floor(dec_deg / BAND_DEG));
    const widthDeg = raReachDeg(dec_deg, this.#radiusDeg + SLACK_DEG) + this.#driftDeg;
    if (widthDeg >= 180) {
      for (const { index } of band) yield index;
      return;
    }
    const fromDeg = wrap360(ra_deg - widthDeg);
    const toDeg = fromDeg + 2 * widthDeg;
    yield* between(band, fromDeg, toDeg);
    if (toDeg >= 360) yield* between(band, 0, toDeg - 360);
  }

  #band(number: number): readonly Candidate[] {
    let band = this.#bands.get(number);
    if (!band) {
      const marginDeg = this.#radiusDeg + SLACK_DEG;
      band = this.#sources
        .map((_, index) => ({ index, ...this.#places.of(index) }))
        .filter(
          ({ decDeg }) =>
            decDeg >= number * BAND_DEG - marginDeg && decDeg <= (number + 1) * BAND_DEG + marginDeg,
        )
        .sort((a, b) => a.raDeg - b.raDeg);
      this.#bands.set(number, band);
    }
    return band;
  }
}

const raOf = ({ raDeg }: Candidate) => raDeg;

function* between(band: readonly Candidate[], fromDeg: number, toDeg: number): Generator<number> {
  for (let i = firstFrom(band, fromDeg, raOf); i < band.length; i++) {
    const { index, raDeg } = band[i] as Candidate;
    if (raDeg > toDeg) return;
    yield index;
  }
}

/** The greatest difference in right ascension of two directions so near to each other, one of them at this declination. */
export function raReachDeg(decDeg: number, radiusDeg: number): number {
  if (Math.abs(decDeg) + radiusDeg >= 90) return 180;
  return Math.asin(Math.sin(radiusDeg * RAD_PER_DEG) / Math.cos(decDeg * RAD_PER_DEG)) / RAD_PER_DEG;
}
