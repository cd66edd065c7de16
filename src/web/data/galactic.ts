import { geoRotation } from 'd3-geo';

/**
 * Turns ICRS into galactic longitude and latitude, both in degrees: the galactic centre to 0, 0 and the galactic pole up (Hipparcos
 * catalogue, volume 1, 1.5.3). `invert` turns back.
 */
export const toGalactic = geoRotation([-266.4049883, 28.9361752, -58.5986365]);
