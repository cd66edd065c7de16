import { astrometry, type Site } from '../../native/astrometry.js';
import { mjdUtc } from '../../units.js';
import { RAD_PER_DEG, wrap360 } from '../angles.js';
import type { Source } from '../calibrators.js';
import type { ApparentDirection } from './pass.js';

/**
 * Precession, nutation and aberration bend from a straight line by less than 0.3 arcsec in this time; with the diurnal
 * aberration, which is that of the ends, places are good to 1 arcsec.
 */
const STEP_DAYS = 8;
const FIRST_MJD = 47892;
const LAST_MJD = 88433.999;

/** Apparent places of sources at times that go forward: ERFA's at every eighth day, unit vectors between them. */
export class ApparentPlaces {
  readonly #raIcrsDeg: Float64Array;
  readonly #decIcrsDeg: Float64Array;
  readonly #site: Site;
  /** Whole numbers of steps since MJD 0; the two ends of the interval that is held. */
  #step = Number.NaN;
  #before: Float64Array = new Float64Array();
  #after: Float64Array = new Float64Array();

  constructor(sources: readonly Source[], site: Site) {
    this.#raIcrsDeg = Float64Array.from(sources, ({ raIcrsDeg }) => raIcrsDeg);
    this.#decIcrsDeg = Float64Array.from(sources, ({ decIcrsDeg }) => decIcrsDeg);
    this.#site = site;
  }

  /** Goes to a time. True where the sources have been placed anew: each then stays within 4 arcsec until the next. */
  moveTo(timeMjdUtc: number): boolean {
    const step = Math.floor(timeMjdUtc / STEP_DAYS);
    if (step === this.#step) return false;
    this.#before = step === this.#step + 1 ? this.#after : this.#vectorsAt(step);
    this.#after = this.#vectorsAt(step + 1);
    this.#step = step;
    return true;
  }

  /** The place of source i at a time in the interval that was moved to. */
  at(i: number, timeMjdUtc: number): ApparentDirection {
    const share = timeMjdUtc / STEP_DAYS - this.#step;
    const component = (k: number) =>
      (this.#before[3 * i + k] as number) * (1 - share) + (this.#after[3 * i + k] as number) * share;
    const [x, y, z] = [component(0), component(1), component(2)];
    return {
      raDeg: wrap360(Math.atan2(y, x) / RAD_PER_DEG),
      decDeg: Math.atan2(z, Math.hypot(x, y)) / RAD_PER_DEG,
    };
  }

  /** The place of source i at the start of the interval. */
  now(i: number): ApparentDirection {
    return this.at(i, this.#step * STEP_DAYS);
  }

  #vectorsAt(step: number): Float64Array {
    const time = mjdUtc(Math.min(Math.max(step * STEP_DAYS, FIRST_MJD), LAST_MJD));
    const { raDeg, decDeg } = astrometry().apparentPlacesOfIcrs(
      this.#raIcrsDeg,
      this.#decIcrsDeg,
      time,
      this.#site,
    );
    const vectors = new Float64Array(3 * raDeg.length);
    for (const [i, ra] of raDeg.entries()) {
      const dec = (decDeg[i] as number) * RAD_PER_DEG;
      vectors[3 * i] = Math.cos(dec) * Math.cos(ra * RAD_PER_DEG);
      vectors[3 * i + 1] = Math.cos(dec) * Math.sin(ra * RAD_PER_DEG);
      vectors[3 * i + 2] = Math.sin(dec);
    }
    return vectors;
  }
}
