import { greatest } from '../greatest.js';
import { escapeControls } from '../log/plain-line.js';
import { print, terminalWidth } from './output.js';

export interface Column {
  readonly heading: string;
  /** On a narrow terminal it is left out: 1 first, then 2 and so on. Without it the column stays. */
  readonly drop?: number;
  /** On a narrow terminal its beginning is cut off, as that of a path. */
  readonly shorten?: boolean;
}

/** Characters before and after the decimal point; text that is no number counts as before. */
interface Measure {
  readonly numeric: boolean;
  readonly before: number;
  readonly after: number;
}

/** A column with its place in the rows. */
interface Placed {
  readonly column: Column;
  readonly index: number;
  readonly measure: Measure;
}

const GAP = '  ';
const SHORTEST = 11;
const NUMBER = /^-?\d[\d,]*(?:\.\d+)?(?: ?%)?$/;

/** Columns side by side, numbers aligned at the point, within the width of a terminal if there is one. */
export class Table {
  readonly #columns: readonly Placed[];
  readonly #screen: number | undefined;

  /** `samples` are all rows, or some that are as wide as any. */
  constructor(columns: readonly Column[], samples: readonly (readonly string[])[], screen = terminalWidth()) {
    this.#screen = screen;
    const all = columns.map((column, index) => ({
      column,
      index,
      measure: measureOf(
        column,
        samples.map((row) => escapeControls(row[index] ?? '')),
      ),
    }));
    this.#columns = screen === undefined ? all : fitted(all, screen);
  }

  heading(): string {
    return this.#line(({ column: { heading }, measure }) =>
      measure.numeric ? heading.padStart(widthOf(measure)) : heading,
    );
  }

  row(cells: readonly string[]): string {
    return this.#line(({ index, measure }) => {
      const cell = escapeControls(cells[index] ?? '');
      return measure.numeric ? atPoint(cell, measure) : cell;
    });
  }

  #line(text: (placed: Placed) => string): string {
    const parts = this.#columns.map((each) => {
      const width = widthOf(each.measure);
      const cell = text(each);
      return each.column.shorten && this.#screen !== undefined && cell.length > width
        ? `…${cell.slice(cell.length - width + 1)}`
        : cell.padEnd(width);
    });
    return parts.join(GAP).trimEnd().slice(0, this.#screen);
  }
}

const widthOf = ({ before, after }: Measure) => before + after;

function measureOf({ heading }: Column, cells: readonly string[]): Measure {
  const numeric =
    cells.some((cell) => cell !== '') && cells.every((cell) => /^-?$/.test(cell) || NUMBER.test(cell));
  if (!numeric)
    return { numeric, before: greatest([heading, ...cells].map(({ length }) => length)), after: 0 };
  const splits = cells.map(splitAtPoint);
  const after = greatest(splits.map(([, fraction]) => fraction.length));
  const before = Math.max(heading.length - after, greatest(splits.map(([whole]) => whole.length)));
  return { numeric, before, after };
}

function splitAtPoint(cell: string): [whole: string, fraction: string] {
  const point = cell.search(/[.%]| %/);
  return point < 0 ? [cell, ''] : [cell.slice(0, point), cell.slice(point)];
}

function atPoint(cell: string, { before, after }: Measure): string {
  const [whole, fraction] = splitAtPoint(cell);
  return `${whole.padStart(before)}${fraction.padEnd(after)}`;
}

/** Leaves out as few columns as it takes, then shortens what may be shortened. */
function fitted(all: readonly Placed[], screen: number): readonly Placed[] {
  const order = [...new Set(all.map(({ column }) => column.drop ?? 0).filter(Boolean))].sort((a, b) => a - b);
  for (const gone of [0, ...order]) {
    const kept = all.filter(({ column: { drop } }) => drop === undefined || drop > gone);
    const minWidth = (each: Placed) =>
      each.column.shorten ? Math.min(SHORTEST, widthOf(each.measure)) : widthOf(each.measure);
    const room =
      screen - GAP.length * (kept.length - 1) - kept.reduce((sum, each) => sum + minWidth(each), 0);
    if (room < 0 && gone !== order.at(-1) && order.length > 0) continue;
    let left = Math.max(0, room);
    return kept.map((each) => {
      if (!each.column.shorten) return each;
      const before = Math.min(widthOf(each.measure), minWidth(each) + left);
      left -= before - minWidth(each);
      return { ...each, measure: { ...each.measure, before } };
    });
  }
  return all;
}

/** Writes a whole table to stdout, its heading dim. */
export async function printTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const table = new Table(columns, rows);
  await print(table.heading(), 'dim');
  if (rows.length > 0) await print(rows.map((row) => table.row(row)).join('\n'));
}
