import type { HistoryReader } from '../../store/history-reader.js';
import type { HistoryRow } from '../../store/store.js';
import type { TimeRange } from '../../units.js';
import type { Source } from '../calibrators.js';
import { type Pages, pagesOf } from '../table/column.js';
import { regionAround } from './region.js';
import { type SearchOptions, type Sighting, SightingSearch } from './search.js';

/** A sighting with the file of its observation. */
export interface ObservedSighting<S extends Source = Source> extends Sighting<S, HistoryRow> {
  /** The first by name of several; null where the ledger has none. */
  readonly path: string | null;
}

export type SightingReader = Pick<HistoryReader, 'within' | 'historyPages' | 'paths'>;

/** For so few, the database is asked for the rows near each; for more, all rows are read once. */
const FEW = 4;
/**
 * Every observation of a range of times in which one of the sources was within the radius of the telescope's direction,
 * oldest first, some thousand at a time.
 */
export async function* observedSightings<S extends Source>(
  reader: SightingReader,
  sources: readonly S[],
  range: TimeRange,
  options: SearchOptions,
): AsyncGenerator<ObservedSighting<S>[]> {
  const search = new SightingSearch(sources, options);
  for await (const rows of await rowsNear(reader, sources, range, options)) {
    const sightings = [...search.in(rows)];
    if (sightings.length === 0) continue;
    const times = [...new Set(sightings.map(({ row }) => row.timestamp))];
    const paths = await reader.paths(times);
    const pathOf = new Map(times.map((time, i) => [time, paths[i] ?? null]));
    yield sightings.map((each) => ({ ...each, path: pathOf.get(each.row.timestamp) ?? null }));
  }
}

async function rowsNear(
  reader: SightingReader,
  sources: readonly Source[],
  range: TimeRange,
  options: SearchOptions,
): Promise<Pages<HistoryRow>> {
  const { fromMjdUtc, toMjdUtc } = range;
  if (sources.length > FEW) return reader.historyPages(fromMjdUtc, toMjdUtc);
  const byTime = new Map<number, HistoryRow>();
  for (const source of sources) {
    const rows = await reader.within(regionAround(source, range, options), fromMjdUtc, toMjdUtc);
    for (const row of rows) byTime.set(row.timestamp, row);
  }
  return pagesOf([...byTime.values()].sort((a, b) => a.timestamp - b.timestamp));
}
