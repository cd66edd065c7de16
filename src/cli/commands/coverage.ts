import { writeFileSync } from 'node:fs';
import { UsageError } from '../../errors.js';
import { CoverageSums } from '../../sky/coverage.js';
import { DwellList } from '../../sky/dwells.js';
import { coverageFigure } from '../../sky/figure/coverage-figure.js';
import { GapList } from '../../sky/gaps.js';
import { type MocMaker, mocMaker } from '../../sky/moc/maker.js';
import { feed, type RowSink } from '../../sky/observation-time.js';
import { csvLines } from '../../sky/table/text.js';
import type { HistoryRow } from '../../store/rows.js';
import { counted, degrees, isoOfMjdUtc, type MjdUtc } from '../../units.js';
import type { Environment } from '../config.js';
import { type Section, type Summary, sections } from '../coverage-report.js';
import { openHistory } from '../open-history.js';
import { note, print, printJson, printRaw } from '../output.js';
import type { coverage as schema } from '../schema/coverage.js';
import type { Arguments } from '../schema/types.js';
import { shown } from '../schema/value.js';
import { printTable } from '../table.js';
import { timeRange } from '../time-range.js';

export async function coverage(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const range = timeRange(args);
  if (args.moc !== undefined && !/\.(fits|json)$/.test(args.moc))
    throw new UsageError(`--moc ${shown(args.moc)}: the name must end in .fits or .json`);

  const sums = new CoverageSums({ decBinDeg: args['dec-bin-deg'], raBinDeg: args['ra-bin-deg'] });
  const dwells = new DwellList(degrees(args['jump-threshold-deg']));
  const gaps = new GapList(args['gap-minutes']);
  const extent = new Extent();
  const maker = args.moc === undefined ? undefined : mocMaker(args['moc-kind']);
  const reader = await openHistory(args.products_db, environment);
  try {
    const pages = reader.historyPages(range.fromMjdUtc, range.toMjdUtc);
    await feed(pages, [sums, dwells, gaps, extent, ...(maker ? [maker.sink] : [])]);
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
  // Files first: a reader that closes the pipe early (`| head`) ends the process.
  if (args.svg !== undefined) writeFile(args.svg, coverageFigure({ ...summary, title: titleOf(summary) }));
  if (args.moc !== undefined && maker) writeMoc(args.moc, maker);
  await report(args, summary);
}

async function report({ json, csv }: Arguments<typeof schema>, summary: Summary): Promise<void> {
  const all = sections(summary);
  if (csv !== undefined) {
    const { columns, rows } = all.find(({ name }) => name === csv) as Section;
    await printRaw(csvLines([flatNames(columns, rows[0]), ...rows.map((row) => row.flat())]));
  } else if (json) {
    for (const { kind, columns, rows } of all) {
      for (const row of rows)
        await printJson({ kind, ...Object.fromEntries(columns.map((name, i) => [name, row[i]])) });
    }
  } else {
    await print(`${titleOf(summary)}: ${counted(summary.rows, 'observation')}`.replaceAll(MINUTE, '$1 $2'));
    for (const { name, headings, lines, none } of all) {
      await print(`\n${lines.length === 0 ? none : name}`, lines.length === 0 ? 'plain' : 'bold');
      if (lines.length > 0) await printTable(headings, lines);
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

/** A time of which people need the minute. */
const MINUTE = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ/g;

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
