import { stringify } from 'csv-stringify/sync';
import { type Column, type Pages, record } from './column.js';

/** RFC 4180, a heading line first. Each part ends with a whole line. */
export async function* csv<Row>(columns: readonly Column<Row>[], pages: Pages<Row>): AsyncGenerator<string> {
  yield stringify([columns.map(({ name }) => name)]);
  for await (const rows of pages) yield stringify(rows.map((row) => columns.map(({ value }) => value(row))));
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

/** For people. Text is as wide as in the first page, and the last column as wide as it is. */
export async function* aligned<Row>(
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
): AsyncGenerator<string> {
  const heading = columns.map(({ name }) => name);
  let widths: readonly number[] | undefined;
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, i) => {
        const width = (i < cells.length - 1 && widths?.[i]) || 0;
        return columns[i]?.type === 'text' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd()}\n`;
  for await (const rows of pages) {
    const cells = rows.map((row) => columns.map(({ value, decimals }) => shown(value(row), decimals)));
    let text = '';
    if (!widths) {
      widths = columns.map((_, i) => Math.max(...[heading, ...cells].map((row) => row[i]?.length ?? 0)));
      text = line(heading);
    }
    yield text + cells.map(line).join('');
  }
  if (!widths) yield line(heading);
}

const shown = (cell: number | string | null, decimals: number | undefined) =>
  typeof cell === 'number' ? cell.toFixed(decimals) : (cell ?? '');
