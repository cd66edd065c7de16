import { astrometry } from '../native/astrometry.js';
import { dsa110 } from '../sky/site.js';
import type { Degrees, MjdUtc } from '../units.js';

/** Apparent sidereal time at the telescope. */
export const siderealTimeDeg = (time: MjdUtc): Degrees =>
  astrometry().apparentSiderealTimeDeg(time, dsa110.longitudeDeg);
