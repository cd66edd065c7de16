import { type GeoProjection, geoAzimuthalEqualArea } from 'd3-geo';
import { geoHammer } from 'd3-geo-projection';
import { RAD_PER_DEG, wrap360 } from 'pointing-monitor/units';
import { clamp, type MapView, WHOLE_SKY_DEG } from './state.js';

/** Of the whole sky on a desk. */
const USUAL_SCALE = 150;
const USUAL_FONT_PX = 11;
/** The whole sky is Hammer's ellipse; at this field and below the projection is Lambert's azimuthal one. */
const LOCAL_FIELD_DEG = 90;
/** Down to this field the ellipse stays as it is. */
const ELLIPSE_FIELD_DEG = 300;

const [CHORD_PX, MAX_CHORD_DEG] = [30, 5];

/** A direction as a unit vector: towards RA 0, RA 90 degrees, and the north pole. */
export type Vector = readonly [number, number, number];

export function vectorOf(raDeg: number, decDeg: number): Vector {
  const [ra, dec] = [raDeg * RAD_PER_DEG, decDeg * RAD_PER_DEG];
  return [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
}

/** Pixels of the page, from the canvas's upper left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Sky {
  readonly raDeg: number;
  readonly decDeg: number;
}

/** Added to what is in sight, so that lines that leave the canvas are drawn up to its edge. */
const SLACK = 0.1;

/** The room for the map, in pixels of the page. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** For labels, at the left and right of the whole sky. */
  readonly margin: number;
  /** The parts of the whole sky's half-height above and below the equator that have a place, 0 to 1. */
  readonly above: number;
  readonly below: number;
  /** Of labels on a desk; larger on a large map. */
  readonly fontPx: number;
}

/**
 * How Hammer's projection stretches Lambert's in width: 2 for the whole sky, 1 for a part of it. Every value between is equal-area
 * as well, so that one turns into the other smoothly.
 */
function stretchOf(fieldDeg: number): number {
  const share = Math.log(fieldDeg / LOCAL_FIELD_DEG) / Math.log(ELLIPSE_FIELD_DEG / LOCAL_FIELD_DEG);
  const x = clamp(share, 0, 1);
  return 1 + x * x * (3 - 2 * x);
}

/** The sky in ICRS on the page: north up, right ascension growing to the left, undistorted at the centre. */
export class SkyProjection {
  readonly width: number;
  readonly height: number;
  readonly fieldDeg: number;
  /** Pixels a radian at the centre. */
  readonly scale: number;
  /** Where the centre of the view lies. */
  readonly centre: Place;
  /** Where the sky is cropped. */
  readonly top: number;
  readonly bottom: number;
  readonly fontPx: number;
  /** Of marks: 1 on a map as wide as a desk's, less on a phone's. */
  readonly markSize: number;
  /** Of the lines that marks are drawn with: never less than on a desk. */
  readonly lineSize: number;
  /** A line that bends is drawn as chords of this length, in degrees: they leave it by a fraction of a pixel. */
  readonly chordDeg: number;
  /** For shapes and lines. */
  readonly geo: GeoProjection;
  readonly #stretch: number;
  readonly #toCentre: Vector;
  readonly #toEast: Vector;
  readonly #toNorth: Vector;
  /** The cosine of the angle from the centre at which nothing is in sight any more. */
  readonly #minCosine: number;

