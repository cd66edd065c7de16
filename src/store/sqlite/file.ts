import Database from 'better-sqlite3';
import { StoreError } from '../../errors.js';
import { flattened } from '../flattened.js';
import { storeErrorOf } from './error.js';
import { fileIdentity, logState, realPath, removeLog } from './log.js';
import { SCHEMA } from './schema.js';

/**
 * How long a statement waits for another program's lock, which blocks the thread. `short` for services, whose event loop must
 * go on and which try again by themselves: with a write-ahead log readers hardly ever wait. `long` for commands.
 */
const BUSY_TIMEOUT_MS = { short: 100, long: 10_000 } as const;
export type LockWait = keyof typeof BUSY_TIMEOUT_MS;

/** `read` and `snapshot` change nothing; a snapshot stays at the moment it was opened. */
export type SqliteAccess = 'write' | 'read' | 'snapshot';

export interface SqliteFileOptions {
  readonly access: SqliteAccess;
  readonly lockWait: LockWait;
  /** Called when the open file was found to be deleted or replaced, with the path; work goes on with the new one. */
  readonly onReplaced?: ((path: string) => void) | undefined;
}

interface OpenFile {
  readonly sqlite: Database.Database;
  /** Without symbolic links: SQLite keeps the log beside this one. */
  readonly realPath: string;
  readonly identity: string;
  readonly statements: Map<string, Database.Statement>;
  /** The write-ahead log after our last transaction; undefined before the first, and once SQLite has emptied it. */
  log?: string | undefined;
}

/**
 * One SQLite file. It is opened when first used, and again after another file took its place, so a database that was deleted,
 * replaced or unreadable is in use again as soon as it can be.
 */
export class SqliteFile {
  readonly #path: string;
  readonly #options: SqliteFileOptions;
  #open: OpenFile | undefined;
  #timesOpened = 0;

  constructor(path: string, options: SqliteFileOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Runs a statement, prepared once, with values for $1, $2, ... */
  rows<Row>(sql: string, values: readonly unknown[] = []): Row[] {
    return this.use(() => this.prepared(sql).all(numbered(values)) as Row[]);
  }

  /** The same for columns of numbers, row by row in one array. Not of a text that `rows` runs too. */
  numbers(sql: string, values: readonly unknown[]): Float64Array {
    const rows = this.use(() => this.prepared(sql).raw(true).all(numbered(values)) as number[][]);
    return flattened(rows);
  }

  /** A statement of the open file. Only within `use`. */
  prepared(sql: string): Database.Statement {
    const { sqlite, statements } = this.#open as OpenFile;
    const known = statements.get(sql);
    if (known) return known;
    const statement = sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }

  /** One transaction: all of `work`, or nothing. */
  write<T>(work: (sqlite: Database.Database) => T): T {
    if (this.#options.access !== 'write')
      throw new StoreError('read_only', `the database ${this.#path} was opened for reading only`);
    return this.use((sqlite) => {
      const result = sqlite.transaction(() => work(sqlite)).immediate();
      const open = this.#open as OpenFile;
      open.log = logState(open.realPath);
      return result;
    });
  }

  /** Moves the log into the database where nobody else is reading it, so that a plain copy of the file is whole. */
  emptyLog(): void {
    this.use((sqlite) => {
      const open = this.#open as OpenFile;
      if (!open.log) return;
      const [result] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      if (result?.busy === 0) open.log = undefined;
    });
  }

  /** A different text after every change that another connection made. */
  version(): string {
    // data_version is one connection's own number.
    return this.use((sqlite) => `${this.#timesOpened}.${sqlite.pragma('data_version', { simple: true })}`);
  }

  /** Runs `work` on the file that lies at the path now. */
  use<T>(work: (sqlite: Database.Database) => T): T {
    this.#leaveReplaced();
    try {
      this.#open ??= this.#openFile();
      return work(this.#open.sqlite);
    } catch (error) {
      const problem = storeErrorOf(error, this.#path);
      // A damaged or unreachable file is opened again next time; a lock or a full disk is waited out.
      if (problem instanceof StoreError && !['locked', 'full'].includes(problem.kind)) this.close();
      throw problem;
    }
  }

  close(): void {
    this.#open?.sqlite.close();
    this.#open = undefined;
  }

  #openFile(): OpenFile {
    const { access, lockWait } = this.#options;
    let sqlite: Database.Database | undefined;
    try {
      const path = realPath(this.#path);
      const readonly = access !== 'write';
      sqlite = new Database(path, { readonly, fileMustExist: readonly, timeout: BUSY_TIMEOUT_MS[lockWait] });
      if (!readonly) {
        sqlite.pragma('journal_mode = WAL');
        // With WAL, NORMAL keeps the database whole through a power cut; what it may lose is read from the files again.
        sqlite.pragma('synchronous = NORMAL');
        sqlite.exec(SCHEMA);
      }
      if (access === 'snapshot') sqlite.exec('BEGIN');
      // Reads the file's first page, where a snapshot begins.
      sqlite.pragma('schema_version');
      this.#timesOpened++;
      return { sqlite, realPath: path, identity: fileIdentity(path), statements: new Map() };
    } catch (error) {
      sqlite?.close();
      throw error;
    }
  }

  #leaveReplaced(): void {
    const open = this.#open;
    if (!open || this.#options.access === 'snapshot' || open.identity === fileIdentity(this.#path)) return;
    this.close();
    if (open.log) removeLog(open.realPath, open.log);
    this.#options.onReplaced?.(this.#path);
  }
}

/** Values by the names $1, $2, ... */
const numbered = (values: readonly unknown[]) => Object.fromEntries(values.map((value, i) => [i + 1, value]));
