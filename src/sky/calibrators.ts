import { readFileSync } from 'node:fs';
import { kept } from '../maps.js';
import { packageFile } from '../native/addon.js';
import { type Degrees, degrees } from '../units.js';

/** A direction fixed on the sky, with a name to call it by: a calibrator, or any other. */
export interface Source {
  readonly name: string;
  /** 0 to 360. */
  readonly raIcrsDeg: Degrees;
  readonly decIcrsDeg: Degrees;
}

/** A source of a list, with its other names. */
export interface ListedSource extends Source {
  /** IAU style, made from the position: `J1331+3030`. */
  readonly jName?: string;
  /** `3C286`, or empty. */
  readonly altName: string;
}

/** A compact radio source of the calibrator list of the VLA (NRAO; vendor/calibrators). */
export interface Calibrator extends ListedSource {
  readonly jName: string;
  /** At 1.4 GHz; null where the list has none. */
  readonly flux20cmJy: number | null;
}

let all: readonly Calibrator[] | undefined;

/** All calibrators of the list, by right ascension, read when first asked for. */
export function allCalibrators(): readonly Calibrator[] {
  all ??= parse(readFileSync(packageFile('vendor/calibrators/vla.tsv'), 'utf8'));
  return all;
}

function parse(table: string): Calibrator[] {
  const [heading = '', ...lines] = table.trimEnd().split('\n');
  const columns = heading.split('\t');
  const column = (name: string) => columns.indexOf(name);
  const [name, jName, altName] = [column('name'), column('j_name'), column('alt_name')];
  const [ra, dec, flux] = [column('ra_icrs_deg'), column('dec_icrs_deg'), column('flux_20cm_jy')];
  return lines.map((line) => {
    const cells = line.split('\t');
    return {
      name: cells[name] as string,
      jName: cells[jName] as string,
      altName: cells[altName] as string,
      raIcrsDeg: degrees(Number(cells[ra])),
      decIcrsDeg: degrees(Number(cells[dec])),
      flux20cmJy: cells[flux] ? Number(cells[flux]) : null,
    };
  });
}

/** What names are compared by: neither case nor spaces count. */
export const nameKey = (name: string) => name.toUpperCase().replace(/\s+/g, '');

/** All names of a source, the one of the list first. */
export const namesOf = ({ name, altName, jName = '' }: ListedSource): string[] =>
  [name, altName, jName].filter(Boolean);

let byName: Map<string, Set<Calibrator>> | undefined;

function named(calibrators: readonly Calibrator[]): Map<string, Set<Calibrator>> {
  const found = new Map<string, Set<Calibrator>>();
  for (const each of calibrators)
    for (const name of namesOf(each)) kept(found, nameKey(name), () => new Set<Calibrator>()).add(each);
  return found;
}

/** The calibrators of this name, IAU name or alias: none, one, or the two sources that some names stand for. */
export function calibratorsNamed(name: string): readonly Calibrator[] {
  byName ??= named(allCalibrators());
  return [...(byName.get(nameKey(name)) ?? [])];
}

/** A source under the one of its names that was asked for, as the list spells it. */
export function calledBy<S extends ListedSource>(name: string, source: S): S {
  const called = namesOf(source).find((each) => nameKey(each) === nameKey(name));
  return { ...source, name: called ?? source.name };
}

/** Those at least this bright at 1.4 GHz, and with no known flux density only where the limit is 0. */
export function calibratorsAbove(minFluxJy: number): readonly Calibrator[] {
  return allCalibrators().filter(({ flux20cmJy }) => (flux20cmJy ?? 0) >= minFluxJy);
}
