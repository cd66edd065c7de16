import { type Degrees, degrees, RAD_PER_DEG } from '../units.js';

/**
 * The angle between two directions given as longitude and latitude in one frame, accurate at any distance (the haversine
 * near 0, its complement near 180 degrees).
 */
export function angularSeparationDeg(lonA: Degrees, latA: Degrees, lonB: Degrees, latB: Degrees): Degrees {
  const halfLon = ((lonB - lonA) / 2) * RAD_PER_DEG;
  const halfLat = ((latB - latA) / 2) * RAD_PER_DEG;
  const haversine =
    Math.sin(halfLat) ** 2 +
    Math.cos(latA * RAD_PER_DEG) * Math.cos(latB * RAD_PER_DEG) * Math.sin(halfLon) ** 2;
  return degrees((2 * Math.atan2(Math.sqrt(haversine), Math.sqrt(Math.max(0, 1 - haversine)))) / RAD_PER_DEG);
}

/** Up to which difference in hour angle two declinations lie within a radius, 180 degrees at most; undefined where they never do. */
export function greatestHourAngleDeg(
  decADeg: number,
  decBDeg: number,
  radiusDeg: number,
): number | undefined {
  if (Math.abs(decADeg - decBDeg) > radiusDeg) return undefined;
  // The haversine of the hour angle: accurate for small radii, where cosines are all but equal.
  const haversine = (angleDeg: number) => Math.sin((angleDeg / 2) * RAD_PER_DEG) ** 2;
  const room = haversine(radiusDeg) - haversine(decADeg - decBDeg);
  const scale = Math.cos(decADeg * RAD_PER_DEG) * Math.cos(decBDeg * RAD_PER_DEG);
  if (radiusDeg >= 180 || room >= scale) return 180;
  return (2 * Math.asin(Math.sqrt(Math.max(0, room / scale)))) / RAD_PER_DEG;
}
