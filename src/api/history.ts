/// <reference lib="esnext.disposable" preserve="true" />
import { UsageError } from '../errors.js';
import type { Pointing, QualityWord } from '../native/outcome.js';
import type { Extent } from '../sky/beam.js';
import type { Source } from '../sky/calibrators.js';
import { readInstruments } from '../sky/instruments.js';
import type { NamedSource } from '../sky/named-sources.js';
import { type ObservedRow, observed } from '../sky/observed.js';
import { type Observed, observedOf } from '../sky/sightings/observed.js';
import { databaseLocation } from '../store/location.js';
import { openExistingReader } from '../store/open.js';
import type { HistoryReader } from '../store/reader.js';
import {
  ALWAYS,
  type MjdUtc,
  mjdUtc,
  nowMjdUtc,
  SECONDS_PER_DAY,
  type TimeRange,
  wrap360,
} from '../units.js';
import { sourceOf } from './transits.js';

/**
 * A pointing as the history keeps it. The hour angle and the ICRS position of a row that another program stored are computed
 * from its apparent position for the telescope's site; NaN where its date lies outside 1990 to 2100 or its numbers are not possible.
 */
export interface StoredPointing
  extends Pick<Pointing, 'midTimeMjdUtc' | 'raDeg' | 'decDeg' | 'raIcrsDeg' | 'decIcrsDeg' | 'haDeg'> {
  /** The file that the row has its position from, the first by name of several; null for a row from another program. */
  readonly path: string | null;
  /** What the file says of its length and channels; null where it does not, and for a row from another program. */
  readonly durationSeconds: number | null;
  readonly minFrequencyHz: number | null;
  readonly maxFrequencyHz: number | null;
  /** How sure the values are; null for a row from another program. */
  readonly quality: readonly QualityWord[] | null;
}

/** When, and how far from the centre of the beam, an observation counts. */
export interface ObservedOptions extends Extent {
  /** The whole history if not given. */
  readonly range?: TimeRange;
}

/**
 * The pointing history, read-only, also while monitors write. Every method throws a StoreError if the database cannot be
 * read, which can be temporary. Rows without a position are left out, as are rows with the Python monitor's wrong times
 * (all on 2000-01-29; `pointing-monitor doctor --repair` corrects them). The caller closes it: connections to PostgreSQL
 * keep a program running for a minute. Every method throws a UsageError after it is closed.
 */
export interface History extends AsyncDisposable {
  /**
   * The pointings whose mid times lie in the range, oldest first; all without a range. They come some thousand at a time, so a
   * history of any length takes little memory. Throws a UsageError for a range that ends before it begins.
   */
  pointings(range?: TimeRange): AsyncIterable<StoredPointing>;
  /** The row with the latest mid time; undefined if there is none. */
  newest(): Promise<StoredPointing | undefined>;
  /**
   * The row whose mid time is nearest to a time, within `withinSeconds` before or after; undefined if there is none. A
   * DSA-110 observation takes 309 s, so 155 finds what was being observed at that time.
   */
  nearest(time: MjdUtc, withinSeconds: number): Promise<StoredPointing | undefined>;
  /**
   * Every observation with a source in the beam: within half power, or the extent given. A calibrator may be given by any of
   * its names. Which sub-bands are on disk is left to the command, since files may be on another machine. Throws a UsageError for
   * a name that no calibrator or more than one has, and for a range that ends before it starts.
   */
  observed<S extends string | Source>(
    source: S,
    options?: ObservedOptions,
  ): Promise<Observed<S extends Source ? S : NamedSource>>;
  /** Lets the database go. May be called again. */
  close(): Promise<void>;
}

/**
 * The history in an SQLite file, by its path, or in a PostgreSQL database, by its URL `postgresql://user@host:port/database`.
 * It changes nothing there. Throws a UsageError for a file that does not exist and for a URL that cannot be read. A
 * database is connected when first asked.
 */
export async function openHistory(location: string): Promise<History> {
  return new OpenHistory(await openExistingReader(databaseLocation(location)));
}

class OpenHistory implements History {
  readonly #reader: HistoryReader;
  #closed: Promise<void> | undefined;

  constructor(reader: HistoryReader) {
    this.#reader = reader;
  }

  async *pointings(range = ALWAYS): AsyncGenerator<StoredPointing> {
    requireRange(range);
    const pages = this.#openReader().observationPages(range.fromMjdUtc, range.toMjdUtc);
    for await (const rows of observed(pages)) {
      for (const row of rows) {
        yield storedPointing(row);
        this.#openReader();
      }
    }
  }

  async newest(): Promise<StoredPointing | undefined> {
    const row = await this.#openReader().newest();
    if (!row) return undefined;
    return first(this.pointings({ fromMjdUtc: row.timestamp, toMjdUtc: row.timestamp }));
  }

  async nearest(time: MjdUtc, withinSeconds: number): Promise<StoredPointing | undefined> {
    if (!(withinSeconds >= 0)) throw new UsageError('withinSeconds: expected a number of at least 0');
    const days = withinSeconds / SECONDS_PER_DAY;
    let nearest: StoredPointing | undefined;
    const distance = ({ midTimeMjdUtc }: StoredPointing) => Math.abs(midTimeMjdUtc - time);
    for await (const each of this.pointings({
      fromMjdUtc: mjdUtc(time - days),
      toMjdUtc: mjdUtc(time + days),
    })) {
      if (!nearest || distance(each) < distance(nearest)) nearest = each;
    }
    return nearest;
  }

  async observed<S extends string | Source>(
    source: S,
    { range = ALWAYS, ...extent }: ObservedOptions = {},
  ): Promise<Observed<S extends Source ? S : NamedSource>> {
    requireRange(range);
    requireExtent(extent);
    const reader = this.#openReader();
    const options = { ...extent, instruments: await readInstruments(reader) };
    return observedOf(reader, sourceOf(source), range, nowMjdUtc(), options);
  }

  close(): Promise<void> {
    this.#closed ??= this.#reader.close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A reader that is asked again after it was closed would open again. */
  #openReader(): HistoryReader {
    if (this.#closed) throw new UsageError('the history is closed');
    return this.#reader;
  }
}

function requireRange({ fromMjdUtc, toMjdUtc }: TimeRange): void {
  if (!(fromMjdUtc <= toMjdUtc)) throw new UsageError('the time range ends before it starts');
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

function requireExtent({ radiusDeg, response }: Extent): void {
  if (radiusDeg !== undefined && response !== undefined)
    throw new UsageError('give radiusDeg or response, not both');
  if (radiusDeg !== undefined && !(radiusDeg >= 0 && radiusDeg <= 180))
    throw new UsageError('radiusDeg: expected a number from 0 to 180');
  if (response !== undefined && !(response > 0 && response < 1))
    throw new UsageError('response: expected a number above 0 and below 1');
}

function storedPointing(row: ObservedRow): StoredPointing {
  return {
    midTimeMjdUtc: row.timestamp,
    // Another program may have stored it from -360 to 360.
    raDeg: wrap360(row.ra_deg),
    decDeg: row.dec_deg,
    raIcrsDeg: row.raIcrsDeg,
    decIcrsDeg: row.decIcrsDeg,
    haDeg: row.haDeg,
    path: row.path,
    durationSeconds: row.durationSeconds,
    minFrequencyHz: row.minFrequencyHz,
    maxFrequencyHz: row.maxFrequencyHz,
    quality: row.quality === null ? null : (row.quality.split(' ').filter(Boolean) as QualityWord[]),
  };
}
