import type { HistoryReader } from '../../store/reader.js';
import type { Observation } from '../../store/rows.js';
import { degrees, mjdUtc, type TimeRange } from '../../units.js';
import type { TakenRow } from '../instruments.js';

/**
 * Doubles per row of `HistoryReader.historyColumns`: mid time (MJD UTC), apparent right ascension and declination (degrees), and of
 * its file the duration (seconds), the instrument's id and the middle of the band (Hz), 0 where they are unknown, and 1 if the telescope
 * tracked, else 0.
 */
export const ROW = 7;

/** The rows of a range of times, oldest first, some thousand at a time: less than half the work of rows with all of their files. */
export async function* takenPages(
  reader: Pick<HistoryReader, 'historyColumns'>,
  { fromMjdUtc, toMjdUtc }: TimeRange,
): AsyncGenerator<TakenRow[]> {
  for await (const columns of reader.historyColumns(fromMjdUtc, toMjdUtc))
    yield Array.from({ length: columns.length / ROW }, (_, i) => takenRow(columns, i * ROW));
}

/** The row whose first number is number `at`. */
export function takenRow(columns: Float64Array, at: number): TakenRow {
  return {
    timestamp: mjdUtc(columns[at] as number),
    ra_deg: degrees(columns[at + 1] as number),
    dec_deg: degrees(columns[at + 2] as number),
    durationSeconds: columns[at + 3] || null,
    instrumentId: columns[at + 4] as number,
    centreHz: columns[at + 5] as number,
    kind: kindAt(columns, at),
  };
}

/** The kind of the same row, as far as numbers tell it. */
export const kindAt = (columns: Float64Array, at: number): Observation['kind'] =>
  columns[at + 6] ? 'sidereal' : null;
