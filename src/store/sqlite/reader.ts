import Database from 'better-sqlite3';
import { StoreError } from '../../errors.js';
import { type Degrees, type MjdUtc, mjdUtc } from '../../units.js';
import type { FailedFile, FileCount, HistoryReader, SkyRegion } from '../history-reader.js';
import type { HistoryRow } from '../store.js';
import { fileIdentity, type OpenDatabase, openDatabase, storeErrorOf } from './file.js';

const PAGE_ROWS = 2000;
/** A few milliseconds of the event loop a page. */
const JSON_PAGE_ROWS = 5000;
/** The event loop stands still while a statement waits. With a write-ahead log readers hardly ever do. */
const BUSY_TIMEOUT_MS = 100;
const COMMA = Buffer.from(',');
const BEFORE_ALL = mjdUtc(-Number.MAX_VALUE);
/** A few milliseconds of the event loop: rows that one statement looks at, and files that it looks up. */
const SCANNED_ROWS = 50_000;
const FILES_AT_ONCE = 500;

// `after` is the last row of the page before: it is `from` then, and <> keeps the index to the one lower bound.
const ROWS = `FROM pointing_history
  WHERE timestamp >= @from AND timestamp <= @end AND timestamp <> @after AND ra_deg IS NOT NULL AND dec_deg IS NOT NULL
  ORDER BY timestamp LIMIT @limit`;

