import { type Degrees, degrees } from '../units.js';

export const RAD_PER_DEG = Math.PI / 180;

/** The same direction from 0 up to 360 degrees: a right ascension. */
export function wrap360(angleDeg: number): Degrees {
  const wrapped = angleDeg % 360;
  return degrees(wrapped < 0 ? wrapped + 360 : wrapped);
}

/** The same direction from -180 up to 180 degrees: an hour angle, or a difference of right ascensions. */
export const wrap180 = (angleDeg: number): Degrees => degrees(wrap360(angleDeg + 180) - 180);

/** The hour angle of an apparent right ascension at this apparent sidereal time, and the other way about. */
export const hourAngleDeg = (lstDeg: number, raDeg: number): Degrees => wrap180(lstDeg - raDeg);
