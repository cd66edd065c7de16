import { type ApparentPlaces, astrometry, type BeamPasses } from '../native/astrometry.js';
import { type Degrees, degrees, RAD_PER_DEG } from '../units.js';
import type { Instrument } from './instrument.js';

const SPEED_OF_LIGHT_M_S = 299792458;
/** Where (2 J1(x) / x)^2 is one half, and where it is first 0. */
const HALF_POWER_X = 1.616339948310703;
const FIRST_NULL_X = 3.831705970207512;
const BISECTIONS = 60;

export const HALF_POWER = 0.5;

/** The primary beam of a dish: that of a uniformly lit circular aperture (Airy), by the distance from its centre. */
export class Beam {
  readonly #apertureWavelengths: number;
  /** Width at half power. */
  readonly fwhmDeg: Degrees;

  constructor({ dishDiameterM, frequencyHz }: Pick<Instrument, 'dishDiameterM' | 'frequencyHz'>) {
    this.#apertureWavelengths = (dishDiameterM * frequencyHz) / SPEED_OF_LIGHT_M_S;
    this.fwhmDeg = degrees(2 * this.#separationDeg(HALF_POWER_X));
  }

  /** Power response to a source so far from the centre, 0 to 1. 0 from 90 degrees on. */
  response(separationDeg: number): number {
    return this.responses(Float64Array.of(separationDeg))[0] as number;
  }

  /** The same of many. */
  responses(separationsDeg: Float64Array): Float64Array {
    return astrometry().airyPowerResponses(separationsDeg, this.#apertureWavelengths);
  }

  /** How places drift through the beam, within a radius of where it points in each observation. See `Astrometry.beamPasses`. */
  passes(
    pointing: Pick<ApparentPlaces, 'raDeg' | 'decDeg'>,
    observationSeconds: Float64Array,
    places: Pick<ApparentPlaces, 'raDeg' | 'decDeg'>,
    radiusDeg: number,
  ): BeamPasses {
    return astrometry().beamPasses(
      pointing.raDeg,
      pointing.decDeg,
      observationSeconds,
      places.raDeg,
      places.decDeg,
      radiusDeg,
      this.#apertureWavelengths,
    );
  }

  /** How far from the centre the main lobe falls to this response. Throws a RangeError unless it lies between 0 and 1. */
  radiusDeg(response: number): Degrees {
    if (!(response > 0 && response < 1)) throw new RangeError('a response lies above 0 and below 1');
    let inside = 0;
    let outside: number = this.#separationDeg(FIRST_NULL_X);
    for (let i = 0; i < BISECTIONS; i++) {
      const middle = (inside + outside) / 2;
      if (this.response(middle) >= response) inside = middle;
      else outside = middle;
    }
    return degrees(inside);
  }

  #separationDeg(x: number): Degrees {
    return degrees(Math.asin(Math.min(1, x / (Math.PI * this.#apertureWavelengths))) / RAD_PER_DEG);
  }
}

/** How far from the centre of the beam counts: a radius, or where the main lobe falls to a response; half power by default. */
export interface Extent {
  readonly radiusDeg?: number | undefined;
  readonly response?: number | undefined;
}

export const extentDeg = ({ radiusDeg, response = HALF_POWER }: Extent, beam: Beam): number =>
  radiusDeg ?? beam.radiusDeg(response);

const known = new WeakMap<Instrument, Beam>();

/** The primary beam of an instrument. */
export function beamOf(instrument: Instrument): Beam {
  let beam = known.get(instrument);
  if (!beam) {
    beam = new Beam(instrument);
    known.set(instrument, beam);
  }
  return beam;
}
