import type { Band, Coverage } from '../sky/coverage.js';
import type { Dwell } from '../sky/dwells.js';
import type { Gap } from '../sky/gaps.js';
import { isoOfMjdUtc, type MjdUtc } from '../units.js';

export interface Summary {
  readonly rows: number;
  /** Mid times; undefined without a row. */
  readonly first: MjdUtc | undefined;
  readonly last: MjdUtc | undefined;
  readonly coverage: Coverage;
  readonly dwells: readonly Dwell[];
  readonly gaps: readonly Gap[];
}

type Cell = string | number | readonly number[];

/** One table of the report: `columns` and `rows` for programs, `headings` and `lines` for people. */
export interface Section {
  readonly name: 'bands' | 'stays' | 'gaps';
  /** What one row is called. */
  readonly kind: 'band' | 'stay' | 'gap';
  readonly columns: string[];
  readonly rows: Cell[][];
  readonly headings: string[];
  readonly lines: string[][];
  /** Said in place of an empty table. */
  readonly none: string;
}

const HOUR = 3600;
const hours = (seconds: number) => (seconds / HOUR).toFixed(2);

export function sections({ coverage, dwells, gaps }: Summary): Section[] {
  return [bandSection(coverage.bands), dwellSection(dwells), gapSection(gaps)];
}

function bandSection(bands: readonly Band[]): Section {
  const most = Math.max(0, ...bands.flatMap(({ raBinSeconds }) => raBinSeconds));
  return {
    name: 'bands',
    kind: 'band',
    columns: ['dec_min_deg', 'dec_max_deg', 'seconds', 'ra_bin_seconds'],
    rows: bands.map(({ decMinDeg, decMaxDeg, seconds, raBinSeconds }) => [
      decMinDeg,
      decMaxDeg,
      seconds,
      raBinSeconds,
    ]),
    headings: ['from deg', 'to deg', 'hours', 'RA seen', 'RA 0h to 24h'],
    lines: bands.map(({ decMinDeg, decMaxDeg, seconds, raBinSeconds }) => [
      decMinDeg.toFixed(1),
      decMaxDeg.toFixed(1),
      hours(seconds),
      `${Math.round((100 * raBinSeconds.filter((each) => each > 0).length) / raBinSeconds.length)} %`,
      raBinSeconds.map((each) => block(each / most)).join(''),
    ]),
    none: 'no band of declination was observed',
  };
}

/** From a low to a full block; a dot where there is nothing. */
const block = (fraction: number) => (fraction > 0 ? '▁▂▃▄▅▆▇█'[Math.ceil(fraction * 8) - 1] : '·');

function dwellSection(dwells: readonly Dwell[]): Section {
  return {
    name: 'stays',
    kind: 'stay',
    columns: ['dec_deg', 'from_utc', 'to_utc', 'from_mjd', 'to_mjd', 'observations', 'seconds'],
    rows: dwells.map(({ decDeg, fromMjdUtc, toMjdUtc, observations, seconds }) => [
      decDeg,
      isoOfMjdUtc(fromMjdUtc),
      isoOfMjdUtc(toMjdUtc),
      fromMjdUtc,
      toMjdUtc,
      observations,
      seconds,
    ]),
    headings: [
      'declination',
      'first observation',
      'last observation',
      'days',
      'observations',
      'hours on sky',
    ],
    lines: dwells.map(({ decDeg, fromMjdUtc, toMjdUtc, observations, seconds }) => [
      decDeg.toFixed(2),
      isoOfMjdUtc(fromMjdUtc),
      isoOfMjdUtc(toMjdUtc),
      (toMjdUtc - fromMjdUtc).toFixed(2),
      String(observations),
      hours(seconds),
    ]),
    none: 'no declination was kept',
  };
}

function gapSection(gaps: readonly Gap[]): Section {
  return {
    name: 'gaps',
    kind: 'gap',
    columns: ['from_utc', 'to_utc', 'from_mjd', 'to_mjd', 'minutes'],
    rows: gaps.map(({ fromMjdUtc, toMjdUtc, minutes }) => [
      isoOfMjdUtc(fromMjdUtc),
      isoOfMjdUtc(toMjdUtc),
      fromMjdUtc,
      toMjdUtc,
      minutes,
    ]),
    headings: ['gap from', 'to', 'hours'],
    lines: gaps.map(({ fromMjdUtc, toMjdUtc, minutes }) => [
      isoOfMjdUtc(fromMjdUtc),
      isoOfMjdUtc(toMjdUtc),
      (minutes / 60).toFixed(2),
    ]),
    none: 'no gaps',
  };
}
