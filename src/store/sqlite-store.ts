import type Database from 'better-sqlite3';
import type { FileVersion, ListedFile } from '../extract/outcome.js';
import type { MjdUtc } from '../units.js';
import { TRANSITS } from './schema.js';
import {
  fileIdentity,
  type OpenDatabase,
  type OpenOptions,
  openDatabase,
  troubleOf,
} from './sqlite-database.js';
import type {
  FileResult,
  FileStanding,
  HistoryRow,
  LedgerFilter,
  LedgerRow,
  Observation,
  Store,
  TransitRow,
} from './store.js';
import { StoreTrouble } from './trouble.js';

const PAGE_ROWS = 2000;

const LEDGER_COLUMNS = `path, size AS sizeBytes, mtime_us AS mtimeUs, state, kind, error_code AS errorCode,
  error_message AS errorMessage, attempts, timestamp, ra_icrs_deg AS raIcrsDeg, dec_icrs_deg AS decIcrsDeg,
  ha_deg AS haDeg, recorded_at AS recordedAt`;

/**
 * The store in one SQLite file. It opens the file when first used and again when another has taken its place, so that a
 * database that was deleted, replaced or unreadable is taken up as soon as it is well.
 */
export class SqliteStore implements Store {
  readonly #path: string;
  readonly #options: OpenOptions;
  #open: (OpenDatabase & { readonly statements: Statements }) | undefined;

  constructor(path: string, options: OpenOptions) {
    this.#path = path;
    this.#options = options;
  }

