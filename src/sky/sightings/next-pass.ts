import { astrometry } from '../../native/astrometry.js';
import type { HistoryRow } from '../../store/rows.js';
import { type Degrees, degrees, type MjdUtc, mjdUtc, SECONDS_PER_DAY, wrap360 } from '../../units.js';
import { hourAngleDeg } from '../angles.js';
import { beamOf, type Extent, extentDeg } from '../beam.js';
import type { Source } from '../calibrators.js';
import type { Instrument } from '../instrument.js';
import { SIDEREAL_DEG_PER_SECOND } from '../observation-time.js';

/** When a source will be in the beam if the telescope stays where it is. */
export interface NextPass {
  /** In the past where the source is in the beam now. */
  readonly inMjdUtc: MjdUtc;
  readonly outMjdUtc: MjdUtc;
  /** From the centre of the beam at the closest approach. */
  readonly offsetDeg: Degrees;
  /** The telescope's name. */
  readonly instrument: string;
}

const DEG_PER_DAY = SIDEREAL_DEG_PER_SECOND * SECONDS_PER_DAY;
const SIDEREAL_DAY_SECONDS = 360 / SIDEREAL_DEG_PER_SECOND;

/**
 * The next pass of a source through the beam of a telescope that stands as in its newest observation; undefined where its
 * declination is too far away. Throws a RangeError for a time outside 1990 to 2100.
 */
export function nextPass(
  { raIcrsDeg, decIcrsDeg }: Source,
  newest: HistoryRow,
  nowMjdUtc: MjdUtc,
  instrument: Instrument,
  extent: Extent,
): NextPass | undefined {
  const { site } = instrument;
  const beam = beamOf(instrument);
  const lstDeg = (time: MjdUtc) => astrometry().apparentSiderealTimeDeg(time, site.longitudeDeg);
  const telescopeHaDeg = hourAngleDeg(lstDeg(newest.timestamp), newest.ra_deg);
  const place = astrometry().apparentPlaceOfIcrs(raIcrsDeg, decIcrsDeg, nowMjdUtc, site);
  const raDeg = Float64Array.of(place.raDeg);
  const { seconds, offsetDeg } = beam.passes(
    { raDeg, decDeg: Float64Array.of(newest.dec_deg) },
    Float64Array.of(SIDEREAL_DAY_SECONDS),
    { raDeg, decDeg: Float64Array.of(place.decDeg) },
    extentDeg(extent, beam),
  );
  const passSeconds = seconds[0] as number;
  if (Number.isNaN(passSeconds)) return undefined;
  // The last crossing of the telescope's hour angle, and the next one, each half a pass before and after.
  const sinceDays = wrap360(place.haDeg - telescopeHaDeg) / DEG_PER_DAY;
  const halfDays = passSeconds / 2 / SECONDS_PER_DAY;
  const crossing = sinceDays <= halfDays ? -sinceDays : 360 / DEG_PER_DAY - sinceDays;
  return {
    inMjdUtc: mjdUtc(nowMjdUtc + crossing - halfDays),
    outMjdUtc: mjdUtc(nowMjdUtc + crossing + halfDays),
    offsetDeg: degrees(offsetDeg[0] as number),
    instrument: instrument.name,
  };
}
