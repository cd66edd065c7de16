import { stringify } from 'csv-stringify/sync';
import { type Column, type Pages, record } from './column.js';

/**
 * Lines of CSV, quoted as in RFC 4180. Text that a spreadsheet would compute, because it begins with `=`, `+`, `-`, `@`, a tab or a
 * carriage return, gets an apostrophe in front; numbers stay as they are.
 */
export const csvLines = (rows: readonly (readonly (string | number | null)[])[]): string =>
  stringify(rows as (string | number | null)[][], { escape_formulas: true });

/** A heading line first. Each part ends with a whole line. */
export async function* csv<Row>(columns: readonly Column<Row>[], pages: Pages<Row>): AsyncGenerator<string> {
  yield csvLines([columns.map(({ name }) => name)]);
  for await (const rows of pages) yield csvLines(rows.map((row) => columns.map(({ value }) => value(row))));
}

/** One JSON object per line; `kind` first, where lines of several tables follow each other. */
export async function* jsonLines<Row>(
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
  kind?: string,
): AsyncGenerator<string> {
  const start = kind === undefined ? {} : { kind };
  for await (const rows of pages)
    yield rows.map((row) => `${JSON.stringify({ ...start, ...record(columns, row) })}\n`).join('');
}
