import { Instruments } from '../sky/instruments.js';
import type { StoredInstrument } from '../store/instruments.js';
import { type Check, ok, warning } from './check.js';

/** Which telescopes the history has. Their observations are kept apart. */
export function checkTelescopes(stored: readonly StoredInstrument[]): Check {
  const { telescopes } = new Instruments(stored);
  const places = telescopes.map(
    ({ name, site }) => `${name} (${site.latitudeDeg.toFixed(3)}, ${site.longitudeDeg.toFixed(3)})`,
  );
  if (stored.length === 0) return ok('telescope', `no file names a telescope; assuming ${places}`);
  if (places.length === 1) return ok('telescope', `${places}`);
  return warning(
    'telescope',
    `${places.length} telescopes more than 100 m apart: ${places.join(', ')}; commands and API keep them apart by name. If a header is wrong, set PIPELINE_LATITUDE and PIPELINE_LONGITUDE`,
  );
}
