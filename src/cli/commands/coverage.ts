import { writeFileSync } from 'node:fs';
import { UsageError } from '../../errors.js';
import { CoverageSum } from '../../sky/coverage.js';
import { DwellList } from '../../sky/dwells.js';
import { coverageFigure } from '../../sky/figure/coverage-figure.js';
import { GAP_MARGIN_DAYS, GapFinder, type GapSpan } from '../../sky/gaps.js';
import { takenPages } from '../../sky/history/taken.js';
import { type Instruments, readInstruments, type TakenRow, type Telescope } from '../../sky/instruments.js';
import { type MocMaker, mocMaker } from '../../sky/moc/maker.js';
import { feed, type RowSink } from '../../sky/observation-time.js';
import { csvLines } from '../../sky/table/text.js';
import { openExistingReader } from '../../store/open.js';
import {
  counted,
  degrees,
  isoOfMjdUtc,
  type MjdUtc,
  mjdUtc,
  nowMjdUtc,
  type TimeRange,
} from '../../units.js';
import { type Environment, requireProductsDb } from '../config.js';
import { type Section, type Summary, sections } from '../coverage-report.js';
import { overridesOf } from '../instrument-flags.js';
import { note, print, printJson, printRaw } from '../output.js';
import type { coverage as schema } from '../schema/coverage.js';
import { ALL_TIME } from '../schema/time.js';
import type { Arguments } from '../schema/types.js';
import { shown } from '../schema/value.js';
import { printTable } from '../table.js';
import { timeRange } from '../time-range.js';

export async function coverage(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const range = timeRange(args);
  if (args.moc !== undefined && !/\.(fits|json)$/.test(args.moc))
    throw new UsageError(`--moc ${shown(args.moc)}: the name must end in .fits or .json`);

  const maker = args.moc === undefined ? undefined : mocMaker(args['moc-kind']);
  const tallies = new Map<Telescope, Tally>();
  const reader = await openExistingReader(requireProductsDb(args.products_db), environment);
  try {
    const instruments = await readInstruments(reader, overridesOf(args, args.name));
    const wanted = args.instrument === undefined ? undefined : telescopeNamed(args.instrument, instruments);
    await feed(takenPages(reader, withMargins(range)), instruments, (telescope) => {
      if (wanted && telescope !== wanted) return [];
      const tally = new Tally(args, range);
      tallies.set(telescope, tally);
      return [tally.gaps, new Within(range, [...tally.sinks, ...(maker ? [maker.sink] : [])])];
    });
    for (const telescope of wanted ? [wanted] : instruments.telescopes)
      if (!tallies.has(telescope)) tallies.set(telescope, new Tally(args, range));
  } finally {
    await reader.close();
  }
  const summaries = [...tallies].map(([{ name }, tally]) => tally.summary(name));
  const observed = summaries.filter(({ rows }) => rows > 0);
  const [summary = summaries[0], another] = observed;
  // Files first: a reader that closes the pipe early (`| head`) ends the process.
  if (args.svg !== undefined && summary) {
    if (another)
      throw new UsageError(
        `--svg shows one telescope: choose with --instrument from ${observed.map(({ instrument }) => instrument).join(', ')}`,
      );
    writeFile(args.svg, coverageFigure({ ...summary, title: titleOf(summary) }));
  }
  if (args.moc !== undefined && maker) writeMoc(args.moc, maker);
  await report(args, summaries);
}

function telescopeNamed(name: string, instruments: Instruments): Telescope {
  const found = instruments.named(name);
  if (found) return found;
  const known = instruments.telescopes.map((each) => each.name).join(', ');
  throw new UsageError(`--instrument ${shown(name)}: the history has ${known}`);
}

async function report({ json, csv }: Arguments<typeof schema>, summaries: readonly Summary[]): Promise<void> {
  if (csv !== undefined) {
    const all = summaries.flatMap((each) => sections(each).filter(({ name }) => name === csv));
    const rows = all.flatMap((each) => each.rows);
    const { columns } = all[0] as Section;
    const lists = { ra_bin_seconds: summaries[0]?.coverage.raBins ?? 0 };
    await printRaw(csvLines([flatNames(columns, lists), ...rows.map((row) => row.flat().map(inCsv))]));
  } else if (json) {
    for (const { kind, columns, rows } of summaries.flatMap(sections)) {
      for (const row of rows)
        await printJson({ kind, ...Object.fromEntries(columns.map((name, i) => [name, row[i]])) });
    }
  } else
    for (const [i, summary] of summaries.entries()) await printSummary(summary, summaries.length > 1, i > 0);
}

