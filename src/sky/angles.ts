import { type Degrees, wrap180 } from '../units.js';

/** The hour angle of an apparent right ascension at this apparent sidereal time, and the other way about. */
export const hourAngleDeg = (lstDeg: number, raDeg: number): Degrees => wrap180(lstDeg - raDeg);
