import { type Degrees, degrees, RAD_PER_DEG, wrap360 } from '../units.js';

/** The rotation from ICRS to galactic coordinates (Hipparcos catalogue, ESA SP-1200, volume 1, section 1.5.3). */
const ROTATION = [
  [-0.054875560416215, -0.873437090234885, -0.483835015548713],
  [0.494109427875584, -0.444829629960011, 0.746982244497219],
  [-0.867666149019005, -0.198076373431202, 0.455983776175067],
] as const;

/** Galactic longitude, 0 to 360, and latitude of an ICRS direction. */
export function galacticOfIcrs(raIcrsDeg: number, decIcrsDeg: number): { lDeg: Degrees; bDeg: Degrees } {
  const [ra, dec] = [raIcrsDeg * RAD_PER_DEG, decIcrsDeg * RAD_PER_DEG];
  const direction = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)] as const;
  const [x, y, z] = ROTATION.map(([a, b, c]) => a * direction[0] + b * direction[1] + c * direction[2]) as [
    number,
    number,
    number,
  ];
  return {
    lDeg: wrap360(Math.atan2(y, x) / RAD_PER_DEG),
    bDeg: degrees(Math.atan2(z, Math.hypot(x, y)) / RAD_PER_DEG),
  };
}
