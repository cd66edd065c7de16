import { degrees } from '../units.js';
import {
  allCalibrators,
  type Calibrator,
  calibratorsNamed,
  calledBy,
  type ListedSource,
  nameKey,
  namesOf,
} from './calibrators.js';

/** A calibrator, or a bright source, of which no flux density is known. */
export type NamedSource = ListedSource & Partial<Calibrator>;

const listed = (name: string, altName: string, raDeg: number, decDeg: number): ListedSource => ({
  name,
  altName,
  raIcrsDeg: degrees(raDeg),
  decIcrsDeg: degrees(decDeg),
});

/**
 * The strongest extended sources of Perley and Butler 2017 (ApJS 230, 7), strongest first, ICRS to 0.01 degrees. Vir A lies where the
 * list of calibrators has it as 3C274; the other compact ones are in that list alone.
 */
export const brightSources: readonly ListedSource[] = [
  listed('Cas A', '3C461', 350.85, 58.815),
  listed('Cyg A', '3C405', 299.868, 40.734),
  listed('Tau A', '3C144', 83.633, 22.0145),
  listed('Vir A', '3C274', 187.70593075, 12.39112331),
  listed('For A', '', 50.674, -37.208),
  listed('Pic A', '', 79.957, -45.779),
  listed('Her A', '3C348', 252.784, 4.9926),
  listed('Hya A', '3C218', 139.524, -12.0956),
];

/** All names of calibrators and bright sources. */
export const allSourceNames = (): string[] => [
  ...new Set([...allCalibrators(), ...brightSources].flatMap(namesOf)),
];

/**
 * The calibrators and bright sources of this name, called by it as their list spells it: one, none, or the two calibrators that some
 * names stand for.
 */
export function sourcesNamed(name: string): readonly NamedSource[] {
  const calibrators: readonly NamedSource[] = calibratorsNamed(name);
  const key = nameKey(name);
  const found =
    calibrators.length > 0
      ? calibrators
      : brightSources.filter((each) => namesOf(each).some((other) => nameKey(other) === key));
  return found.map((each) => calledBy(name, each));
}
