import { element } from '../element.js';

/** A column's heading; those of numbers stand at the right, as their cells do. */
export interface Column<Row> {
  readonly name: string;
  readonly number?: boolean;
  /** Left out on a phone. */
  readonly isWide?: boolean;
  readonly cell: (row: Row) => Node | string;
}

/** A table whose first column names its rows. `attributes` are those of a row. */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  attributes: (row: Row) => Readonly<Record<string, string>> = () => ({}),
): HTMLTableElement {
  const classOf = ({ number, isWide }: Column<Row>) => {
    const names = [...(number ? ['number'] : []), ...(isWide ? ['wide'] : [])];
    return names.length > 0 ? { class: names.join(' ') } : {};
  };
  const head = columns.map((column) => element('th', { scope: 'col', ...classOf(column) }, column.name));
  const body = rows.map((row) =>
    element(
      'tr',
      attributes(row),
      ...columns.map((column, i) =>
        i === 0
          ? element('th', { scope: 'row', ...classOf(column) }, column.cell(row))
          : element('td', { ...classOf(column), 'data-name': column.name }, column.cell(row)),
      ),
    ),
  );
  return element(
    'table',
    { class: 'plain' },
    element('caption', { class: 'hidden' }, caption),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
}
