import type { Pages } from '../sky/table/column.js';
import type { HistoryRow } from '../store/rows.js';
import type { MjdUtc } from '../units.js';

/** The time of the row that follows the first `count` rows. */
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
