import { stringify } from 'csv-stringify/sync';
import type { ObservedRow } from '../observed.js';
import { historyColumns } from './columns.js';

/** RFC 4180, a heading line first. Each part ends with a whole line. */
export async function* historyCsv(
  rows: AsyncIterable<ObservedRow> | Iterable<ObservedRow>,
): AsyncGenerator<string> {
  yield stringify([historyColumns.map(({ name }) => name)]);
  for await (const row of rows) yield stringify([historyColumns.map(({ value }) => value(row))]);
}
