import { stringify } from 'csv-stringify/sync';
import type { Column, Pages } from './column.js';

type Cell = string | number | null;

/** RFC 4180 has the second, Unix programs the first. */
type LineEnd = '\n' | '\r\n';

/**
 * Lines of CSV, quoted as in RFC 4180. Text that a spreadsheet would compute, because it begins with `=`, `+`, `-`, `@`, a tab or a
 * carriage return, gets an apostrophe in front; numbers stay as they are.
 */
export const csvLines = (rows: readonly (readonly Cell[])[], lineEnd: LineEnd = '\n'): string =>
  rows.map((row) => (row.every(isPlain) ? row.join(',') + lineEnd : quoted(row, lineEnd))).join('');

const quoted = (row: readonly Cell[], lineEnd: LineEnd) =>
  stringify([row as Cell[]], { escape_formulas: true, record_delimiter: lineEnd });

/** Nothing here is quoted or escaped, so a row of such cells needs no library, which takes many times as long. */
const PLAIN = /^(?:[\w/][^",\r\n]*)?$/;
const isPlain = (cell: Cell) => typeof cell !== 'string' || PLAIN.test(cell);

/** A heading line first. Each part ends with a whole line. */
export async function* csv<Row>(
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
  lineEnd: LineEnd = '\n',
): AsyncGenerator<string> {
  yield csvLines([columns.map(({ name }) => name)], lineEnd);
  for await (const rows of pages)
    yield csvLines(
      rows.map((row) => columns.map(({ value }) => value(row))),
      lineEnd,
    );
}

/** One JSON object per line; `kind` first, where lines of several tables follow each other. */
export async function* jsonLines<Row>(
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
  kind?: string,
): AsyncGenerator<string> {
  const object = objectWriter(columns, kind);
  for await (const rows of pages) yield rows.map((row) => `${object(row)}\n`).join('');
}

/** The same with commas between, for a list. */
export async function* jsonItems<Row>(
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
): AsyncGenerator<string> {
  const object = objectWriter(columns);
  let comma = '';
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    yield comma + rows.map(object).join(',');
    comma = ',';
  }
}

/** What JSON.stringify gives of a row's record, without making one. */
function objectWriter<Row>(columns: readonly Column<Row>[], kind?: string): (row: Row) => string {
  const start = kind === undefined ? '{' : `{"kind":${JSON.stringify(kind)},`;
  const members = columns.map(({ name, value }, i) => ({
    key: `${i === 0 ? start : ','}${JSON.stringify(name)}:`,
    value,
  }));
  return (row) => {
    const parts: Cell[] = [];
    for (const { key, value } of members) parts.push(key, json(value(row)));
    return `${parts.join('')}}`;
  };
}

/** A number stays one: joining it to text writes it. */
const json = (cell: Cell) =>
  typeof cell === 'number' && Number.isFinite(cell) ? cell : JSON.stringify(cell);
