import type { ListedFile } from '../native/outcome.js';
import { type Degrees, type MjdUtc, mjdUtc } from '../units.js';
import type { StoredInstrument } from './instruments.js';
import {
  type ImplausibleCounts,
  implausibleReasons,
  latestMjdUtc,
  plausibleRange,
  plausibleTimes,
} from './plausible.js';
import * as queries from './queries.js';
import type { HistoryReader } from './reader.js';
import type {
  ClassifiedFile,
  FailedFile,
  FileCount,
  FileRows,
  HistoryRow,
  HostStatus,
  Observation,
  SkyRegion,
  TransitRow,
  UnattributedRow,
  UnmatchedFiles,
  UnsettledState,
} from './rows.js';
import { otherWork, type SqlDatabase, type SqlReaderOptions, SqlSession } from './sql-session.js';

const NO_ROW = mjdUtc(-1);
const NONE: readonly number[] = [];
/** Rows of SQLite's table that one statement looks at: some milliseconds of the event loop. */
const ROWS_AT_ONCE = 50_000;
const MAX_PARTS = 1000;
/** Of a row of `historyColumns`. */
const COLUMNS = 6;
type OfFile = Omit<Observation, keyof HistoryRow>;
const NO_FILE: OfFile = {
  path: null,
  raIcrsDeg: null,
  decIcrsDeg: null,
  haDeg: null,
  durationSeconds: null,
  minFrequencyHz: null,
  maxFrequencyHz: null,
  quality: null,
  instrumentId: null,
};
const UNREAD: ClassifiedFile = { state: 'unread', errorCode: null };
const COMMA = Buffer.from(',');

/** Reads either backend with the same SQL. */
export class SqlReader implements HistoryReader {
  readonly #session: SqlSession;

  constructor(database: SqlDatabase, options: SqlReaderOptions) {
    this.#session = new SqlSession(database, options);
  }

  version(): Promise<string> {
    return this.#session.emptyIfMissing(() => this.#session.database.version(), 'none');
  }

  async *history(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow> {
    for await (const rows of this.historyPages(start, end)) yield* rows;
  }

  async *historyPages(start: MjdUtc, end: MjdUtc, excluded = NONE): AsyncGenerator<HistoryRow[]> {
    yield* this.#historyPages<HistoryRow>(queries.history(excluded), start, end);
  }

  async *historyColumns(start: MjdUtc, end: MjdUtc): AsyncGenerator<Float64Array> {
    const [from, to] = plausibleRange(start, end);
    for (let values = [from, to, NO_ROW]; ; ) {
      const rows = await this.#session.read(
        (sources) =>
          this.#session.database.numbers(
            queries.historyColumns(sources, this.#session.database.dialect),
            values,
          ),
        new Float64Array(0),
      );
      if (rows.length > 0) yield rows;
      if (rows.length < queries.COLUMN_PAGE_ROWS * COLUMNS) return;
      await otherWork();
      const last = mjdUtc(rows[rows.length - COLUMNS] as number);
      values = [last, to, last];
    }
  }

