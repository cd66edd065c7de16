declare module 'd3-geo-projection' {
  import type { GeoProjection } from 'd3-geo';
  /** Hammer's: equal-area, an ellipse so many times as wide as high as the coefficient says, 2 by default. */
  export function geoHammer(): GeoProjection & { coefficient(coefficient: number): GeoProjection };
}
