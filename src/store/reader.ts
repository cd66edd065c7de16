import { ALWAYS, type Degrees, type MjdUtc, mjdUtc } from '../units.js';
import { LedgerReader } from './ledger-reader.js';
import {
  type ImplausibleCounts,
  implausibleReasons,
  latestMjdUtc,
  plausibleRange,
  plausibleTimes,
} from './plausible.js';
import * as queries from './queries.js';
import type { HistoryRow, Observation, SkyRegion } from './rows.js';
import { checkedBy, otherWork } from './sql-session.js';

const NO_ROW = mjdUtc(-1);
const NONE: readonly number[] = [];
/** Rows of SQLite's table that one statement looks at: some milliseconds of the event loop. */
const ROWS_AT_ONCE = 50_000;
const MAX_PARTS = 1000;
/** Of a row of `historyColumns`. */
const COLUMNS = 7;
type OfFile = Omit<Observation, keyof HistoryRow>;
const NO_FILE: OfFile = {
  path: null,
  kind: null,
  raIcrsDeg: null,
  decIcrsDeg: null,
  haDeg: null,
  durationSeconds: null,
  minFrequencyHz: null,
  maxFrequencyHz: null,
  quality: null,
  recordedAt: null,
  instrumentId: null,
};

/**
 * Reads a products database, whichever backend holds it. Rows of the history are oldest first, ranges of times include both
 * ends, and rows that are not plausible (plausible.ts) are left out unless said otherwise. `excluded` are instruments, by their
 * ids, whose rows are left out too; 0 stands for the unknown one. Every call may throw a StoreError.
 */
export class HistoryReader extends LedgerReader {
  /** The same reader for one question, which ends with what `check` throws before a query. */
  checkedBy(check: () => void): HistoryReader {
    return new HistoryReader(checkedBy(check, this.session.database), {
      ...this.options,
      seen: this.seen,
    });
  }

