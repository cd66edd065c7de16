import { astrometry, computableTime, type Site } from '../../native/astrometry.js';
import type { Source } from '../calibrators.js';

const STEP_DAYS = 32;

/** Where sources are, good to 10 arcsec: apparent places, evaluated once in 32 days. Enough to leave out those far away. */
export class RoughPlaces {
  readonly #raIcrsDeg: Float64Array;
  readonly #decIcrsDeg: Float64Array;
  readonly #site: Site;
  #step = Number.NaN;
  #raDeg: Float64Array = new Float64Array();
  #decDeg: Float64Array = new Float64Array();

  constructor(sources: readonly Source[], site: Site) {
    this.#raIcrsDeg = Float64Array.from(sources, ({ raIcrsDeg }) => raIcrsDeg);
    this.#decIcrsDeg = Float64Array.from(sources, ({ decIcrsDeg }) => decIcrsDeg);
    this.#site = site;
  }

  /** Goes to a time. True where the places are others than before. */
  moveTo(timeMjdUtc: number): boolean {
    const step = Math.floor(timeMjdUtc / STEP_DAYS);
    if (step === this.#step) return false;
    const time = computableTime((step + 0.5) * STEP_DAYS);
    const places = astrometry().apparentPlacesOfIcrs(this.#raIcrsDeg, this.#decIcrsDeg, time, this.#site);
    this.#raDeg = places.raDeg;
    this.#decDeg = places.decDeg;
    this.#step = step;
    return true;
  }

  /** The place of source i. */
  of(i: number): { readonly raDeg: number; readonly decDeg: number } {
    return { raDeg: this.#raDeg[i] as number, decDeg: this.#decDeg[i] as number };
  }
}
