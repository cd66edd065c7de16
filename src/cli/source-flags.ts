import { UsageError } from '../errors.js';
import { type Calibrator, calibrators, calibratorsNamed, type Source } from '../sky/calibrators.js';
import { degrees } from '../units.js';
import { numberFlag } from './config.js';

export interface SourceFlags {
  name: string | undefined;
  ra: number | undefined;
  dec: number | undefined;
  'least-flux-jy': number;
}

/** The flags that name a source, or how bright the calibrators must be. */
export const sourceOptions = {
  ra: { type: 'number', describe: 'ICRS right ascension of another source, degrees' },
  dec: { type: 'number', describe: 'ICRS declination of another source, degrees' },
  'least-flux-jy': {
    type: 'number',
    default: 1,
    describe: 'Without a name: calibrators of at least this flux density at 20 cm',
  },
} as const;

export const SOURCE_NAME = 'A calibrator: 3C286, 1331+305 or J1331+3030; all of them if not given';

/** The one source that the flags name, under the name they call it by; undefined where they name none. */
export function namedSource({ name, ra, dec }: SourceFlags): Source | undefined {
  if (ra !== undefined || dec !== undefined) {
    if (ra === undefined || dec === undefined) throw new UsageError('give both --ra and --dec');
    const raIcrsDeg = degrees(numberFlag(ra, '--ra', { least: 0, most: 360 }));
    const decIcrsDeg = degrees(numberFlag(dec, '--dec', { least: -90, most: 90 }));
    return { name: name ?? `${ra}${dec < 0 ? '' : '+'}${dec}`, raIcrsDeg, decIcrsDeg };
  }
  if (name === undefined) return undefined;
  const [found, other] = calibratorsNamed(String(name));
  if (!found) throw new UsageError(`no calibrator is called ${name}${suggestion(String(name))}`);
  if (other) {
    const places = [found, other].map((each) => `--ra ${each.raIcrsDeg} --dec ${each.decIcrsDeg}`);
    throw new UsageError(`two calibrators are called ${name}: choose ${places.join(' or ')}`);
  }
  return { ...found, name: spelling(String(name), [found.altName, found.jName]) ?? found.name };
}

/** The other name by which people know a source, if it has one and is not called by it already. */
export function aliasOf(source: Source & Partial<Calibrator>): string {
  return source.altName === undefined || source.altName === source.name ? '' : source.altName;
}

const squeezed = (text: string) => text.toUpperCase().replace(/\s+/g, '');
const spelling = (name: string, names: readonly string[]) =>
  names.find((each) => each !== '' && squeezed(each) === squeezed(name));

function suggestion(name: string): string {
  const start = squeezed(name).slice(0, 4);
  const like = calibrators
    .flatMap((each) => [each.name, each.altName, each.jName])
    .filter((each) => each !== '' && squeezed(each).startsWith(start))
    .slice(0, 5);
  const known = like.length > 0 ? ` (there are ${like.join(', ')})` : '';
  return `${known}: give --ra and --dec for another source`;
}
