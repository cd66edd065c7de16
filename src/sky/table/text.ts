import { stringify } from 'csv-stringify/sync';
import { type Column, type Pages, record } from './column.js';

/** RFC 4180, a heading line first. Each part ends with a whole line. */
export async function* csv<Row>(columns: readonly Column<Row>[], pages: Pages<Row>): AsyncGenerator<string> {
  yield stringify([columns.map(({ name }) => name)]);
  for await (const rows of pages) yield stringify(rows.map((row) => columns.map(({ value }) => value(row))));
}

/** One JSON object per line. */
export async function* jsonLines<Row>(
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
): AsyncGenerator<string> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(record(columns, row))}\n`).join('');
}

/**
 * For people, without looking ahead: numbers and times have known widths. Text of another kind goes into the last column,
 * or is as wide as it is.
 */
export async function* aligned<Row>(
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
): AsyncGenerator<string> {
  const widths = columns.map(({ name, type, xtype, decimals = 0 }) =>
    type === 'text' && !xtype ? 0 : Math.max(xtype ? ISO_LENGTH : decimals + 6, name.length),
  );
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, i) => cell.padStart(widths[i] as number)).join('  ')}\n`;
  yield line(columns.map(({ name }) => name));
  for await (const rows of pages) {
    yield rows
      .map((row) =>
        line(
          columns.map(({ value, decimals }) => {
            const cell = value(row);
            return typeof cell === 'number' ? cell.toFixed(decimals) : (cell ?? '');
          }),
        ),
      )
      .join('');
  }
}

const ISO_LENGTH = '2025-10-04T15:14:41.326Z'.length;
