import { StoreError } from '../errors.js';
import type { ListedFile } from '../native/outcome.js';
import { noProductsDatabase, publicName } from './location.js';
import * as queries from './queries.js';
import type { ClassifiedFile } from './rows.js';
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
  /** Not 0 once a reader of this database, in whichever thread, has found the history: if it then goes missing, it is not empty. */
  readonly seen?: Int32Array | undefined;
}

/** A `seen` that threads can share. */
export const seenFlag = (isSeen: boolean): Int32Array => {
  const seen = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  seen[0] = Number(isSeen);
  return seen;
};

/** Runs the shared queries on a backend: finds its tables, reads page by page, and takes what has never been there for empty if asked to. */
export class SqlSession {
  readonly database: SqlDatabase;
  readonly seen: Int32Array;
  readonly #options: SqlReaderOptions;
  #sources: Sources | undefined;

  constructor(database: SqlDatabase, options: SqlReaderOptions) {
    this.database = database;
    this.#options = options;
    this.seen = options.seen ?? seenFlag(false);
  }

  /** Throws a StoreError where the ledger has columns that this version does not know, and would lose in a copy. */
  async requireKnownLedger(): Promise<void> {
    const existing = await this.database.rows<ExistingColumn>(this.database.dialect.existingColumns);
    const unknown = unknownLedgerColumns(existing);
    if (unknown.length > 0) {
      throw new StoreError(
        'unusable',
        `the ledger of the database ${publicName(this.#options.location)} has a newer format (it has ${unknown.join(', ')}): use the pointing-monitor that made it, or a newer one`,
      );
    }
    await this.#findSources();
  }

  /** Looks the tables up again: one was made, or another database is in this one's place. */
  forgetSources(): void {
    this.#sources = undefined;
  }

  /** Pages of a query, whose values follow from the last row of the page before. */
  async *pages<Row extends object>(
    query: queries.Query,
    first: readonly unknown[],
    valuesAfter: (last: Row) => readonly unknown[],
  ): AsyncGenerator<Row[]> {
    for (let values = first; ; ) {
      const rows = await this.query<Row>(query, values);
      if (rows.length > 0) yield rows;
      if (rows.length < queries.PAGE_ROWS) return;
      await otherWork();
      values = valuesAfter(rows.at(-1) as Row);
    }
  }

  query<Row extends object>(query: queries.Query, values: readonly unknown[] = []): Promise<Row[]> {
    const { dialect } = this.database;
    return this.read((sources) => this.database.rows<Row>(query(sources, dialect), values), []);
  }

  read<T>(work: (sources: Sources) => Promise<T>, empty: T): Promise<T> {
    return this.emptyIfMissing(async () => work(await this.#findSources()), empty);
  }

  async emptyIfMissing<T>(work: () => Promise<T>, empty: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // The tables may be dropped, or another database may be in this one's place.
      this.forgetSources();
      if (!this.#isEmptyFor(error)) throw error;
      return empty;
    }
  }

  #isEmptyFor(error: unknown): boolean {
    return (
      this.#options.missing === 'empty' &&
      Atomics.load(this.seen, 0) === 0 &&
      error instanceof StoreError &&
      error.kind === 'missing'
    );
  }

  /** Looked up again as long as something is missing: the first monitor makes it. */
  async #findSources(): Promise<Sources> {
    if (this.#sources?.complete) return this.#sources;
    const { dialect } = this.database;
    const existing = await this.database.rows<ExistingColumn>(dialect.existingColumns);
    this.#sources = sourcesOf(existing, dialect.hostless);
    if (this.#sources.hasHistory) Atomics.store(this.seen, 0, 1);
    else if (this.#options.missing === 'error' || Atomics.load(this.seen, 0) !== 0)
      throw noProductsDatabase(this.#options.location);
    return this.#sources;
  }
}

/** A database that is asked nothing any more once `check` throws. */
export const checkedBy = (check: () => void, database: SqlDatabase): SqlDatabase => ({
  dialect: database.dialect,
  version: () => database.version(),
  classify: (...asked) => database.classify(...asked),
  close: () => database.close(),
  async rows(...query) {
    check();
    return database.rows(...query);
  },
  async numbers(...query) {
    check();
    return database.numbers(...query);
  },
});

/** Between pages others get their turn, so that a year's rows do not hold up a small request, a signal or a progress bar. */
export const otherWork = () => new Promise(setImmediate);
