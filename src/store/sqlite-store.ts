import type Database from 'better-sqlite3';
import type { ErrorCode } from '../errors.js';
import type { ListedFile } from '../extract/outcome.js';
import type { MjdUtc } from '../units.js';
import {
  closeReplaced,
  fileIdentity,
  logState,
  type OpenDatabase,
  type OpenOptions,
  openDatabase,
  troubleOf,
} from './sqlite-database.js';
import type {
  FileResult,
  FileStanding,
  FileState,
  HistoryRow,
  LedgerFilter,
  LedgerRow,
  Store,
} from './store.js';
import { StoreTrouble } from './trouble.js';

const PAGE_ROWS = 2000;

const LEDGER_COLUMNS = `path, size AS sizeBytes, mtime_us AS mtimeUs, ctime_us AS ctimeUs, state, kind, error_code AS errorCode,
  error_message AS errorMessage, attempts, timestamp, ra_icrs_deg AS raIcrsDeg, dec_icrs_deg AS decIcrsDeg,
  ha_deg AS haDeg, recorded_at AS recordedAt`;

/**
 * The store in one SQLite file. It opens the file when first used and again when another has taken its place, so that a
 * database that was deleted, replaced or unreadable is taken up as soon as it is well.
 */
export class SqliteStore implements Store {
  readonly #path: string;
  readonly #options: OpenOptions;
  #open: OpenStore | undefined;

  constructor(path: string, options: OpenOptions) {
    this.#path = path;
    this.#options = options;
  }

  async record(results: readonly FileResult[]): Promise<void> {
    const recordedAt = Date.now() / 1000;
    // Neighbours share pages, and each page is written once a transaction. Several of one path keep their order.
    const inPathOrder = [...results].sort((a, b) => compare(a.outcome.path, b.outcome.path));
    this.#use((open) => {
      open.sqlite
        .transaction(() => {
          for (const result of inPathOrder) recordOne(open.statements, result, recordedAt);
        })
        .immediate();
      open.log = logState(this.#path);
    });
  }

  async standings(files: readonly ListedFile[]): Promise<FileStanding[]> {
    return this.#use(({ statements }) =>
      files.map(({ path, sizeBytes, mtimeUs, ctimeUs }): FileStanding => {
        const standing = statements.standing.get(path, sizeBytes, mtimeUs, ctimeUs) ?? 'unread';
        const errorCode = standing === 'stored' ? null : (statements.errorCode.get(path) ?? null);
        return { standing, errorCode };
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

  async *history(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow> {
    let after = -Number.MAX_VALUE;
    for (;;) {
      const rows = this.#use(({ statements }) => statements.history.all({ start, end, after }));
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      after = (rows.at(-1) as HistoryRow).timestamp;
    }
  }

  async newest(): Promise<HistoryRow | undefined> {
    return this.#use(({ statements }) => statements.newest.get());
  }

  async check(): Promise<void> {
    this.#use((open) => {
      open.sqlite.exec('BEGIN IMMEDIATE');
      open.sqlite.exec('ROLLBACK');
      if (!open.log) return;
      // An empty log can do no harm to a file put in the database's place, and a plain copy of the file is whole.
      open.sqlite.pragma('wal_checkpoint(TRUNCATE)');
      delete open.log;
    });
  }

  async close(): Promise<void> {
    this.#open?.sqlite.close();
    this.#open = undefined;
  }

  /** Runs `work` on the file that lies at the path now. */
  #use<T>(work: (open: OpenStore) => T): T {
    if (this.#open && this.#open.identity !== fileIdentity(this.#path)) {
      closeReplaced(this.#open, this.#path);
      this.#open = undefined;
      this.#options.onReplaced?.(this.#path);
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

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

type OpenStore = OpenDatabase & { readonly statements: Statements };

type Statements = ReturnType<typeof prepare>;

function prepare(sqlite: Database.Database) {
  return {
    // Nearly every file is known and unchanged, so the row itself is not brought over.
    standing: sqlite
      .prepare<[string, number, number, number], FileState>(
        'SELECT state FROM pointing_files WHERE path = ? AND size = ? AND mtime_us = ? AND ctime_us = ?',
      )
      .pluck(),
    errorCode: sqlite
      .prepare<[string], ErrorCode | null>('SELECT error_code FROM pointing_files WHERE path = ?')
      .pluck(),
    timestampOf: sqlite
      .prepare<[string], number | null>('SELECT timestamp FROM pointing_files WHERE path = ?')
      .pluck(),
    stored: sqlite.prepare(`
      INSERT INTO pointing_files (path, size, mtime_us, ctime_us, state, kind, attempts, timestamp, ra_icrs_deg, dec_icrs_deg,
        ha_deg, recorded_at)
      VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, 'stored', @kind, @attempts, @midTimeMjdUtc, @raIcrsDeg, @decIcrsDeg, @haDeg,
        @recordedAt)
      ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, ctime_us = excluded.ctime_us, state = excluded.state,
        kind = excluded.kind, error_code = NULL, error_message = NULL, attempts = excluded.attempts,
        timestamp = excluded.timestamp, ra_icrs_deg = excluded.ra_icrs_deg, dec_icrs_deg = excluded.dec_icrs_deg,
        ha_deg = excluded.ha_deg, recorded_at = excluded.recorded_at`),
    failed: sqlite.prepare(`
      INSERT INTO pointing_files (path, size, mtime_us, ctime_us, state, error_code, error_message, attempts, recorded_at)
      VALUES (@path, @sizeBytes, @mtimeUs, @ctimeUs, @state, @code, @message, @attempts, @recordedAt)
      ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_us = excluded.mtime_us, ctime_us = excluded.ctime_us, state = excluded.state,
        error_code = excluded.error_code, error_message = excluded.error_message, attempts = excluded.attempts,
        recorded_at = excluded.recorded_at`),
    addHistory: sqlite.prepare<[number, number, number]>(`
      INSERT INTO pointing_history (timestamp, ra_deg, dec_deg) VALUES (?, ?, ?)
      ON CONFLICT (timestamp) DO UPDATE SET ra_deg = excluded.ra_deg, dec_deg = excluded.dec_deg`),
    dropOrphan: sqlite.prepare<{ timestamp: number }>(`
      DELETE FROM pointing_history WHERE timestamp = @timestamp
        AND NOT EXISTS (SELECT 1 FROM pointing_files WHERE pointing_files.timestamp = @timestamp)`),
    history: sqlite.prepare<{ start: number; end: number; after: number }, HistoryRow>(`
      SELECT timestamp, ra_deg, dec_deg FROM pointing_history
      WHERE timestamp >= @start AND timestamp <= @end AND timestamp > @after ORDER BY timestamp LIMIT ${PAGE_ROWS}`),
    newest: sqlite.prepare<[], HistoryRow>(
      'SELECT timestamp, ra_deg, dec_deg FROM pointing_history ORDER BY timestamp DESC LIMIT 1',
    ),
  };
}

/** A file that could not be opened has no version; -1 makes any later look at it a change. */
const UNOPENED = { sizeBytes: -1, mtimeUs: -1, ctimeUs: -1 };

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
