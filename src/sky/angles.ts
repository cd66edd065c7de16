import { type Degrees, degrees } from '../units.js';

export const RAD_PER_DEG = Math.PI / 180;

/** The same direction from 0 up to 360 degrees: a right ascension. */
export function wrap360(angleDeg: number): Degrees {
  const rest = angleDeg % 360;
  const wrapped = rest < 0 ? rest + 360 : rest;
  // The sum may have rounded up.
  return degrees(wrapped === 360 ? 0 : wrapped);
}

/** The same direction from -180 up to 180 degrees: an hour angle, or a difference of right ascensions. */
export const wrap180 = (angleDeg: number): Degrees => degrees(wrap360(angleDeg + 180) - 180);

/** The hour angle of an apparent right ascension at this apparent sidereal time, and the other way about. */
export const hourAngleDeg = (lstDeg: number, raDeg: number): Degrees => wrap180(lstDeg - raDeg);
