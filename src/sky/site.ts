import type { Site } from '../native/astrometry.js';
import { degrees } from '../units.js';

/**
 * The Deep Synoptic Array at the Owens Valley Radio Observatory, California. The same numbers stand in the header
 * (`latitude`, `longitude`, `altitude`) of every file that its correlator writes.
 */
export const dsa110: Site = Object.freeze({
  latitudeDeg: degrees(37.2334051),
  longitudeDeg: degrees(-118.283),
  altitudeM: 1188.0519,
});
