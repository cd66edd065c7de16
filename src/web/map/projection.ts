import type { GeoProjection } from 'd3-geo';
import { geoHammer } from 'd3-geo-projection';

/** Half the width of the whole sky at scale 1. */
export const HALF_WIDTH = 2 * Math.SQRT2;
/** Hammer's equal-area sky in ICRS: 12 h in the middle, right ascension growing to the left, as seen from inside. */
const CENTRE_RA_DEG = 180;

export const skyProjection = (): GeoProjection =>
  geoHammer().rotate([-CENTRE_RA_DEG, 0]).reflectX(true).scale(1).translate([0, 0]);

const unit = skyProjection();

/** Where a direction lies at scale 1, y downwards. */
export const unitPosition = (raDeg: number, decDeg: number): [number, number] =>
  unit([raDeg, decDeg]) ?? [Number.NaN, Number.NaN];

/** From unit positions to pixels of the canvas. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
