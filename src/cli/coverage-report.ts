import { type Coverage, decimalsOf, longestBin } from '../sky/coverage.js';
import type { Dwell } from '../sky/dwells.js';
import type { Gap } from '../sky/gaps.js';
import { isoOfMjdUtc, type MjdUtc } from '../units.js';
import type { Column } from './table.js';

export interface Summary {
  /** The telescope's name. */
  readonly instrument: string;
  readonly rows: number;
  /** Mid times; undefined without a row. */
  readonly first: MjdUtc | undefined;
  readonly last: MjdUtc | undefined;
  readonly coverage: Coverage;
  readonly dwells: readonly Dwell[];
  readonly gaps: readonly Gap[];
  /** Shorter ones are not listed. */
  readonly gapMinutes: number;
}

type Cell = string | number | boolean | readonly number[];

/** One table of the report: `columns` and `rows` for programs, `headings` and `lines` for people. */
export interface Section {
  readonly name: 'bands' | 'dwells' | 'gaps';
  /** What programs call one row; `stay` is a dwell's former name. */
  readonly kind: 'band' | 'stay' | 'gap';
  readonly columns: string[];
  readonly rows: Cell[][];
  readonly headings: readonly Column[];
  readonly lines: string[][];
  /** Printed in place of an empty table. */
  readonly none: string;
}

const HOUR = 3600;
const hours = (seconds: number) => (seconds / HOUR).toFixed(2);

export function sections({ instrument, coverage, dwells, gaps, gapMinutes }: Summary): Section[] {
  return [bandSection(coverage), dwellSection(dwells), gapSection(gaps, gapMinutes)].map((section) => ({
    ...section,
    columns: [...section.columns, 'instrument'],
    rows: section.rows.map((row) => [...row, instrument]),
  }));
}

function bandSection({ bands, decBinDeg }: Coverage): Section {
  const longest = longestBin(bands);
  const decimals = Math.max(decimalsOf(decBinDeg), 1);
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
    headings: [
      { heading: 'from deg' },
      { heading: 'to deg' },
      { heading: 'hours' },
      { heading: 'RA seen' },
      { heading: 'RA 0h to 24h', drop: 1 },
    ],
    lines: bands.map(({ decMinDeg, decMaxDeg, seconds, raBinSeconds }) => [
      decMinDeg.toFixed(decimals),
      decMaxDeg.toFixed(decimals),
      hours(seconds),
      `${Math.round((100 * raBinSeconds.filter((each) => each > 0).length) / raBinSeconds.length)} %`,
      raBinSeconds.map((each) => block(each / longest)).join(''),
    ]),
    none: 'no declination bands',
  };
}

/** From a low to a full block; a dot where there is nothing. */
const block = (fraction: number) => (fraction > 0 ? '▁▂▃▄▅▆▇█'[Math.ceil(fraction * 8) - 1] : '·');

function dwellSection(dwells: readonly Dwell[]): Section {
  return {
    name: 'dwells',
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
      { heading: 'declination' },
      { heading: 'first observation' },
      { heading: 'last observation', drop: 2 },
      { heading: 'days' },
      { heading: 'observations', drop: 1 },
      { heading: 'hours on sky', drop: 3 },
    ],
    lines: dwells.map(({ decDeg, fromMjdUtc, toMjdUtc, observations, seconds }) => [
      decDeg.toFixed(2),
      isoOfMjdUtc(fromMjdUtc),
      isoOfMjdUtc(toMjdUtc),
      (toMjdUtc - fromMjdUtc).toFixed(2),
      String(observations),
      hours(seconds),
    ]),
    none: 'no dwells',
  };
}

function gapSection(gaps: readonly Gap[], gapMinutes: number): Section {
  return {
    name: 'gaps',
    kind: 'gap',
    columns: ['from_utc', 'to_utc', 'from_mjd', 'to_mjd', 'minutes', 'open_at_start', 'open_at_end'],
    rows: gaps.map(({ fromMjdUtc, toMjdUtc, minutes, openAtStart, openAtEnd }) => [
      isoOfMjdUtc(fromMjdUtc),
      isoOfMjdUtc(toMjdUtc),
      fromMjdUtc,
      toMjdUtc,
      minutes,
      openAtStart,
      openAtEnd,
    ]),
    headings: [
      { heading: 'gap from' },
      { heading: 'to', drop: 1 },
      { heading: 'hours' },
      { heading: 'open at' },
    ],
    lines: gaps.map(({ fromMjdUtc, toMjdUtc, minutes, openAtStart, openAtEnd }) => [
      isoOfMjdUtc(fromMjdUtc),
      isoOfMjdUtc(toMjdUtc),
      (minutes / 60).toFixed(2),
      [...(openAtStart ? ['start'] : []), ...(openAtEnd ? ['end'] : [])].join(' and '),
    ]),
    none: `no gaps of more than ${gapMinutes} min`,
  };
}
