import type { HistoryRow } from '../../store/rows.js';
import type { Pages } from '../table/column.js';

/** At most one row per interval: the first, then each row that is at least an interval later than the previous one. */
export async function* thinned<Row extends HistoryRow>(
  pages: Pages<Row>,
  intervalHours: number,
): AsyncGenerator<readonly Row[]> {
  let next = Number.NEGATIVE_INFINITY;
  for await (const rows of pages) {
    yield rows.filter(({ timestamp }) => {
      if (timestamp < next) return false;
      next = timestamp + intervalHours / 24;
      return true;
    });
  }
}
