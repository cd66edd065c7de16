import { writeFileSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import type { CommandModule } from 'yargs';
import { UsageError } from '../../errors.js';
import { CoverageSums } from '../../sky/coverage.js';
import { DEFAULT_JUMP_DEG } from '../../sky/declination-changes.js';
import { DwellList } from '../../sky/dwells.js';
import { coverageFigure } from '../../sky/figure/coverage-figure.js';
import { Footprint } from '../../sky/footprint.js';
import { GapList } from '../../sky/gaps.js';
import { areaDeg2, mocJson, mocOf } from '../../sky/moc.js';
import { mocFits } from '../../sky/moc-fits.js';
import { feed, type RowSink } from '../../sky/observation-time.js';
import type { HistoryRow } from '../../store/rows.js';
import { degrees, isoOfMjdUtc, type MjdUtc } from '../../units.js';
import { productsDbOption } from '../common-options.js';
import { type Environment, numberFlag } from '../config.js';
import { type Section, type Summary, sections } from '../coverage-report.js';
import { openHistory } from '../open-history.js';
import { print, printJson, table } from '../output.js';
import { type TimeFlags, timeOptions, timeRange } from '../time-range.js';

interface Arguments extends TimeFlags {
  products_db: string | undefined;
  'dec-bin-deg': number;
  'ra-bin-deg': number;
  'gap-minutes': number;
  'jump-threshold-deg': number;
  json: boolean;
  csv: Section['name'] | undefined;
  svg: string | undefined;
  moc: string | undefined;
}

export function coverageCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'coverage [products_db]',
    describe: 'Time on sky by declination and right ascension, stays at each declination, and gaps',
    builder: (args) =>
      args
        .positional('products_db', productsDbOption)
        .options(timeOptions)
        .option('dec-bin-deg', { type: 'number', default: 1, describe: 'Width of a band of declination' })
        .option('ra-bin-deg', { type: 'number', default: 15, describe: 'Width of a bin of right ascension' })
        .option('gap-minutes', {
          type: 'number',
          default: 30,
          describe: 'Longest time without an observation that is no gap',
        })
        .option('jump-threshold-deg', {
          type: 'number',
          default: DEFAULT_JUMP_DEG as number,
          describe: 'Least change of declination that ends a stay',
        })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a band, stay and gap' })
        .option('csv', {
          choices: ['bands', 'stays', 'gaps'] as const,
          describe: 'One of the tables as CSV',
        })
        .option('svg', { type: 'string', describe: 'Write a figure to this file' })
        .option('moc', {
          type: 'string',
          describe: 'Write the sky seen within the half-power beam to this file, .fits or .json: an IVOA MOC',
        })
        .example(
          '$0 coverage --days-back 30 --svg october.svg --moc october.fits',
          'a figure, and a MOC for Aladin',
        )
        .epilogue('Exit: 0 done, 2 bad usage.'),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const range = timeRange(args);
  const bins = {
    decBinDeg: numberFlag(args['dec-bin-deg'], '--dec-bin-deg', { least: 0.01, most: 180 }),
    raBinDeg: numberFlag(args['ra-bin-deg'], '--ra-bin-deg', { least: 0.1, most: 360 }),
  };
  const gapMinutes = numberFlag(args['gap-minutes'], '--gap-minutes', { least: 0, most: 1e9 });
  const jumpDeg = numberFlag(args['jump-threshold-deg'], '--jump-threshold-deg', { least: 0, most: 180 });
  if (args.moc !== undefined && !/\.(fits|json)$/.test(args.moc))
    throw new UsageError(`--moc ${args.moc}: the name must end in .fits or .json`);

  const sums = new CoverageSums(bins);
  const dwells = new DwellList(degrees(jumpDeg));
  const gaps = new GapList(gapMinutes);
  const extent = new Extent();
  const seen = args.moc === undefined ? [] : [new Footprint()];
  const reader = await openHistory(args.products_db, environment);
  try {
    const pages = reader.historyPages(range.fromMjdUtc, range.toMjdUtc);
    await feed(pages, [sums, dwells, gaps, extent, ...seen]);
  } finally {
    await reader.close();
  }
  const summary: Summary = {
    rows: extent.rows,
    first: extent.first,
    last: extent.last,
    coverage: sums.result(),
    dwells: dwells.result(),
    gaps: gaps.result(),
  };
  // Files first: a reader of the text that has seen enough (`| head`) ends the process.
  if (args.svg !== undefined) writeFile(args.svg, coverageFigure({ ...summary, title: titleOf(summary) }));
  for (const footprint of seen) writeMoc(args.moc as string, footprint);
  await report(args, summary);
}

async function report({ json, csv }: Arguments, summary: Summary): Promise<void> {
  const all = sections(summary);
  if (csv !== undefined) {
    const { columns, rows } = all.find(({ name }) => name === csv) as Section;
    await print(stringify([flatNames(columns, rows[0]), ...rows.map((row) => row.flat())]));
  } else if (json) {
    for (const { kind, columns, rows } of all) {
      for (const row of rows)
        await printJson({ kind, ...Object.fromEntries(columns.map((name, i) => [name, row[i]])) });
    }
  } else {
    await print(`${titleOf(summary)}: ${summary.rows} observations\n`);
    for (const { name, headings, lines, none } of all) {
      await print(lines.length === 0 ? `\n${none}\n` : `\n${name}\n${table(headings, lines)}`);
    }
  }
}

/** A column of lists is as many columns in CSV, numbered from 0. */
function flatNames(columns: readonly string[], first: Section['rows'][number] = []): string[] {
  return columns.flatMap((name, i) => {
    const cell = first[i];
    return Array.isArray(cell) ? cell.map((_, k) => `${name}_${k}`) : name;
  });
}

/** How many observations, and from when to when. */
class Extent implements RowSink {
  rows = 0;
  first: MjdUtc | undefined;
  last: MjdUtc | undefined;

  add({ timestamp }: HistoryRow): void {
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

function writeMoc(path: string, footprint: Footprint): void {
  const moc = mocOf(footprint.cells());
  writeFile(path, path.endsWith('.fits') ? mocFits(moc) : mocJson(moc));
  process.stderr.write(`${path}: ${areaDeg2(moc).toFixed(1)} square degrees, order ${moc.order}\n`);
}

function writeFile(path: string, content: string | Buffer): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
  }
}
