import bessel from 'bessel';
import { type Degrees, degrees } from '../units.js';

export const DISH_DIAMETER_M = 4.65;
export const FREQUENCY_HZ = 1.4e9;
const SPEED_OF_LIGHT_M_S = 299792458;
const RAD_PER_DEG = Math.PI / 180;
/** Pi times the diameter in wavelengths. */
const SCALE = (Math.PI * DISH_DIAMETER_M * FREQUENCY_HZ) / SPEED_OF_LIGHT_M_S;
/** Where (2 J1(x) / x)^2 is one half. */
const HALF_POWER_X = 1.616339948310703;

/** Width of the primary beam at half power: 2.715 degrees. */
export const BEAM_FWHM_DEG: Degrees = degrees((2 * Math.asin(HALF_POWER_X / SCALE)) / RAD_PER_DEG);

/**
 * Power response of the primary beam to a source so far from its centre, 0 to 1: that of a uniformly illuminated circular
 * aperture (Airy), (2 J1(x) / x)^2 with x = pi D sin(theta) / lambda, D = 4.65 m, at 1.4 GHz. 0 beyond 90 degrees.
 */
export function beamResponse(separationDeg: number): number {
  if (separationDeg >= 90) return 0;
  const x = SCALE * Math.sin(separationDeg * RAD_PER_DEG);
  return x < 1e-6 ? 1 : ((2 * bessel.besselj(x, 1)) / x) ** 2;
}
