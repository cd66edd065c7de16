import type { HistoryRow } from '../../store/rows.js';

/** At most one row per interval: the first, then each row that is at least an interval later than the previous one. */
export async function* thinned<Row extends HistoryRow>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  intervalHours: number,
): AsyncGenerator<Row> {
  let next = Number.NEGATIVE_INFINITY;
  for await (const row of rows) {
    if (row.timestamp < next) continue;
    next = row.timestamp + intervalHours / 24;
    yield row;
  }
}
