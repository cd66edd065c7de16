import { UsageError } from '../errors.js';
import { allCalibrators, type Calibrator, calibratorsNamed, type Source } from '../sky/calibrators.js';
import { type Transit, transitsOf } from '../sky/transits.js';
import type { TimeRange } from '../units.js';

/** All calibrators of the VLA list, by right ascension. */
export const calibrators = allCalibrators();

/**
 * The upper transits of a calibrator or any other source over the DSA-110, oldest first: good to 1 ms, by ERFA with the Earth
 * orientation of the IERS. A calibrator may be given by any of its names: `3C286`, `1331+305` or `J1331+3030`. Throws a UsageError
 * for a name that no calibrator or more than one has, and a RangeError for a range that ends before it begins or lies outside
 * 1990 to 2100, and for what is no direction.
 */
export function transits<S extends string | Source>(
  source: S,
  range: TimeRange,
): Transit<S extends Source ? S : Calibrator>[] {
  return transitsOf(sourceOf(source), range.fromMjdUtc, range.toMjdUtc);
}

/** A source as it is, or the one calibrator of that name. Throws a UsageError for a name that none or more than one has. */
export function sourceOf<S extends string | Source>(source: S): S extends Source ? S : Calibrator {
  const given = typeof source === 'string' ? calibratorNamed(source) : source;
  return given as S extends Source ? S : Calibrator;
}

function calibratorNamed(name: string): Calibrator {
  const [found, other] = calibratorsNamed(name);
  if (!found) throw new UsageError(`no calibrator named ${name}: pass its name and ICRS position`);
  if (other) throw new UsageError(`two calibrators are named ${name}: choose one from calibratorsNamed`);
  return found;
}
