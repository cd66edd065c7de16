import { type Degrees, degrees } from '../units.js';

const RAD_PER_DEG = Math.PI / 180;

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
