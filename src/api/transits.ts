import { UsageError } from '../errors.js';
import { allCalibrators, type Source } from '../sky/calibrators.js';
import { type NamedSource, sourcesNamed } from '../sky/named-sources.js';
import { type Transit, transitsOf } from '../sky/transits.js';
import type { TimeRange } from '../units.js';

/** All calibrators of the VLA list, by right ascension. */
export const calibrators = allCalibrators();

/**
 * The upper transits of a source over the DSA-110, oldest first: good to 1 ms, by ERFA with the Earth orientation of the IERS. A
 * calibrator may be given by any of its names (`3C286`, `1331+305` or `J1331+3030`), and so may a bright source (`Cas A`). Throws a
 * UsageError for a name that no source or more than one has, and a RangeError for a range that ends before it begins or lies outside
 * 1990 to 2100, and for what is no direction.
 */
export function transits<S extends string | Source>(
  source: S,
  range: TimeRange,
): Transit<S extends Source ? S : NamedSource>[] {
  return transitsOf(sourceOf(source), range.fromMjdUtc, range.toMjdUtc);
}

/** A source as it is, or the one that is known by that name. Throws a UsageError for a name that none or more than one has. */
export function sourceOf<S extends string | Source>(source: S): S extends Source ? S : NamedSource {
  const given = typeof source === 'string' ? namedSource(source) : source;
  return given as S extends Source ? S : NamedSource;
}

function namedSource(name: string): NamedSource {
  const [found, other] = sourcesNamed(name);
  if (!found) throw new UsageError(`no source named ${name}: pass its name and ICRS position`);
  if (other) throw new UsageError(`two calibrators are named ${name}: choose one from calibratorsNamed`);
  return found;
}
