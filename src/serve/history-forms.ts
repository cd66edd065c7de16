import type { HistoryRow } from '../store/rows.js';

type Pages = AsyncIterable<readonly HistoryRow[]>;

/** The first row of each interval, counted from MJD 0, so that neighbouring answers join. */
export async function* thinned(pages: Pages, intervalHours: number): AsyncGenerator<HistoryRow[]> {
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

/** The first so many rows. */
export async function* limited(pages: Pages, limit: number): AsyncGenerator<readonly HistoryRow[]> {
  let left = limit;
  for await (const rows of pages) {
    yield rows.slice(0, left);
    left -= rows.length;
    if (left <= 0) return;
  }
}

/** JSON objects with commas between. */
export async function* jsonOf(pages: Pages): AsyncGenerator<string> {
  let comma = '';
  for await (const rows of pages) {
    yield comma + rows.map((row) => JSON.stringify(row)).join(',');
    comma = ',';
  }
}

/** A header and one line per row, by RFC 4180. */
export async function* csvOf(pages: Pages): AsyncGenerator<string> {
  yield 'timestamp,ra_deg,dec_deg\r\n';
  for await (const rows of pages) {
    yield rows.map(({ timestamp, ra_deg, dec_deg }) => `${timestamp},${ra_deg},${dec_deg}\r\n`).join('');
  }
}

/** The body of the answer around its items. */
export async function* itemsOf(
  pieces: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  yield '{"items":[';
  yield* pieces;
  yield ']}';
}
