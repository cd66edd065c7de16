declare module 'd3-geo-projection' {
  import type { GeoProjection } from 'd3-geo';
  /** Hammer's: equal-area, an ellipse twice as wide as high. */
  export function geoHammer(): GeoProjection;
}
