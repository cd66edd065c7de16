import { UsageError } from '../errors.js';
import { calibratorsNamed, type ListedSource, nameKey, type Source } from '../sky/calibrators.js';
import { allSourceNames, sourcesNamed } from '../sky/named-sources.js';
import { degrees } from '../units.js';
import { nearest } from './schema/nearest.js';
import { shown } from './schema/value.js';

export interface SourceFlags {
  readonly name: string | undefined;
  readonly ra: number | undefined;
  readonly dec: number | undefined;
}

/** The one source that the flags name, under the name they call it by; undefined where they name none. */
export function namedSource({ name, ra, dec }: SourceFlags): Source | undefined {
  if (ra !== undefined || dec !== undefined) {
    if (ra === undefined || dec === undefined) throw new UsageError('give both --ra and --dec');
    if (name !== undefined && sourcesNamed(name).length > 0)
      throw new UsageError(`${name} has a position of its own: leave out --ra and --dec, or the name`);
    return {
      name: name ?? `${ra}${dec < 0 ? '' : '+'}${dec}`,
      raIcrsDeg: degrees(ra),
      decIcrsDeg: degrees(dec),
    };
  }
  if (name === undefined) return undefined;
  const [found, other] = sourcesNamed(name);
  if (!found) throw new UsageError(`no source named ${shown(name)}${suggestion(name)}`);
  if (other) {
    const places = [found, other].map((each) => `--ra ${each.raIcrsDeg} --dec ${each.decIcrsDeg}`);
    throw new UsageError(`two calibrators are named ${name}: choose ${places.join(' or ')}`);
  }
  return found;
}

/** The name under which the list has a calibrator, whatever it was called; another source's own. */
export const listedName = ({ name, altName }: Source & Partial<ListedSource>): string =>
  (altName !== undefined && [name, altName].flatMap(calibratorsNamed)[0]?.name) || name;

/** The other name by which people know a source, if it has one and is not called by it already. */
export function aliasOf(source: Source & Partial<ListedSource>): string {
  return source.altName === undefined || source.altName === source.name ? '' : source.altName;
}

function suggestion(name: string): string {
  const names = allSourceNames();
  const start = nameKey(name).slice(0, 4);
  const like = names.filter((each) => nameKey(each).startsWith(start)).slice(0, 5);
  const near = like.length > 0 ? undefined : nearest(name, names);
  const known = like.length > 0 ? ` (similar: ${like.join(', ')})` : near ? `. Did you mean ${near}?` : '';
  return `${known}: give --ra and --dec for another source`;
}