/** Reads one SQLite file through a handle that cannot write. Takes up a file put in its place. */
export class SqliteReader implements HistoryReader {
  readonly #path: string;
  #open: OpenDatabase | undefined;
  #timesOpened = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async version(): Promise<string> {
    // data_version is a number of one connection's own, so it tells changes only together with which connection it is.
    return this.#read(
      (sqlite) => `${this.#timesOpened}.${sqlite.pragma('data_version', { simple: true })}`,
      'none',
    );
  }

  async *history(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow> {
    for await (const rows of this.historyPages(start, end)) yield* rows;
  }

  async *historyPages(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow[]> {
    for (let bounds: Bounds = { from: start, end, after: BEFORE_ALL, limit: PAGE_ROWS }; ; ) {
      const rows = this.#rows(bounds);
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE_ROWS) return;
      await otherWork();
      const last = (rows.at(-1) as HistoryRow).timestamp;
      bounds = { ...bounds, from: last, after: last };
    }
  }

  async *historyJson(start: MjdUtc, end: MjdUtc, limit: number): AsyncGenerator<Uint8Array> {
    let bounds: Bounds = { from: start, end, after: BEFORE_ALL, limit: 0 };
    for (let left = limit; left > 0; left -= JSON_PAGE_ROWS) {
      const page = this.#jsonPage({ ...bounds, limit: Math.min(left, JSON_PAGE_ROWS) });
      if (!page?.rows) return;
      if (left !== limit) yield COMMA;
      yield page.json;
      if (page.rows < JSON_PAGE_ROWS) return;
      await otherWork();
      bounds = { ...bounds, from: page.last, after: page.last };
    }
  }

  async timestampAfter(start: MjdUtc, end: MjdUtc, count: number): Promise<MjdUtc | undefined> {
    return this.#read(
      (sqlite) =>
        sqlite
          .prepare<unknown[], MjdUtc>(`SELECT timestamp ${ROWS} OFFSET @count`)
          .pluck()
          .get({ from: start, end, after: BEFORE_ALL, limit: 1, count }),
      undefined,
    );
  }

  async within(region: SkyRegion, start: MjdUtc, end: MjdUtc): Promise<HistoryRow[]> {
    const found: HistoryRow[] = [];
    for (let from: number | undefined = Number.MIN_SAFE_INTEGER; from !== undefined; ) {
      const next = this.#rowidAfter(from);
      found.push(...this.#scan({ ...region, start, end, from, before: next ?? Number.MAX_SAFE_INTEGER }));
      from = next;
      await otherWork();
    }
    return found.sort((a, b) => a.timestamp - b.timestamp);
  }

  async movedAfter(row: HistoryRow, toleranceDeg: Degrees): Promise<MjdUtc | undefined> {
    return this.#read(
      (sqlite) =>
        sqlite
          .prepare<unknown[], MjdUtc>(
            `SELECT timestamp FROM pointing_history WHERE timestamp > ? AND abs(dec_deg - ?) > ? AND ra_deg IS NOT NULL
             ORDER BY timestamp LIMIT 1`,
          )
          .pluck()
          .get(row.timestamp, row.dec_deg, toleranceDeg),
      undefined,
    );
  }

  async paths(timestamps: readonly MjdUtc[]): Promise<(string | null)[]> {
    const found: (string | null)[] = [];
    for (let i = 0; i < timestamps.length; i += FILES_AT_ONCE) {
      const some = timestamps.slice(i, i + FILES_AT_ONCE);
      const paths = this.#read(
        (sqlite) => {
          const path = sqlite
            .prepare<[number], string | null>('SELECT min(path) FROM pointing_files WHERE timestamp = ?')
            .pluck();
          return some.map((timestamp) => path.get(timestamp) ?? null);
        },
        some.map(() => null),
      );
      found.push(...paths);
      await otherWork();
    }
    return found;
  }

  async newest(): Promise<HistoryRow | undefined> {
    return this.#read(
      (sqlite) =>
        sqlite
          .prepare<[], HistoryRow>(
            `SELECT timestamp, ra_deg, dec_deg FROM pointing_history WHERE ra_deg IS NOT NULL AND dec_deg IS NOT NULL
             ORDER BY timestamp DESC LIMIT 1`,
          )
          .get(),
      undefined,
    );
  }

  async atDeclinationSince(newest: HistoryRow, toleranceDeg: Degrees): Promise<MjdUtc> {
    return this.#read((sqlite) => {
      const elsewhere = sqlite
        .prepare<unknown[], number>(
          `SELECT timestamp FROM pointing_history WHERE timestamp < ? AND abs(dec_deg - ?) > ?
           ORDER BY timestamp DESC LIMIT 1`,
        )
        .pluck()
        .get(newest.timestamp, newest.dec_deg, toleranceDeg);
      const since = sqlite
        .prepare<unknown[], number | null>(
          'SELECT min(timestamp) FROM pointing_history WHERE timestamp > ? AND dec_deg IS NOT NULL',
        )
        .pluck()
        .get(elsewhere ?? BEFORE_ALL);
      return mjdUtc(since ?? newest.timestamp);
    }, newest.timestamp);
  }

  async failures(limit: number): Promise<FailedFile[]> {
    return this.#read(
      (sqlite) =>
        sqlite
          .prepare<unknown[], FailedFile>(
            `SELECT NULL AS host, path, error_code AS errorCode, error_message AS errorMessage, attempts, recorded_at AS recordedAt
             FROM pointing_files WHERE state <> 'stored' AND state = 'failed' ORDER BY recorded_at DESC, path LIMIT ?`,
          )
          .all(limit),
      [],
    );
  }

  async fileCounts(): Promise<FileCount[]> {
    return this.#read((sqlite) => {
      const unsettled = sqlite
        .prepare<[], FileCount>(
          `SELECT state, error_code AS errorCode, count(*) AS files FROM pointing_files WHERE state <> 'stored'
           GROUP BY state, error_code`,
        )
        .all();
      const all = sqlite.prepare<[], number>('SELECT count(*) FROM pointing_files').pluck().get() as number;
      const stored = unsettled.reduce((left, { files }) => left - files, all);
      return [{ state: 'stored', errorCode: null, files: stored }, ...unsettled];
    }, []);
  }

  async hostStatuses(): Promise<[]> {
    return [];
  }

  async close(): Promise<void> {
    this.#close();
  }

  #rows(bounds: Bounds): HistoryRow[] {
    return this.#read(
      (sqlite) => sqlite.prepare<Bounds, HistoryRow>(`SELECT timestamp, ra_deg, dec_deg ${ROWS}`).all(bounds),
      [],
    );
  }

  /** Where the rows go on after so many from a rowid, in the order in which they lie. */
  #rowidAfter(from: number): number | undefined {
    return this.#read(
      (sqlite) =>
        sqlite
          .prepare<[number], number>(
            `SELECT rowid FROM pointing_history WHERE rowid >= ? ORDER BY rowid LIMIT 1 OFFSET ${SCANNED_ROWS}`,
          )
          .pluck()
          .get(from),
      undefined,
    );
  }

  /** Reads the table as it lies, which is twice as fast as by its index on time. */
  #scan(bounds: SkyRegion & { start: number; end: number; from: number; before: number }): HistoryRow[] {
    return this.#read(
      (sqlite) =>
        sqlite
          .prepare<unknown[], HistoryRow>(
            `SELECT timestamp, ra_deg, dec_deg FROM pointing_history NOT INDEXED
             WHERE rowid >= @from AND rowid < @before AND dec_deg BETWEEN @decFromDeg AND @decToDeg
               AND (ra_deg BETWEEN @raFromDeg AND @raToDeg OR ra_deg BETWEEN @raFromDeg - 360 AND @raToDeg - 360
                 OR ra_deg BETWEEN @raFromDeg - 720 AND @raToDeg - 720)
               AND timestamp BETWEEN @start AND @end`,
          )
          .all(bounds),
      [],
    );
  }

  #jsonPage(bounds: Bounds): JsonPage | undefined {
    return this.#read(
      (sqlite) =>
        sqlite
          // SQLite writes numbers with 17 digits, which give the same double when read. As bytes they need no decoding.
          .prepare<Bounds, JsonPage>(
            `SELECT CAST(group_concat(json_object('timestamp', timestamp, 'ra_deg', ra_deg, 'dec_deg', dec_deg), ',') AS BLOB) AS json,
               count(*) AS rows, max(timestamp) AS last
             FROM (SELECT timestamp, ra_deg, dec_deg ${ROWS})`,
          )
          .get(bounds),
      undefined,
    );
  }

  /** Runs `work` on the file that lies at the path now; gives `empty` where it has no history. */
  #read<T>(work: (sqlite: Database.Database) => T, empty: T): T {
    if (this.#open && this.#open.identity !== fileIdentity(this.#path)) this.#close();
    try {
      if (!this.#open) {
        this.#open = openDatabase(this.#path, { readOnly: true, busyTimeoutMs: BUSY_TIMEOUT_MS });
        this.#timesOpened++;
      }
      return work(this.#open.sqlite);
    } catch (error) {
      const trouble = storeErrorOf(error, this.#path);
      if (!(trouble instanceof StoreError)) throw trouble;
      if (trouble.kind === 'missing' || lacksTable(trouble)) return empty;
      if (trouble.kind !== 'locked') this.#close();
      throw trouble;
    }
  }

  #close(): void {
    this.#open?.sqlite.close();
    this.#open = undefined;
  }
}

/** Between pages others get their turn, so that a year's rows do not hold up a small request. */
const otherWork = () => new Promise(setImmediate);

interface JsonPage {
  readonly json: Uint8Array;
  readonly rows: number;
  readonly last: MjdUtc;
}

interface Bounds {
  readonly from: number;
  readonly end: number;
  readonly after: number;
  readonly limit: number;
}

/** Another program's database, in which no monitor has run yet. */
const lacksTable = ({ cause }: StoreError) =>
  cause instanceof Database.SqliteError && /^no such table: pointing_/.test(cause.message);
