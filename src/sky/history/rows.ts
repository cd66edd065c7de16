import type { Site } from '../../native/astrometry.js';
import type { HistoryReader } from '../../store/reader.js';
import type { Observation } from '../../store/rows.js';
import type { TimeRange } from '../../units.js';
import { type ObservedRow, observed } from '../observed.js';
import type { Column, Pages } from '../table/column.js';
import { needNoFile } from './columns.js';

type RowReader = Pick<HistoryReader, 'historyPages' | 'observationPages'>;
/** Leaves rows out, page by page. */
type Choice = <Row extends Observation>(pages: Pages<Row>) => Pages<Row>;

/**
 * The rows of a range of times for a table of these columns, oldest first, without those of instruments that are `excluded`. Files are
 * looked up only for columns that need them; a row without one is of this site.
 */
export function rowsFor(
  columns: readonly Column<ObservedRow>[],
  reader: RowReader,
  unknownSite: Site,
  { fromMjdUtc, toMjdUtc, excluded }: TimeRange & { readonly excluded?: readonly number[] },
  choose: Choice = (pages) => pages,
): Pages<ObservedRow> {
  // The columns read no more than these rows have.
  if (needNoFile(columns))
    return choose(reader.historyPages(fromMjdUtc, toMjdUtc, excluded) as Pages<ObservedRow>);
  return observed(choose(reader.observationPages(fromMjdUtc, toMjdUtc, excluded)), unknownSite);
}