async function printSummary(summary: Summary, isNamed: boolean, follows: boolean): Promise<void> {
  const title = `${titleOf(summary)}: ${counted(summary.rows, 'observation')}`.replaceAll(MINUTE, '$1 $2');
  await print(`${follows ? '\n' : ''}${isNamed ? `${summary.instrument}, ` : ''}${title}`);
  for (const { name, headings, lines, none } of sections(summary)) {
    await print(`\n${lines.length === 0 ? none : name}`, lines.length === 0 ? 'plain' : 'bold');
    if (lines.length > 0) await printTable(headings, lines);
  }
}

const inCsv = (cell: string | number | boolean) => (typeof cell === 'boolean' ? String(cell) : cell);

/** A column of lists, of these lengths, is as many columns in CSV, numbered from 0. */
const flatNames = (columns: readonly string[], lists: Readonly<Record<string, number>>): string[] =>
  columns.flatMap((name) => {
    const length = lists[name];
    return length === undefined ? name : Array.from({ length }, (_, k) => `${name}_${k}`);
  });

/** A time of which people need the minute. */
const MINUTE = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ/g;

/** What one telescope observed. */
class Tally {
  readonly #coverage: CoverageSum;
  readonly #dwells: DwellList;
  readonly #extent = new Extent();
  readonly #gaps: GapFinder;
  readonly #gapMinutes: number;
  /** Takes the rows just outside the range too. */
  readonly gaps: RowSink = {
    add: ({ timestamp }, _seconds, _instrument, wholeSeconds) => this.#gaps.add(timestamp, wholeSeconds),
  };

  constructor(args: Arguments<typeof schema>, range: TimeRange) {
    this.#coverage = new CoverageSum({ decBinDeg: args['dec-bin-deg'], raBinDeg: args['ra-bin-deg'] });
    this.#dwells = new DwellList(degrees(args['jump-threshold-deg']));
    this.#gapMinutes = args['gap-minutes'];
    this.#gaps = new GapFinder(this.#gapMinutes, spanOf(range));
  }

  get sinks(): RowSink[] {
    return [this.#coverage, this.#dwells, this.#extent];
  }

  summary(instrument: string): Summary {
    const { rows, first, last } = this.#extent;
    const coverage = this.#coverage.result();
    return {
      instrument,
      rows,
      first,
      last,
      coverage,
      dwells: this.#dwells.result(),
      gaps: this.#gaps.finish(),
      gapMinutes: this.#gapMinutes,
    };
  }
}

/** The ends that somebody gave; else from the first observation, and until now. */
const spanOf = ({ fromMjdUtc, toMjdUtc }: TimeRange): GapSpan => ({
  startMjdUtc: fromMjdUtc === ALL_TIME.fromMjdUtc ? undefined : fromMjdUtc,
  endMjdUtc: mjdUtc(Math.min(toMjdUtc, nowMjdUtc())),
});

const withMargins = ({ fromMjdUtc, toMjdUtc }: TimeRange): TimeRange => ({
  fromMjdUtc: mjdUtc(fromMjdUtc - GAP_MARGIN_DAYS),
  toMjdUtc: mjdUtc(toMjdUtc + GAP_MARGIN_DAYS),
});

/** Passes on the rows of a range. */
class Within implements RowSink {
  readonly #range: TimeRange;
  readonly #sinks: readonly RowSink[];

  constructor(range: TimeRange, sinks: readonly RowSink[]) {
    this.#range = range;
    this.#sinks = sinks;
  }

  add(...given: Parameters<RowSink['add']>): void {
    const [{ timestamp }] = given;
    if (timestamp < this.#range.fromMjdUtc || timestamp > this.#range.toMjdUtc) return;
    for (const sink of this.#sinks) sink.add(...given);
  }
}

/** How many observations, and from when to when. */
class Extent implements RowSink {
  rows = 0;
  first: MjdUtc | undefined;
  last: MjdUtc | undefined;

  add({ timestamp }: TakenRow): void {
    this.rows++;
    this.first ??= timestamp;
    this.last = timestamp;
  }
}

function titleOf({ first, last }: Summary): string {
  return first === undefined || last === undefined
    ? 'nothing observed'
    : `${isoOfMjdUtc(first)} to ${isoOfMjdUtc(last)}`;
}

function writeMoc(path: string, maker: MocMaker): void {
  const { body, words } = maker.finish(path.endsWith('.fits') ? 'fits' : 'json');
  writeFile(path, body);
  note(`${path}: ${words}`);
}

function writeFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`);
  }
}
