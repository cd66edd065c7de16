import type { HistoryReader } from '../../store/reader.js';
import type { HistoryRow } from '../../store/rows.js';
import type { MjdUtc, TimeRange } from '../../units.js';
import type { Source } from '../calibrators.js';
import { type Pages, pagesOf } from '../table/column.js';
import { type NextPass, nextPass } from './next-pass.js';
import { regionAround } from './region.js';
import { type SearchOptions, type Sighting, SightingSearch } from './search.js';
import { type DayTotal, type DwellTotal, Totals } from './totals.js';

/** A sighting with the file of its observation. */
export interface ObservedSighting<S extends Source = Source> extends Sighting<S, HistoryRow> {
  /** The first by name of several; null where the ledger has none. */
  readonly path: string | null;
}

/** All sightings of a source together. */
export interface PositionSummary<S extends Source = Source> {
  readonly source: S;
  readonly observations: number;
  readonly seconds: number;
  readonly weightedSeconds: number;
  /** The first time in and the last time out of the beam; null where it was never seen. */
  readonly firstMjdUtc: MjdUtc | null;
  readonly lastMjdUtc: MjdUtc | null;
  /** If the telescope stays where its newest observation pointed; undefined where the source will not be in the beam. */
  readonly next: NextPass | undefined;
}

/** When a source was in the beam, oldest first. */
export interface Observed<S extends Source = Source> {
  readonly position: PositionSummary<S>;
  readonly sightings: readonly ObservedSighting<S>[];
  readonly days: readonly DayTotal[];
  readonly dwells: readonly DwellTotal[];
}

export type SightingReader = Pick<
  HistoryReader,
  'within' | 'historyPages' | 'paths' | 'newest' | 'atDeclinationSince' | 'movedAfter'
>;

/** For so few, the database is asked for the rows near each; for more, all rows are read once. */
const FEW = 4;
/** Rows that point so near are few. */
const NEAR_DEG = 10;
/**
 * Every observation of a range of times in which one of the sources was within the radius of the telescope's direction,
 * oldest first, some thousand at a time.
 */
export async function* sightingsOf<S extends Source>(
  reader: SightingReader,
  sources: readonly S[],
  range: TimeRange,
  options: SearchOptions,
): AsyncGenerator<Sighting<S, HistoryRow>[]> {
  const search = new SightingSearch(sources, options);
  for await (const rows of await rowsNear(reader, sources, range, options)) yield search.in(rows);
}

/** The same with the observations' files. */
export async function* observedSightings<S extends Source>(
  reader: SightingReader,
  sources: readonly S[],
  range: TimeRange,
  options: SearchOptions,
): AsyncGenerator<ObservedSighting<S>[]> {
  for await (const sightings of sightingsOf(reader, sources, range, options)) {
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
  if (sources.length > FEW || options.radiusDeg > NEAR_DEG) return reader.historyPages(fromMjdUtc, toMjdUtc);
  const byTime = new Map<number, HistoryRow>();
  for (const source of sources) {
    const rows = await reader.within(regionAround(source, range, options), fromMjdUtc, toMjdUtc);
    for (const row of rows) byTime.set(row.timestamp, row);
  }
  return pagesOf([...byTime.values()].sort((a, b) => a.timestamp - b.timestamp));
}

/** What the totals of sightings say of each source, and when the telescope will see it next. */
export async function positionSummaries<S extends Source>(
  reader: SightingReader,
  sources: readonly S[],
  totals: Totals,
  nowMjdUtc: MjdUtc,
  options: SearchOptions,
): Promise<PositionSummary<S>[]> {
  const newest = await reader.newest();
  return sources.map((source) => {
    const total = totals.of(source);
    return {
      source,
      observations: total?.observations ?? 0,
      seconds: total?.seconds ?? 0,
      weightedSeconds: total?.weightedSeconds ?? 0,
      firstMjdUtc: total?.firstMjdUtc ?? null,
      lastMjdUtc: total?.lastMjdUtc ?? null,
      next: newest && nextPass(source, newest, nowMjdUtc, options),
    };
  });
}

/** Everything about one source. */
export async function observedOf<S extends Source>(
  reader: SightingReader,
  source: S,
  range: TimeRange,
  nowMjdUtc: MjdUtc,
  options: SearchOptions,
): Promise<Observed<S>> {
  const sightings: ObservedSighting<S>[] = [];
  const totals = new Totals(reader);
  for await (const page of observedSightings(reader, [source], range, options)) {
    for (const sighting of page) await totals.add(sighting);
    sightings.push(...page);
  }
  const [position] = await positionSummaries(reader, [source], totals, nowMjdUtc, options);
  return {
    position: position as PositionSummary<S>,
    sightings,
    days: totals.days(),
    dwells: totals.dwells(),
  };
}
