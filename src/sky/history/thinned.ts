import type { HistoryRow } from '../../store/rows.js';
import type { Pages } from '../table/column.js';

/** The first row of each interval, counted from MJD 0, so that neighbouring answers join. */
export async function* thinned<Row extends HistoryRow>(
  pages: Pages<Row>,
  intervalHours: number,
): AsyncGenerator<Row[]> {
  let last: number | undefined;
  for await (const rows of pages) {
    const kept = rows.filter(({ timestamp }) => {
      const interval = Math.floor((timestamp * 24) / intervalHours);
      const first = interval !== last;
      last = interval;
      return first;
    });
    if (kept.length > 0) yield kept;
  }
}