  constructor({ raDeg, decDeg, fieldDeg }: Omit<MapView, 'layers'>, frame: Frame) {
    const { width, height, margin, above, below, fontPx } = frame;
    const stretch = stretchOf(fieldDeg);
    const fitting = Math.max(
      1,
      Math.min(
        (width - 2 * margin) / (4 * Math.SQRT2),
        (height - margin / 2) / (Math.SQRT2 * (above + below)),
      ),
    );
    const wide = fitting * 4 * Math.SQRT2;
    const quarter = (fieldDeg * RAD_PER_DEG) / (4 * stretch);
    this.width = width;
    this.height = height;
    this.fieldDeg = fieldDeg;
    const font = fontPx / USUAL_FONT_PX;
    const room = fitting / (USUAL_SCALE * font);
    this.fontPx = fontPx * clamp(room, 1, 1.5);
    this.markSize = font * clamp(room, 0.7, 1.5);
    this.lineSize = Math.max(1, this.markSize);
    this.scale = wide / (4 * stretch * Math.sin(quarter));
    this.chordDeg = Math.min(MAX_CHORD_DEG, CHORD_PX / (this.scale * RAD_PER_DEG));
    // The whole sky stands in its room; a part of it fills the canvas.
    const wholeness = Math.max(0, (fieldDeg - LOCAL_FIELD_DEG) / (WHOLE_SKY_DEG - LOCAL_FIELD_DEG));
    const lowered = (fitting * Math.SQRT2 * (above - below)) / 2;
    this.centre = { x: width / 2, y: height / 2 + lowered * wholeness };
    const [toTop, toBottom] = [above, below].map((part) => height / 2 - fitting * Math.SQRT2 * part) as [
      number,
      number,
    ];
    this.top = Math.max(0, (toTop + lowered) * wholeness);
    this.bottom = height - Math.max(0, (toBottom - lowered) * wholeness);
    this.#stretch = stretch;
    const [sinRa, cosRa] = [Math.sin(raDeg * RAD_PER_DEG), Math.cos(raDeg * RAD_PER_DEG)];
    const [sinDec, cosDec] = [Math.sin(decDeg * RAD_PER_DEG), Math.cos(decDeg * RAD_PER_DEG)];
    this.#toCentre = [cosDec * cosRa, cosDec * sinRa, sinDec];
    this.#toEast = [-sinRa, cosRa, 0];
    this.#toNorth = [-sinDec * cosRa, -sinDec * sinRa, cosDec];
    this.geo = (stretch > 1 ? geoHammer().coefficient(stretch) : geoAzimuthalEqualArea())
      .rotate([-raDeg, -decDeg])
      .reflectX(true)
      .scale(this.scale)
      .translate([this.centre.x, this.centre.y])
      .precision(0.7);
    const corners = [0, width].flatMap((x) => [0, height].map((y) => this.#localOf({ x, y })?.[0] ?? -2));
    this.#minCosine = Math.min(...corners) - SLACK;
  }

  /** Writes x and y of a direction, or NaN where it is out of sight. */
  project(x: number, y: number, z: number, into: Float32Array, at: number): void {
    const [cx, cy, cz] = this.#toCentre;
    const [ex, ey] = this.#toEast;
    const [nx, ny, nz] = this.#toNorth;
    const u = cx * x + cy * y + cz * z;
    if (!(u >= this.#minCosine)) {
      into[at] = into[at + 1] = Number.NaN;
      return;
    }
    const v = ex * x + ey * y;
    const w = nx * x + ny * y + nz * z;
    const stretch = this.#stretch;
    // The same direction with its longitude divided by the stretch.
    let [ahead, aside] = [u, v];
    if (stretch > 1) {
      const across = Math.sqrt(u * u + v * v);
      if (stretch === 2) {
        // Half an angle without its tangent: half the time.
        ahead = Math.sqrt(Math.max(0, (across * (across + u)) / 2));
        aside = Math.sqrt(Math.max(0, (across * (across - u)) / 2)) * (v < 0 ? -1 : 1);
      } else {
        const longitude = Math.atan2(v, u) / stretch;
        ahead = across * Math.cos(longitude);
        aside = across * Math.sin(longitude);
      }
    }
    const k = this.scale * Math.sqrt(2 / (1 + ahead));
    into[at] = this.centre.x - stretch * k * aside;
    into[at + 1] = this.centre.y - k * w;
  }

  /** Undefined where a direction is out of sight. */
  placeOf(raDeg: number, decDeg: number): Place | undefined {
    this.project(...vectorOf(raDeg, decDeg), one, 0);
    const [x, y] = one as unknown as [number, number];
    return Number.isNaN(x) ? undefined : { x, y };
  }

  /** False beside the sky. */
  isSky(place: Place): boolean {
    return place.y >= this.top && place.y <= this.bottom && !Number.isNaN(this.#longitudeAt(place));
  }

  /** Undefined beside the sky. */
  skyAt(place: Place): Sky | undefined {
    const local = this.isSky(place) && this.#localOf(place);
    if (!local) return undefined;
    const [u, v, w] = local;
    const [x, y, z] = [0, 1, 2].map(
      (i) =>
        u * (this.#toCentre[i] as number) +
        v * (this.#toEast[i] as number) +
        w * (this.#toNorth[i] as number),
    ) as [number, number, number];
    return {
      raDeg: wrap360(Math.atan2(y, x) / RAD_PER_DEG),
      decDeg: Math.asin(clamp(z, -1, 1)) / RAD_PER_DEG,
    };
  }

  /** The centre that brings a direction to a place with north up, or as near as can be. `limit` bounds its declination, degrees. */
  centreWith({ raDeg, decDeg }: Sky, place: Place, limit: (decDeg: number) => number): Sky | undefined {
    const local = this.#localOf(place);
    if (!local) return undefined;
    const [u, v, w] = local;
    const steep = Math.asin(clamp(Math.sin(decDeg * RAD_PER_DEG) / Math.hypot(u, w), -1, 1));
    // Over either pole there is a second solution: the one next to the present centre is meant.
    const now = Math.asin(clamp(this.#toCentre[2], -1, 1));
    const [nearest] = [steep, Math.PI - steep, -Math.PI - steep]
      .map((angle) => angle - Math.atan2(w, u))
      .sort((a, b) => Math.abs(a - now) - Math.abs(b - now)) as [number];
    const centreDec = limit(nearest / RAD_PER_DEG) * RAD_PER_DEG;
    const east = Math.atan2(v, u * Math.cos(centreDec) - w * Math.sin(centreDec));
    return { raDeg: raDeg - east / RAD_PER_DEG, decDeg: centreDec / RAD_PER_DEG };
  }

  /** Relative to the centre, its east and its north. */
  #localOf(place: Place): Vector | undefined {
    const longitude = this.#longitudeAt(place);
    if (Number.isNaN(longitude)) return undefined;
    const [across, up] = [this.#acrossAt(place), this.#upAt(place)];
    const w = up * Math.sqrt(1 - (across * across + up * up) / 4);
    const flat = Math.sqrt(Math.max(0, 1 - w * w));
    return [flat * Math.cos(longitude), flat * Math.sin(longitude), w];
  }

  /** From the meridian of the centre, radians; NaN beside the sky. */
  #longitudeAt(place: Place): number {
    const [across, up] = [this.#acrossAt(place), this.#upAt(place)];
    const square = across * across + up * up;
    const longitude = this.#stretch * Math.atan2(across * Math.sqrt(1 - square / 4), 1 - square / 2);
    return square < 4 && Math.abs(longitude) <= Math.PI ? longitude : Number.NaN;
  }

  #acrossAt({ x }: Place): number {
    return (this.centre.x - x) / this.scale / this.#stretch;
  }

  #upAt({ y }: Place): number {
    return (this.centre.y - y) / this.scale;
  }
}

const one = new Float32Array(2);
