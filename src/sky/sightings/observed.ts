import type { HistoryReader } from '../../store/reader.js';
import type { HistoryRow, Observation } from '../../store/rows.js';
import type { MjdUtc, TimeRange } from '../../units.js';
import type { Source } from '../calibrators.js';
import { type Instruments, newestOf } from '../instruments.js';
import { type NextPass, nextPass } from './next-pass.js';
import { regionAround } from './region.js';
import type { Sighting } from './search.js';
import { type SightingOptions, SightingSearches, widest } from './searches.js';
import { type DayTotal, type DwellTotal, Totals } from './totals.js';

/** A sighting with the telescope and the file of its observation. */
export interface ObservedSighting<S extends Source = Source> extends Sighting<S, Observation> {
  /** The telescope’s name. */
  readonly instrument: string;
  /** That of its position, the first by name of several; null where the ledger has none. */
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
  /**
   * The soonest, if the telescopes that have not stopped stay where their newest observations pointed; undefined where the source will
   * not be in the beam.
   */
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
  'within' | 'observationPages' | 'withFiles' | 'newest' | 'atDeclinationSince' | 'movedAfter'
>;

/** Up to this number of sources, the database is asked for the rows near each; with more, all rows are read once. */
const FEW = 4;
/** Rows that point so near are few. */
const NEAR_DEG = 10;
/** With their files. */
const PAGE_ROWS = 5000;
/** A telescope whose newest observation is that much older than another's has stopped, and sees nothing next. */
export const MAX_SILENT_DAYS = 30;

/**
 * Every observation of a range of times in which one of the sources was in the beam, oldest first, some thousand at a time.
 */
export async function* observedSightings<S extends Source>(
  reader: SightingReader,
  sources: readonly S[],
  range: TimeRange,
  options: SightingOptions,
): AsyncGenerator<ObservedSighting<S>[]> {
  const search = new SightingSearches(sources, options);
  for await (const rows of rowsNear(reader, sources, range, options)) {
    const sightings = search.in(rows);
    if (sightings.length === 0) continue;
    yield sightings.map((each) => {
      const { path, instrumentId } = each.row;
      return { ...each, instrument: options.instruments.telescopeOf(instrumentId).name, path };
    });
  }
}

async function* rowsNear(
  reader: SightingReader,
  sources: readonly Source[],
  range: TimeRange,
  options: SightingOptions,
): AsyncGenerator<Observation[]> {
  const { fromMjdUtc, toMjdUtc } = range;
  const reach = widest(options);
  if (sources.length > FEW || reach.radiusDeg > NEAR_DEG) {
    yield* reader.observationPages(fromMjdUtc, toMjdUtc);
    return;
  }
  const byTime = new Map<number, HistoryRow>();
  for (const source of sources) {
    const rows = await reader.within(regionAround(source, range, reach), fromMjdUtc, toMjdUtc);
    for (const row of rows) byTime.set(row.timestamp, row);
  }
  const rows = [...byTime.values()].sort((a, b) => a.timestamp - b.timestamp);
  for (let i = 0; i < rows.length; i += PAGE_ROWS) yield reader.withFiles(rows.slice(i, i + PAGE_ROWS));
}

/** What the totals of sightings say of each source, and when a telescope will see it next. */
export async function positionSummaries<S extends Source>(
  reader: SightingReader,
  sources: readonly S[],
  totals: Totals,
  nowMjdUtc: MjdUtc,
  { instruments, ...extent }: SightingOptions,
): Promise<PositionSummary<S>[]> {
  const newest = await newestOfActive(reader, instruments);
  return sources.map((source) => {
    const total = totals.of(source);
    const passes = newest.flatMap(
      (row) => nextPass(source, row, nowMjdUtc, instruments.of(row), extent) ?? [],
    );
    return {
      source,
      observations: total?.observations ?? 0,
      seconds: total?.seconds ?? 0,
      weightedSeconds: total?.weightedSeconds ?? 0,
      firstMjdUtc: total?.firstMjdUtc ?? null,
      lastMjdUtc: total?.lastMjdUtc ?? null,
      next: passes.sort((a, b) => a.inMjdUtc - b.inMjdUtc)[0],
    };
  });
}

/** The newest observation of each telescope that has not been silent for long beside the one that observed last. */
async function newestOfActive(reader: SightingReader, instruments: Instruments): Promise<Observation[]> {
  const newest: Observation[] = [];
  for (const telescope of instruments.telescopes) {
    const row = await newestOf(reader, instruments, telescope);
    if (row) newest.push(row);
  }
  const last = Math.max(...newest.map(({ timestamp }) => timestamp));
  return newest.filter(({ timestamp }) => last - timestamp <= MAX_SILENT_DAYS);
}

/** Thrown where a source was seen more often than an answer can list. */
export class TooManySightings extends Error {
  override readonly name = 'TooManySightings';
}

/** Everything about one source. Throws TooManySightings beyond `max`. */
export async function observedOf<S extends Source>(
  reader: SightingReader,
  source: S,
  range: TimeRange,
  nowMjdUtc: MjdUtc,
  options: SightingOptions,
  max = Number.POSITIVE_INFINITY,
): Promise<Observed<S>> {
  const sightings: ObservedSighting<S>[] = [];
  const totals = new Totals(reader, options.instruments);
  for await (const page of observedSightings(reader, [source], range, options)) {
    for (const sighting of page) await totals.add(sighting);
    for (const sighting of page) sightings.push(sighting);
    if (sightings.length > max) throw new TooManySightings(`more than ${max} sightings`);
  }
  const [position] = await positionSummaries(reader, [source], totals, nowMjdUtc, options);
  return {
    position: position as PositionSummary<S>,
    sightings,
    days: totals.days(),
    dwells: totals.dwells(),
  };
}