  async record(results: readonly FileResult[]): Promise<void> {
    const recordedAt = Date.now() / 1000;
    this.#use(({ sqlite, statements }) => {
      sqlite
        .transaction(() => {
          for (const result of results) recordOne(statements, result, recordedAt);
        })
        .immediate();
    });
  }

  async standings(files: readonly ListedFile[]): Promise<FileStanding[]> {
    return this.#use(({ statements }) =>
      files.map(({ path, sizeBytes, mtimeUs }) => {
        const row = statements.standing.get(path);
        return row && row.sizeBytes === sizeBytes && row.mtimeUs === mtimeUs ? row : UNREAD;
      }),
    );
  }

  async *ledger(filter: LedgerFilter): AsyncGenerator<LedgerRow> {
    const { where, values } = conditions(filter);
    let after = '';
    for (;;) {
      const rows = this.#use(({ sqlite }) =>
        sqlite
          .prepare<unknown[], LedgerRow>(
            `SELECT ${LEDGER_COLUMNS} FROM pointing_files WHERE path > ? AND ${where} ORDER BY path LIMIT ${PAGE_ROWS}`,
          )
          .all(after, ...values),
      );
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      after = (rows.at(-1) as LedgerRow).path;
    }
  }

  async forget(filter: LedgerFilter): Promise<number> {
    const { where, values } = conditions(filter);
    return this.#use(
      ({ sqlite }) =>
        sqlite
          .prepare(
            `UPDATE pointing_files SET mtime_us = -1, attempts = 0 WHERE state <> 'stored' AND ${where}`,
          )
          .run(...values).changes,
    );
  }

  history(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow> {
    return this.#pages(({ history }) => history, start, end);
  }

  observations(start: MjdUtc, end: MjdUtc): AsyncGenerator<Observation> {
    return this.#pages(({ observations }) => observations, start, end);
  }

  async newest(): Promise<HistoryRow | undefined> {
    return this.#use(({ statements }) => statements.newest.get());
  }

  async addTransits(transits: readonly TransitRow[]): Promise<number> {
    return this.#use(({ sqlite }) =>
      sqlite
        .transaction(() => {
          sqlite.exec(TRANSITS);
          const add = sqlite.prepare<[string, number]>('INSERT OR IGNORE INTO cal_transits VALUES (?, ?)');
          return transits.reduce((added, { name, mjdUtc }) => added + add.run(name, mjdUtc).changes, 0);
        })
        .immediate(),
    );
  }

  async check(): Promise<void> {
    this.#use(({ sqlite }) => {
      sqlite.exec('BEGIN IMMEDIATE');
      sqlite.exec('ROLLBACK');
    });
  }

  async close(): Promise<void> {
    this.#open?.sqlite.close();
    this.#open = undefined;
  }

  async *#pages<Row extends HistoryRow>(
    statementOf: (statements: Statements) => Database.Statement<[Page], Row>,
    start: MjdUtc,
    end: MjdUtc,
  ): AsyncGenerator<Row> {
    let after = -Number.MAX_VALUE;
    for (;;) {
      const rows = this.#use(({ statements }) => statementOf(statements).all({ start, end, after }));
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      after = (rows.at(-1) as Row).timestamp;
    }
  }

  /** Runs `work` on the file that lies at the path now. */
  #use<T>(work: (open: { sqlite: Database.Database; statements: Statements }) => T): T {
    if (this.#open && this.#open.identity !== fileIdentity(this.#path)) {
      this.#open.sqlite.close();
      this.#open = undefined;
    }
    try {
      if (!this.#open) {
        const opened = openDatabase(this.#path, this.#options);
        this.#open = { ...opened, statements: prepare(opened.sqlite) };
      }
      return work(this.#open);
    } catch (error) {
      const trouble = troubleOf(error, this.#path);
      // A damaged or unreachable file is opened anew next time; a lock or a full disk is waited out.
      if (trouble instanceof StoreTrouble && !['locked', 'full'].includes(trouble.kind)) {
        this.#open?.sqlite.close();
        this.#open = undefined;
      }
      throw trouble;
    }
  }
}

const UNREAD: FileStanding = { standing: 'unread', errorCode: null };

/** Rows with start <= timestamp <= end, of those the ones after a timestamp. */
interface Page {
  readonly start: number;
  readonly end: number;
  readonly after: number;
}

type Statements = ReturnType<typeof prepare>;

function prepare(sqlite: Database.Database) {
  return {
    standing: sqlite.prepare<[string], FileStanding & FileVersion>(`
      SELECT size AS sizeBytes, mtime_us AS mtimeUs, state AS standing, error_code AS errorCode
      FROM pointing_files WHERE path = ?`),
    timestampOf: sqlite
      .prepare<[string], number | null>('SELECT timestamp FROM pointing_files WHERE path = ?')
      .pluck(),
    stored: sqlite.prepare(`
      INSERT INTO pointing_files (path, size, mtime_us, state, kind, attempts, timestamp, ra_icrs_deg, dec_icrs_deg,
        ha_deg, recorded_at)
      VALUES (@path, @sizeBytes, @mtimeUs, 'stored', @kind, @attempts, @midTimeMjdUtc, @raIcrsDeg, @decIcrsDeg, @haDeg,
        @recordedAt)
      ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, state = excluded.state,
        kind = excluded.kind, error_code = NULL, error_message = NULL, attempts = excluded.attempts,
        timestamp = excluded.timestamp, ra_icrs_deg = excluded.ra_icrs_deg, dec_icrs_deg = excluded.dec_icrs_deg,
        ha_deg = excluded.ha_deg, recorded_at = excluded.recorded_at`),
    failed: sqlite.prepare(`
      INSERT INTO pointing_files (path, size, mtime_us, state, error_code, error_message, attempts, recorded_at)
      VALUES (@path, @sizeBytes, @mtimeUs, @state, @code, @message, @attempts, @recordedAt)
      ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, state = excluded.state,
        error_code = excluded.error_code, error_message = excluded.error_message, attempts = excluded.attempts,
        recorded_at = excluded.recorded_at`),
    addHistory: sqlite.prepare<[number, number, number]>(`
      INSERT INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (?, ?, ?)
      ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg`),
    dropOrphan: sqlite.prepare<{ timestamp: number }>(`
      DELETE FROM pointing_history WHERE timestamp = @timestamp
        AND NOT EXISTS (SELECT 1 FROM pointing_files WHERE pointing_files.timestamp = @timestamp)`),
    history: sqlite.prepare<Page, HistoryRow>(`
      SELECT timestamp, ra_deg, dec_deg FROM pointing_history
      WHERE timestamp >= @start AND timestamp <= @end AND timestamp > @after ORDER BY timestamp LIMIT ${PAGE_ROWS}`),
    observations: sqlite.prepare<Page, Observation>(`
      SELECT h.timestamp, h.ra_deg, h.dec_deg, f.path, f.ra_icrs_deg AS raIcrsDeg, f.dec_icrs_deg AS decIcrsDeg,
        f.ha_deg AS haDeg
      FROM pointing_history AS h LEFT JOIN pointing_files AS f
        ON f.path = (SELECT min(path) FROM pointing_files WHERE pointing_files.timestamp = h.timestamp)
      WHERE h.timestamp >= @start AND h.timestamp <= @end AND h.timestamp > @after
        AND h.ra_deg IS NOT NULL AND h.dec_deg IS NOT NULL
      ORDER BY h.timestamp LIMIT ${PAGE_ROWS}`),
    newest: sqlite.prepare<[], HistoryRow>(
      'SELECT timestamp, ra_deg, dec_deg FROM pointing_history ORDER BY timestamp DESC LIMIT 1',
    ),
  };
}

/** A file that could not be opened has no version; -1 makes any later look at it a change. */
const UNOPENED = { sizeBytes: -1, mtimeUs: -1 };

function recordOne(
  statements: Statements,
  { outcome, state, attempts }: FileResult,
  recordedAt: number,
): void {
  const { path, pointing, error, version = UNOPENED } = outcome;
  if (!pointing) {
    statements.failed.run({ path, ...version, state, ...error, attempts, recordedAt });
    return;
  }
  const earlier = statements.timestampOf.get(path);
  statements.stored.run({ path, ...version, ...pointing, attempts, recordedAt });
  statements.addHistory.run(pointing.midTimeMjdUtc, pointing.raDeg, pointing.decDeg);
  if (typeof earlier === 'number' && earlier !== pointing.midTimeMjdUtc) {
    statements.dropOrphan.run({ timestamp: earlier });
  }
}

function conditions({ state, code, under }: LedgerFilter): { where: string; values: string[] } {
  const parts: [string, string[]][] = [];
  if (state) parts.push(['state = ?', [state]]);
  if (code) parts.push(['error_code = ?', [code]]);
  // '0' is the character after '/', so this is every path that begins with "under/", by the primary key.
  if (under) parts.push(['(path = ? OR path > ? AND path < ?)', [under, `${under}/`, `${under}0`]]);
  return {
    where: parts.map(([condition]) => condition).join(' AND ') || 'TRUE',
    values: parts.flatMap(([, values]) => values),
  };
}