  async *historyJson(start: MjdUtc, end: MjdUtc, limit: number): AsyncGenerator<Uint8Array> {
    let [from, to] = plausibleRange(start, end);
    let after = NO_ROW;
    for (let left = limit; left > 0; left -= queries.JSON_PAGE_ROWS) {
      const [page] = await this.#session.query<queries.JsonPage>(queries.historyJson, [
        from,
        to,
        after,
        Math.min(left, queries.JSON_PAGE_ROWS),
      ]);
      if (!page?.rows) return;
      if (left !== limit) yield COMMA;
      yield typeof page.json === 'string' ? Buffer.from(page.json) : page.json;
      if (page.rows < queries.JSON_PAGE_ROWS) return;
      await otherWork();
      from = after = page.last;
    }
  }

  async timestampAfter(start: MjdUtc, end: MjdUtc, count: number): Promise<MjdUtc | undefined> {
    const range = plausibleRange(start, end);
    const beyond = await this.#session.query(queries.reachesBeyond, [...range, count]);
    if (beyond.length === 0) return undefined;
    const [row] = await this.#session.query<HistoryRow>(queries.timestampAfter, [...range, NO_ROW, count]);
    return row?.timestamp;
  }

  async *observations(start: MjdUtc, end: MjdUtc): AsyncGenerator<Observation> {
    for await (const rows of this.observationPages(start, end)) yield* rows;
  }

  async *observationPages(start: MjdUtc, end: MjdUtc): AsyncGenerator<Observation[]> {
    yield* this.#historyPages<Observation>(queries.observations, start, end);
  }

  async withFiles(rows: readonly HistoryRow[]): Promise<Observation[]> {
    const files = await this.#filesAt(rows.map(({ timestamp }) => timestamp));
    return rows.map((row) => ({ ...(files.get(row.timestamp) ?? NO_FILE), ...row }));
  }

  async within(region: SkyRegion, start: MjdUtc, end: MjdUtc): Promise<HistoryRow[]> {
    const { decFromDeg, decToDeg, raFromDeg, raToDeg } = region;
    const values = [...plausibleRange(start, end), decFromDeg, decToDeg, raFromDeg, raToDeg];
    if (!this.#session.database.dialect.hostless)
      return this.#session.query<HistoryRow>(queries.within, values);
    const [table] = await this.#session.query<{ first: number | null; last: number }>(queries.ends);
    const found: HistoryRow[] = [];
    if (!table || table.first === null) return found;
    // Rowids nearly always follow each other; where they do not, the parts are fewer and longer.
    const step = Math.max(ROWS_AT_ONCE, (table.last - table.first) / MAX_PARTS);
    for (let from = table.first; from <= table.last; from += step) {
      found.push(...(await this.#session.query<HistoryRow>(queries.within, [...values, from, from + step])));
      await otherWork();
    }
    return found.sort((a, b) => a.timestamp - b.timestamp);
  }

  async movedAfter(row: HistoryRow, toleranceDeg: Degrees, excluded = NONE): Promise<MjdUtc | undefined> {
    const [, last] = plausibleTimes();
    const [found] = await this.#session.query<HistoryRow>(queries.movedAfter(excluded), [
      row.timestamp,
      last,
      row.dec_deg,
      toleranceDeg,
    ]);
    return found?.timestamp;
  }

  async #filesAt(timestamps: readonly MjdUtc[]): Promise<Map<number, OfFile>> {
    const found = new Map<number, OfFile>();
    for (let i = 0; i < timestamps.length; i += queries.TIMES_AT_ONCE) {
      const some = timestamps.slice(i, i + queries.TIMES_AT_ONCE);
      // Always as many values, so that it is one statement.
      const values = Array.from({ length: queries.TIMES_AT_ONCE }, (_, k) => some[k] ?? NO_ROW);
      const rows = await this.#session.query<OfFile & { timestamp: number }>(queries.filesAt, values);
      for (const { timestamp, ...file } of rows) found.set(timestamp, file);
      await otherWork();
    }
    return found;
  }

  async newest(untilMjdUtc?: MjdUtc, excluded = NONE): Promise<HistoryRow | undefined> {
    const [first, last] = plausibleTimes();
    const [row] = await this.#session.query<HistoryRow>(queries.newest(excluded), [
      first,
      Math.min(last, untilMjdUtc ?? last),
    ]);
    return row;
  }

  async atDeclinationSince(newest: HistoryRow, toleranceDeg: Degrees, excluded = NONE): Promise<MjdUtc> {
    const [first] = plausibleTimes();
    const [elsewhere] = await this.#session.query<HistoryRow>(queries.lastElsewhere(excluded), [
      first,
      newest.timestamp,
      newest.dec_deg,
      toleranceDeg,
    ]);
    const [since] = await this.#session.query<HistoryRow>(queries.firstAfter(excluded), [
      elsewhere?.timestamp ?? first,
      newest.timestamp,
      elsewhere?.timestamp ?? NO_ROW,
    ]);
    return since?.timestamp ?? newest.timestamp;
  }

  async implausibleRows(look: 'times' | 'all'): Promise<ImplausibleCounts> {
    const reasons = implausibleReasons.filter((reason) => look === 'all' || reason !== 'no_position');
    const [counts] = await this.#session.query<ImplausibleCounts>(queries.implausible(reasons), [
      latestMjdUtc(),
    ]);
    return counts ?? {};
  }

  async classify(files: readonly ListedFile[]): Promise<ClassifiedFile[]> {
    return this.#session.read(
      (sources) => this.#session.database.classify(files, sources),
      files.map(() => UNREAD),
    );
  }

  async unmatchedFiles(): Promise<UnmatchedFiles> {
    const [count] = await this.#session.query<{ files: number }>(queries.unmatchedCount);
    const first = await this.#session.query<{ path: string }>(queries.unmatchedFirst);
    return { files: count?.files ?? 0, first: first.map(({ path }) => path) };
  }

  async timeOfFile(path: string): Promise<MjdUtc | undefined> {
    // No path has it, and PostgreSQL refuses it.
    if (path.includes('\0')) return undefined;
    const [row] = await this.#session.query<{ timestamp: MjdUtc }>(queries.timeOfFile, [path]);
    return row?.timestamp;
  }

  failures(limit: number, state: UnsettledState = 'failed'): Promise<FailedFile[]> {
    return this.#session.query(queries.failures, [limit, state]);
  }

  async unsettledFiles(): Promise<Record<UnsettledState, number>> {
    const rows = await this.#session.query<{ state: UnsettledState; files: number }>(queries.unsettledFiles);
    return { waiting: 0, failed: 0, ...Object.fromEntries(rows.map(({ state, files }) => [state, files])) };
  }

  fileCounts(): Promise<FileCount[]> {
    return this.#session.query(queries.fileCounts);
  }

  hostStatuses(): Promise<HostStatus[]> {
    return this.#session.query(queries.hostStatuses);
  }

  async ledgerHosts(): Promise<string[]> {
    return (await this.#session.query<{ host: string }>(queries.ledgerHosts)).map(({ host }) => host);
  }

  async countRows(): Promise<number> {
    const [row] = await this.#session.query<{ rows: number }>(queries.countRows);
    return row?.rows ?? 0;
  }

  async *files(): AsyncGenerator<FileRows[]> {
    type Row = Omit<FileRows, 'instrument'> & { readonly instrumentId: number | null };
    const known = new Map((await this.instruments()).map((each) => [each.id, each]));
    const pages = this.#session.pages<Row>(queries.files, ['', ''], ({ host, path }) => [host, path]);
    for await (const rows of pages) {
      yield rows.map(({ instrumentId, ...row }) => ({
        ...row,
        instrument: (instrumentId !== null && known.get(instrumentId)) || null,
      }));
    }
  }

  async instruments(): Promise<StoredInstrument[]> {
    type Row = Omit<StoredInstrument, 'site'> & StoredInstrument['site'];
    const rows = await this.#session.query<Row>(queries.instruments);
    return rows.map(({ latitudeDeg, longitudeDeg, altitudeM, ...row }) => ({
      ...row,
      site: { latitudeDeg, longitudeDeg, altitudeM },
    }));
  }

  unattributedHistory(): AsyncGenerator<UnattributedRow[]> {
    return this.#session.pages<UnattributedRow>(
      queries.unattributedHistory,
      [Number.NEGATIVE_INFINITY],
      ({ timestamp }) => [timestamp],
    );
  }

  async *transits(): AsyncGenerator<TransitRow[]> {
    // Made when first written to.
    this.#session.forgetSources();
    yield await this.#session.query<TransitRow>(queries.transits);
  }

  requireKnownLedger(): Promise<void> {
    return this.#session.requireKnownLedger();
  }

  close(): Promise<void> {
    return this.#session.database.close();
  }

  async *#historyPages<Row extends HistoryRow>(
    query: queries.Query,
    start: MjdUtc,
    end: MjdUtc,
  ): AsyncGenerator<Row[]> {
    const [from, to] = plausibleRange(start, end);
    yield* this.#session.pages<Row>(query, [from, to, NO_ROW], ({ timestamp }) => [timestamp, to, timestamp]);
  }
}
