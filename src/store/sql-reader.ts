import { StoreError } from '../errors.js';
import type { ListedFile } from '../native/outcome.js';
import { type Degrees, type MjdUtc, mjdUtc } from '../units.js';
import type { StoredInstrument } from './instruments.js';
import { noProductsDatabase, publicName } from './location.js';
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
import { type ExistingColumn, type Sources, sourcesOf, unknownLedgerColumns } from './tables.js';

/** What a backend does so that the shared SQL reads from it. */
export interface SqlDatabase {
  readonly dialect: queries.Dialect;
  /** Runs a query with values for $1, $2, ... Throws a StoreError. */
  rows<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The same for columns of numbers, which it gives row by row in one array. */
  numbers(sql: string, values: readonly unknown[]): Promise<Float64Array>;
  version(): Promise<string>;
  /** `HistoryReader.classify`, with the history and the ledger as given. */
  classify(files: readonly ListedFile[], sources: Sources): Promise<ClassifiedFile[]>;
  close(): Promise<void>;
}

export interface SqlReaderOptions {
  /** As the user knows it. */
  readonly location: string;
  /** How a database without our tables, or one that does not exist, is read. */
  readonly missing: 'empty' | 'error';
}

const NO_ROW = mjdUtc(-1);
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
  readonly #database: SqlDatabase;
  readonly #options: SqlReaderOptions;
  #sources: Sources | undefined;

  constructor(database: SqlDatabase, options: SqlReaderOptions) {
    this.#database = database;
    this.#options = options;
  }

  version(): Promise<string> {
    return this.#emptyIfMissing(() => this.#database.version(), 'none');
  }

  async *history(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow> {
    for await (const rows of this.historyPages(start, end)) yield* rows;
  }

  async *historyPages(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow[]> {
    yield* this.#historyPages<HistoryRow>(queries.history, start, end);
  }

  async *historyColumns(start: MjdUtc, end: MjdUtc): AsyncGenerator<Float64Array> {
    const [from, to] = plausibleRange(start, end);
    for (let values = [from, to, NO_ROW]; ; ) {
      const rows = await this.#read(
        (sources) => this.#database.numbers(queries.historyColumns(sources, this.#database.dialect), values),
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
      const [page] = await this.#query<queries.JsonPage>(queries.historyJson, [
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
    const beyond = await this.#query(queries.reachesBeyond, [...range, count]);
    if (beyond.length === 0) return undefined;
    const [row] = await this.#query<HistoryRow>(queries.timestampAfter, [...range, NO_ROW, count]);
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
    if (!this.#database.dialect.hostless) return this.#query<HistoryRow>(queries.within, values);
    const [table] = await this.#query<{ first: number | null; last: number }>(queries.ends);
    const found: HistoryRow[] = [];
    if (!table || table.first === null) return found;
    // Rowids nearly always follow each other; where they do not, the parts are fewer and longer.
    const step = Math.max(ROWS_AT_ONCE, (table.last - table.first) / MAX_PARTS);
    for (let from = table.first; from <= table.last; from += step) {
      found.push(...(await this.#query<HistoryRow>(queries.within, [...values, from, from + step])));
      await otherWork();
    }
    return found.sort((a, b) => a.timestamp - b.timestamp);
  }

  async movedAfter(row: HistoryRow, toleranceDeg: Degrees): Promise<MjdUtc | undefined> {
    const [, last] = plausibleTimes();
    const [found] = await this.#query<HistoryRow>(queries.movedAfter, [
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
      const rows = await this.#query<OfFile & { timestamp: number }>(queries.filesAt, values);
      for (const { timestamp, ...file } of rows) found.set(timestamp, file);
      await otherWork();
    }
    return found;
  }

  async newest(untilMjdUtc?: MjdUtc): Promise<HistoryRow | undefined> {
    const [first, last] = plausibleTimes();
    const [row] = await this.#query<HistoryRow>(queries.newest, [first, Math.min(last, untilMjdUtc ?? last)]);
    return row;
  }

  async atDeclinationSince(newest: HistoryRow, toleranceDeg: Degrees): Promise<MjdUtc> {
    const [first] = plausibleTimes();
    const [elsewhere] = await this.#query<HistoryRow>(queries.lastElsewhere, [
      first,
      newest.timestamp,
      newest.dec_deg,
      toleranceDeg,
    ]);
    const [since] = await this.#query<HistoryRow>(queries.firstAfter, [
      elsewhere?.timestamp ?? first,
      newest.timestamp,
      elsewhere?.timestamp ?? NO_ROW,
    ]);
    return since?.timestamp ?? newest.timestamp;
  }

  async implausibleRows(look: 'times' | 'all'): Promise<ImplausibleCounts> {
    const reasons = implausibleReasons.filter((reason) => look === 'all' || reason !== 'no_position');
    const [counts] = await this.#query<ImplausibleCounts>(queries.implausible(reasons), [latestMjdUtc()]);
    return counts ?? {};
  }

  async classify(files: readonly ListedFile[]): Promise<ClassifiedFile[]> {
    return this.#read(
      (sources) => this.#database.classify(files, sources),
      files.map(() => UNREAD),
    );
  }

  async unmatchedFiles(): Promise<UnmatchedFiles> {
    const [count] = await this.#query<{ files: number }>(queries.unmatchedCount);
    const first = await this.#query<{ path: string }>(queries.unmatchedFirst);
    return { files: count?.files ?? 0, first: first.map(({ path }) => path) };
  }

  async timeOfFile(path: string): Promise<MjdUtc | undefined> {
    const [row] = await this.#query<{ timestamp: MjdUtc }>(queries.timeOfFile, [path]);
    return row?.timestamp;
  }

  failures(limit: number, state: UnsettledState = 'failed'): Promise<FailedFile[]> {
    return this.#query(queries.failures, [limit, state]);
  }

  async unsettledFiles(): Promise<Record<UnsettledState, number>> {
    const rows = await this.#query<{ state: UnsettledState; files: number }>(queries.unsettledFiles);
    return { waiting: 0, failed: 0, ...Object.fromEntries(rows.map(({ state, files }) => [state, files])) };
  }

  fileCounts(): Promise<FileCount[]> {
    return this.#query(queries.fileCounts);
  }

  hostStatuses(): Promise<HostStatus[]> {
    return this.#query(queries.hostStatuses);
  }

  async ledgerHosts(): Promise<string[]> {
    return (await this.#query<{ host: string }>(queries.ledgerHosts)).map(({ host }) => host);
  }

  async countRows(): Promise<number> {
    const [row] = await this.#query<{ rows: number }>(queries.countRows);
    return row?.rows ?? 0;
  }

  async *files(): AsyncGenerator<FileRows[]> {
    type Row = Omit<FileRows, 'instrument'> & { readonly instrumentId: number | null };
    const known = new Map((await this.instruments()).map((each) => [each.id, each]));
    const pages = this.#pages<Row>(queries.files, ['', ''], ({ host, path }) => [host, path]);
    for await (const rows of pages) {
      yield rows.map(({ instrumentId, ...row }) => ({
        ...row,
        instrument: (instrumentId !== null && known.get(instrumentId)) || null,
      }));
    }
  }

  async instruments(): Promise<StoredInstrument[]> {
    type Row = Omit<StoredInstrument, 'site'> & StoredInstrument['site'];
    const rows = await this.#query<Row>(queries.instruments);
    return rows.map(({ latitudeDeg, longitudeDeg, altitudeM, ...row }) => ({
      ...row,
      site: { latitudeDeg, longitudeDeg, altitudeM },
    }));
  }

  unattributedHistory(): AsyncGenerator<UnattributedRow[]> {
    return this.#pages<UnattributedRow>(
      queries.unattributedHistory,
      [Number.NEGATIVE_INFINITY],
      ({ timestamp }) => [timestamp],
    );
  }

  async *transits(): AsyncGenerator<TransitRow[]> {
    // Made when first written to.
    this.#sources = undefined;
    yield await this.#query<TransitRow>(queries.transits);
  }

  /** Throws a StoreError where the ledger has columns that this version does not know, and would lose in a copy. */
  async requireKnownLedger(): Promise<void> {
    const existing = await this.#database.rows<ExistingColumn>(this.#database.dialect.existingColumns);
    const unknown = unknownLedgerColumns(existing);
    if (unknown.length > 0) {
      throw new StoreError(
        'unusable',
        `the ledger of the database ${publicName(this.#options.location)} has a newer format (it has ${unknown.join(', ')}): use the pointing-monitor that made it, or a newer one`,
      );
    }
    await this.#findSources();
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async *#historyPages<Row extends HistoryRow>(
    query: queries.Query,
    start: MjdUtc,
    end: MjdUtc,
  ): AsyncGenerator<Row[]> {
    const [from, to] = plausibleRange(start, end);
    yield* this.#pages<Row>(query, [from, to, NO_ROW], ({ timestamp }) => [timestamp, to, timestamp]);
  }

  /** Pages of a query, whose values follow from the last row of the page before. */
  async *#pages<Row extends object>(
    query: queries.Query,
    first: readonly unknown[],
    valuesAfter: (last: Row) => readonly unknown[],
  ): AsyncGenerator<Row[]> {
    for (let values = first; ; ) {
      const rows = await this.#query<Row>(query, values);
      if (rows.length > 0) yield rows;
      if (rows.length < queries.PAGE_ROWS) return;
      await otherWork();
      values = valuesAfter(rows.at(-1) as Row);
    }
  }

  #query<Row extends object>(query: queries.Query, values: readonly unknown[] = []): Promise<Row[]> {
    const { dialect } = this.#database;
    return this.#read((sources) => this.#database.rows<Row>(query(sources, dialect), values), []);
  }

  #read<T>(work: (sources: Sources) => Promise<T>, empty: T): Promise<T> {
    return this.#emptyIfMissing(async () => work(await this.#findSources()), empty);
  }

  async #emptyIfMissing<T>(work: () => Promise<T>, empty: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // The tables may be dropped, or another database may be in this one's place.
      this.#sources = undefined;
      if (!this.#isEmptyFor(error)) throw error;
      return empty;
    }
  }

  #isEmptyFor(error: unknown): boolean {
    return this.#options.missing === 'empty' && error instanceof StoreError && error.kind === 'missing';
  }

  /** Looked up again as long as something is missing: the first monitor makes it. */
  async #findSources(): Promise<Sources> {
    if (this.#sources?.complete) return this.#sources;
    const { dialect } = this.#database;
    const existing = await this.#database.rows<ExistingColumn>(dialect.existingColumns);
    this.#sources = sourcesOf(existing, dialect.hostless);
    if (!this.#sources.hasHistory && this.#options.missing === 'error')
      throw noProductsDatabase(this.#options.location);
    return this.#sources;
  }
}

/** Between pages others get their turn, so that a year's rows do not hold up a small request. */
const otherWork = () => new Promise(setImmediate);
