import type { Column, Pages } from '../sky/table/column.js';
import { csv, jsonLines } from '../sky/table/text.js';
import { votable } from '../sky/table/votable.js';
import { fixed, fixed360 } from '../units.js';
import { print, printJsonText, printRaw } from './output.js';
import { Table } from './table.js';

export type RowFormat = 'table' | 'json' | 'csv' | 'votable';

/** A table of rows as programs and people get it. */
export interface RowTable<Row> {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly Column<Row>[];
  /** Columns that go on a narrow screen, the first to go first; those of a line go together. */
  readonly dropped: readonly (readonly string[])[];
  /** Tells the rows of several tables apart in JSON. */
  readonly kind?: string;
}

/** Writes rows to stdout, a page at a time. */
export async function writeRows<Row>(
  format: RowFormat,
  table: RowTable<Row>,
  pages: Pages<Row>,
): Promise<void> {
  const { columns, kind } = table;
  switch (format) {
    case 'table':
      return writeTable(table, pages);
    case 'json':
      for await (const part of jsonLines(columns, pages, kind)) await printJsonText(part);
      return;
    case 'csv':
      for await (const part of csv(columns, pages)) await printRaw(part);
      return;
    case 'votable':
      for await (const part of votable(table, columns, pages)) await printRaw(part);
  }
}

/** Columns are as wide as in the first page; the path comes last and takes what is left. */
async function writeTable<Row>(
  { columns: inOrder, dropped }: RowTable<Row>,
  pages: Pages<Row>,
): Promise<void> {
  const isPath = ({ name }: Column<Row>) => Number(name === 'path');
  const columns = [...inOrder].sort((a, b) => isPath(a) - isPath(b));
  let layout: Table | undefined;
  for await (const rows of pages) {
    const cells = rows.map((row) => columns.map((column) => shown(column, row)));
    if (!layout) {
      layout = layoutOf(columns, dropped, cells);
      await print(layout.heading(), 'dim');
    }
    const table = layout;
    await print(cells.map((row) => table.row(row)).join('\n'));
  }
  if (!layout) await print(layoutOf(columns, dropped, []).heading(), 'dim');
}

function layoutOf<Row>(
  columns: readonly Column<Row>[],
  dropped: RowTable<Row>['dropped'],
  cells: readonly (readonly string[])[],
): Table {
  return new Table(
    columns.map(({ name }) => {
      const drop = dropped.findIndex((names) => names.includes(name)) + 1;
      return { heading: name, ...(drop > 0 && { drop }), ...(name === 'path' && { shorten: true }) };
    }),
    cells,
  );
}

function shown<Row>({ value, decimals, isCircular }: Column<Row>, row: Row): string {
  const cell = value(row);
  if (typeof cell !== 'number') return cell ?? '';
  return isCircular ? fixed360(cell, decimals) : fixed(cell, decimals);
}