  async *history(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow> {
    for await (const rows of this.historyPages(start, end)) yield* rows;
  }

  /** The same rows, some thousand at a time. */
  historyPages(start: MjdUtc, end: MjdUtc, excluded = NONE): AsyncGenerator<HistoryRow[]> {
    return this.#pages<HistoryRow>(queries.history(excluded), start, end);
  }

  /**
   * The same rows as numbers, seven a row: timestamp, ra_deg, dec_deg, and of the file its duration in seconds, its instrument's
   * id and the middle of its band in Hz, 0 where they are unknown, and 1 if its kind is `sidereal`; some thousand rows at a time.
   */
  async *historyColumns(start: MjdUtc, end: MjdUtc): AsyncGenerator<Float64Array> {
    const { database } = this.session;
    const [from, to] = plausibleRange(start, end);
    let query = database.dialect.hostless ? queries.historyColumnsOfEachFile : queries.historyColumns;
    for (let values = [from, to, NO_ROW]; ; ) {
      const rows = await this.session.read(
        (sources) => database.numbers(query(sources, database.dialect), values),
        new Float64Array(0),
      );
      if (query !== queries.historyColumns && hasTimeTwice(rows)) {
        // Where two files have one time, more may.
        query = queries.historyColumns;
        continue;
      }
      if (rows.length > 0) yield rows;
      if (rows.length < queries.COLUMN_PAGE_ROWS * COLUMNS) return;
      await otherWork();
      const last = mjdUtc(rows[rows.length - COLUMNS] as number);
      values = [last, to, last];
    }
  }

  /** The same rows as comma-separated JSON objects in UTF-8, a thousand at a time: three times as fast. */
  async *historyJson(start: MjdUtc, end: MjdUtc, excluded = NONE): AsyncGenerator<Uint8Array> {
    const query = queries.historyJson(excluded);
    let [from, to] = plausibleRange(start, end);
    let after = NO_ROW;
    for (let comma = ''; ; comma = ',') {
      const [page] = await this.session.query<queries.JsonPage>(query, [from, to, after, comma]);
      if (!page?.rows) return;
      yield typeof page.json === 'string' ? Buffer.from(page.json) : page.json;
      if (page.rows < queries.JSON_PAGE_ROWS) return;
      await otherWork();
      from = after = page.last;
    }
  }

  /** The timestamp of the row that follows the first `count` rows; undefined if there is none. */
  async timestampAfter(
    start: MjdUtc,
    end: MjdUtc,
    count: number,
    excluded = NONE,
  ): Promise<MjdUtc | undefined> {
    const range = plausibleRange(start, end);
    const beyond = await this.session.query(queries.reachesBeyond, [...range, count]);
    if (beyond.length === 0) return undefined;
    return (await this.#row(queries.timestampAfter(excluded), ...range, NO_ROW, count))?.timestamp;
  }

  /** The same rows as `history`, each with its file. */
  async *observations(start: MjdUtc, end: MjdUtc): AsyncGenerator<Observation> {
    for await (const rows of this.observationPages(start, end)) yield* rows;
  }

  /** The same observations, some thousand at a time. */
  observationPages(start: MjdUtc, end: MjdUtc, excluded = NONE): AsyncGenerator<Observation[]> {
    return this.#pages<Observation>(queries.observations(excluded), start, end);
  }

  /** The same for rows at hand, in their order. */
  async withFiles(rows: readonly HistoryRow[]): Promise<Observation[]> {
    const files = new Map<number, OfFile>();
    for (let i = 0; i < rows.length; i += queries.TIMES_AT_ONCE) {
      // Always as many values, so that it is one statement.
      const times = Array.from({ length: queries.TIMES_AT_ONCE }, (_, k) => rows[i + k]?.timestamp ?? NO_ROW);
      const found = await this.session.query<OfFile & { timestamp: number }>(queries.filesAt, times);
      for (const { timestamp, ...file } of found) files.set(timestamp, file);
      await otherWork();
    }
    return rows.map((row) => ({ ...(files.get(row.timestamp) ?? NO_FILE), ...row }));
  }

  /** The rows that point into a part of the apparent sky, all at once. */
  async within(region: SkyRegion, start: MjdUtc, end: MjdUtc): Promise<HistoryRow[]> {
    const { decFromDeg, decToDeg, raFromDeg, raToDeg } = region;
    const values = [...plausibleRange(start, end), decFromDeg, decToDeg, raFromDeg, raToDeg];
    if (!this.session.database.dialect.hostless)
      return this.session.query<HistoryRow>(queries.within, values);
    const [table] = await this.session.query<{ first: number | null; last: number }>(queries.ends);
    const found: HistoryRow[] = [];
    if (!table || table.first === null) return found;
    // Rowids nearly always follow each other; where they do not, the parts are fewer and longer.
    const step = Math.max(ROWS_AT_ONCE, (table.last - table.first) / MAX_PARTS);
    for (let from = table.first; from <= table.last; from += step) {
      found.push(...(await this.session.query<HistoryRow>(queries.within, [...values, from, from + step])));
      await otherWork();
    }
    return found.sort((a, b) => a.timestamp - b.timestamp);
  }

  /** The newest row, or the newest of a range of times. */
  async newest(range = ALWAYS, excluded = NONE): Promise<HistoryRow | undefined> {
    return this.#row(queries.newest(excluded), ...plausibleRange(range.fromMjdUtc, range.toMjdUtc));
  }

  /** The first of the latest consecutive rows whose declination is within the tolerance of the newest row's. */
  async atDeclinationSince(
    { timestamp, dec_deg }: HistoryRow,
    toleranceDeg: Degrees,
    excluded = NONE,
  ): Promise<MjdUtc> {
    const [first] = plausibleTimes();
    const query = queries.lastElsewhere(excluded);
    const elsewhere = (await this.#row(query, first, timestamp, dec_deg, toleranceDeg))?.timestamp;
    const after = [elsewhere ?? first, timestamp, elsewhere ?? NO_ROW];
    return (await this.#row(queries.firstAfter(excluded), ...after))?.timestamp ?? timestamp;
  }

  /** The first row after this one whose declination differs from its by more than the tolerance: the telescope had moved. */
  async movedAfter(
    { timestamp, dec_deg }: HistoryRow,
    toleranceDeg: Degrees,
    excluded = NONE,
  ): Promise<MjdUtc | undefined> {
    const [, last] = plausibleTimes();
    const query = queries.movedAfter(excluded);
    return (await this.#row(query, timestamp, last, dec_deg, toleranceDeg))?.timestamp;
  }

  /** How many rows are left out, by reason. All but `no_position` by the index, which is cheap; `all` scans the whole history. */
  async implausibleRows(look: 'times' | 'all'): Promise<ImplausibleCounts> {
    const reasons = implausibleReasons.filter((reason) => look === 'all' || reason !== 'no_position');
    const query = queries.implausible(reasons);
    const [counts] = await this.session.query<ImplausibleCounts>(query, [latestMjdUtc()]);
    return counts ?? {};
  }

  async #row(query: queries.Query, ...values: number[]): Promise<HistoryRow | undefined> {
    const [row] = await this.session.query<HistoryRow>(query, values);
    return row;
  }

  #pages<Row extends HistoryRow>(query: queries.Query, start: MjdUtc, end: MjdUtc): AsyncGenerator<Row[]> {
    const [from, to] = plausibleRange(start, end);
    return this.session.pages<Row>(query, [from, to, NO_ROW], ({ timestamp }) => [timestamp, to, timestamp]);
  }
}

/** Of a page of `historyColumns`, by time. */
function hasTimeTwice(rows: Float64Array): boolean {
  for (let i = COLUMNS; i < rows.length; i += COLUMNS) if (rows[i] === rows[i - COLUMNS]) return true;
  return false;
}
