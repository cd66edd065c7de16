declare module 'd3-geo-projection' {
  import type { GeoProjection } from 'd3-geo';
  /** Hammer's: equal-area, an ellipse whose width is its height times the coefficient, 2 by default. */
  export function geoHammer(): GeoProjection & { coefficient(coefficient: number): GeoProjection };
}
