import type { InstrumentOverrides } from '../sky/instruments.js';
import { degrees } from '../units.js';
import type { instrumentFlags } from './schema/common.js';

/** What the flags or the environment say of the instrument. The name is given apart: other commands call a source so. */
export function overridesOf(
  flags: { readonly [Name in keyof typeof instrumentFlags]: number | undefined },
  name?: string,
): InstrumentOverrides {
  const { longitude, latitude, height } = flags;
  const { 'dish-m': dishDiameterM, 'frequency-mhz': frequencyMhz } = flags;
  return {
    site: {
      ...(latitude !== undefined && { latitudeDeg: degrees(latitude) }),
      ...(longitude !== undefined && { longitudeDeg: degrees(longitude) }),
      ...(height !== undefined && { altitudeM: height }),
    },
    ...(dishDiameterM !== undefined && { dishDiameterM }),
    ...(frequencyMhz !== undefined && { frequencyHz: frequencyMhz * 1e6 }),
    ...(name !== undefined && { name }),
  };
}
