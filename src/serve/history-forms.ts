import type { Pages } from '../sky/table/column.js';
import type { HistoryRow } from '../store/rows.js';
import type { MjdUtc } from '../units.js';

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

/** The time of the row that so many others precede. */
export async function timestampAfter(pages: Pages<HistoryRow>, count: number): Promise<MjdUtc | undefined> {
  let left = count;
  for await (const rows of pages) {
    if (left < rows.length) return rows[left]?.timestamp;
    left -= rows.length;
  }
  return undefined;
}

/** The body of the answer around its items. */
export async function* itemsOf(
  pieces: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  yield '{"items":[';
  yield* pieces;
  yield ']}';
}
