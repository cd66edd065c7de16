import { filledIn, type ObservedRow } from '../sky/observed.js';
import type { HistoryReader } from '../store/reader.js';
import type { HistoryRow } from '../store/rows.js';
import type { InstrumentSource } from './instrument-source.js';

/** Rows with their files and every direction. */
export async function wholeRows(
  rows: readonly HistoryRow[],
  { reader, instruments }: { readonly reader: HistoryReader; readonly instruments: InstrumentSource },
): Promise<readonly ObservedRow[]> {
  const { unknown } = await instruments.read();
  return filledIn(await reader.withFiles(rows), unknown.site);
}
