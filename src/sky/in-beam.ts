import { astrometry } from '../native/astrometry.js';
import type { HistoryRow } from '../store/rows.js';
import {
  type Degrees,
  degrees,
  isoOfMjdUtc,
  MINUTES_PER_DAY,
  type MjdUtc,
  mjdUtc,
  SECONDS_PER_DAY,
  wrap180,
} from '../units.js';
import { hourAngleDeg } from './angles.js';
import { beamOf, HALF_POWER } from './beam.js';
import { type Calibrator, calibratorsAbove } from './calibrators.js';
import type { Instrument } from './instrument.js';
import { angularSeparationDeg, greatestHourAngleDeg } from './separation.js';

/** Where a telescope that does not track stays: apparent hour angle and declination. */
export interface FixedDirection {
  readonly haDeg: Degrees;
  readonly decDeg: Degrees;
}

export interface CalibratorInBeam {
  readonly calibrator: Calibrator;
  readonly separationDeg: Degrees;
  /** Power response of the primary beam, 0.5 to 1. */
  readonly beamResponse: number;
  /** Until the source crosses the meridian; negative after it has. */
  readonly minutesToTransit: number;
  /** When it falls below half power; undefined where it never does, near a pole. */
  readonly outMjdUtc: MjdUtc | undefined;
}

/** The same as programs get it. */
export interface SourceInBeam {
  readonly name: string;
  /** The name by which observers know it, if it has another. */
  readonly alt_name: string;
  readonly separation_deg: Degrees;
  readonly minutes_to_transit: number;
  /** When it leaves the half-power beam; null where it never does, near a pole. */
  readonly out_iso: string | null;
}

/** Minutes in which the sky turns by one degree of hour angle. */
const MINUTES_PER_DEG = MINUTES_PER_DAY / 360 / 1.0027378119113546;
const DEFAULT_MIN_FLUX_JY = 1;
/** An older observation does not say where the telescope points. */
const POINTING_HOLDS_SECONDS = 3600;

/** Where a history row says the telescope stood: its hour angle is sidereal time minus right ascension. */
export function directionOf(
  { timestamp, ra_deg, dec_deg }: HistoryRow,
  { site }: Instrument,
): FixedDirection {
  const lstDeg = astrometry().apparentSiderealTimeDeg(timestamp, site.longitudeDeg);
  return { haDeg: hourAngleDeg(lstDeg, ra_deg), decDeg: degrees(dec_deg) };
}

/**
 * The calibrators within the half-power beam of a telescope that stands in this direction at this time, the strongest
 * response times flux density first. Throws a RangeError for a date outside 1990 to 2100.
 */
export function calibratorsInBeam(
  { haDeg, decDeg }: FixedDirection,
  time: MjdUtc,
  instrument: Instrument,
  minFluxJy = DEFAULT_MIN_FLUX_JY,
): CalibratorInBeam[] {
  const candidates = calibratorsAbove(minFluxJy);
  const column = (value: (calibrator: Calibrator) => number) => Float64Array.from(candidates, value);
  const places = astrometry().apparentPlacesOfIcrs(
    column(({ raIcrsDeg }) => raIcrsDeg),
    column(({ decIcrsDeg }) => decIcrsDeg),
    time,
    instrument.site,
  );
  const radiusDeg = beamOf(instrument).fwhmDeg / 2;
  return candidates
    .map((calibrator, i) => {
      const sourceHaDeg = degrees(places.haDeg[i] as number);
      const sourceDecDeg = degrees(places.decDeg[i] as number);
      const separationDeg = angularSeparationDeg(haDeg, decDeg, sourceHaDeg, sourceDecDeg);
      const reachDeg = greatestHourAngleDeg(decDeg, sourceDecDeg, radiusDeg) ?? 0;
      const leftDeg = reachDeg - wrap180(sourceHaDeg - haDeg);
      return {
        calibrator,
        separationDeg,
        beamResponse: beamOf(instrument).response(separationDeg),
        minutesToTransit: -sourceHaDeg * MINUTES_PER_DEG,
        outMjdUtc: reachDeg < 180 ? mjdUtc(time + (leftDeg * MINUTES_PER_DEG) / MINUTES_PER_DAY) : undefined,
      };
    })
    .filter((found) => found.beamResponse >= HALF_POWER)
    .sort((a, b) => strength(b) - strength(a));
}

const strength = (found: CalibratorInBeam) => found.beamResponse * (found.calibrator.flux20cmJy ?? 0);

/** The calibrators in the beam now, while the telescope stands where its newest observation left it; none once that is too old to tell. */
export function inBeamNow(newest: HistoryRow, instrument: Instrument, now: MjdUtc): SourceInBeam[] {
  if (Math.abs(now - newest.timestamp) * SECONDS_PER_DAY > POINTING_HOLDS_SECONDS) return [];
  return calibratorsInBeam(directionOf(newest, instrument), now, instrument).map((found) => ({
    name: found.calibrator.name,
    alt_name: found.calibrator.altName,
    separation_deg: degrees(round(found.separationDeg, 3)),
    minutes_to_transit: round(found.minutesToTransit, 1),
    out_iso: found.outMjdUtc === undefined ? null : isoOfMjdUtc(found.outMjdUtc),
  }));
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
