import type Database from 'better-sqlite3';
import { StoreError } from '../../errors.js';
import type { ListedFile } from '../../native/outcome.js';
import type { MjdUtc } from '../../units.js';
import { conditions } from '../filter.js';
import type { FileRows } from '../snapshot.js';
import type {
  ClassifiedFile,
  FileResult,
  HistoryRow,
  LedgerFilter,
  LedgerRow,
  Merged,
  Observation,
  Store,
  TransitRow,
} from '../store.js';
import {
  closeReplaced,
  fileIdentity,
  logState,
  type OpenDatabase,
  type OpenOptions,
  openDatabase,
  storeErrorOf,
} from './file.js';
import { mergeFilesInto, mergeHistoryInto } from './merge.js';
import { TRANSITS } from './schema.js';
import {
  LEDGER_COLUMNS,
  PAGE_ROWS,
  type Page,
  prepareStatements,
  recordOne,
  type Statements,
} from './statements.js';

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
    this.#write(({ statements }) => {
      for (const result of inPathOrder) recordOne(statements, result, recordedAt);
    });
  }

  async classify(files: readonly ListedFile[]): Promise<ClassifiedFile[]> {
    return this.#use(({ statements }) =>
      files.map(({ path, sizeBytes, mtimeUs, ctimeUs }): ClassifiedFile => {
        const state = statements.state.get(path, sizeBytes, mtimeUs, ctimeUs) ?? 'unread';
        const errorCode = state === 'stored' ? null : (statements.errorCode.get(path) ?? null);
        return { state, errorCode };
      }),
    );
  }

  async *ledger(filter: LedgerFilter): AsyncGenerator<LedgerRow> {
    const { where, values } = conditions(filter, () => '?');
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
    const { where, values } = conditions(filter, () => '?');
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
    return this.#write(({ sqlite }) => {
      sqlite.exec(TRANSITS);
      const add = sqlite.prepare<[string, number]>('INSERT OR IGNORE INTO cal_transits VALUES (?, ?)');
      return transits.reduce((added, { name, mjdUtc }) => added + add.run(name, mjdUtc).changes, 0);
    });
  }

  async mergeFiles(files: readonly FileRows[]): Promise<Merged> {
    return this.#write(({ sqlite, statements }) => mergeFilesInto(sqlite, statements, files));
  }

  async mergeHistory(rows: readonly HistoryRow[]): Promise<number> {
    return this.#write(({ sqlite }) => mergeHistoryInto(sqlite, rows));
  }

  async putStatus(): Promise<void> {}

  async check(): Promise<void> {
    if (this.#options.readOnly)
      throw new StoreError('read_only', `the database ${this.#path} was opened for reading only`);
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

  /** One transaction: all of `work`, or nothing. */
  #write<T>(work: (open: OpenStore) => T): T {
    return this.#use((open) => {
      const result = open.sqlite.transaction(() => work(open)).immediate();
      open.log = logState(this.#path);
      return result;
    });
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
        this.#open = { ...opened, statements: prepareStatements(opened.sqlite) };
      }
      return work(this.#open);
    } catch (error) {
      const trouble = storeErrorOf(error, this.#path);
      // A damaged or unreachable file is opened anew next time; a lock or a full disk is waited out.
      if (trouble instanceof StoreError && !['locked', 'full'].includes(trouble.kind)) {
        this.#open?.sqlite.close();
        this.#open = undefined;
      }
      throw trouble;
    }
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

type OpenStore = OpenDatabase & { readonly statements: Statements };
