import type { Site } from '../native/astrometry.js';
import { dsa110 as dsa110Site } from './site.js';

/** A telescope whose dishes stay where they point while the sky drifts past. */
export interface Instrument {
  readonly name: string;
  readonly site: Site;
  readonly dishDiameterM: number;
  /** At which the primary beam is computed. */
  readonly frequencyHz: number;
  /** Of an observation whose file does not say, from the start of its first integration to the end of its last. */
  readonly observationSeconds: number;
}

/** 24 integrations of the DSA-110 correlator a file, and the middle of the band of all sub-bands together. */
export const dsa110: Instrument = Object.freeze({
  name: 'DSA-110',
  site: dsa110Site,
  dishDiameterM: 4.65,
  frequencyHz: 1.4e9,
  observationSeconds: 24 * 12.884901888,
});
