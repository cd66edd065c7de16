import { closeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { StoreError } from '../../errors.js';
import { isSystemError, missingDatabase, storeErrorOf } from './error.js';
import { KnownDatabase, type KnownDatabaseOptions } from './known.js';
import {
  fileContent,
  fileIdentity,
  hasLog,
  hold,
  isDeleted,
  isOwnLog,
  type LogState,
  logState,
  realPath,
  setLogAside,
  shareLog,
} from './log.js';
import { migrate, requireKnownTables } from './migrate.js';
import { Statements } from './statements.js';

/**
 * How long a statement waits for another program's lock, which blocks the thread. `short` for services, whose event loop must
 * go on and which try again by themselves: with a write-ahead log readers hardly ever wait. `long` for commands.
 */
export const BUSY_TIMEOUT_MS = { short: 100, long: 10_000 } as const;
export type LockWait = keyof typeof BUSY_TIMEOUT_MS;

/** Readers go through the history from one end to the other, which the library's 16 MB make no faster. */
const READER_CACHE_KIB = 2000;

/** `read` and `snapshot` change nothing; a snapshot stays at the moment it was opened. */
export type SqliteAccess = 'write' | 'read' | 'snapshot';

export interface SqliteFileOptions extends KnownDatabaseOptions {
  readonly access: SqliteAccess;
  readonly lockWait: LockWait;
  /** Called when the open file was found to be deleted or replaced, with the path; work goes on with the new one. */
  readonly onReplaced?: ((path: string) => void) | undefined;
}

/** No file's identity. */
const DELETED = 'deleted';

/** A file that is or was open. */
interface Seen {
  readonly realPath: string;
  /** `DELETED` once its number can be given to another. */
  readonly identity: string;
  /** Of a writer: keeps the inode's number from being given to another file. */
  readonly held: number | undefined;
  /** When last seen. */
  log: LogState;
}

interface OpenFile {
  readonly sqlite: Database.Database;
  readonly seen: Seen;
  /** Set where SQLite takes it for a file that does not change, and would not notice: what it looked like when it was opened. */
  readonly immutable: string | undefined;
  readonly statements: Statements;
}

/**
 * One SQLite file. It is opened when first used, and again after another file took its place, so a database that was deleted,
 * replaced or unreadable is in use again as soon as it can be.
 */
export class SqliteFile {
  readonly #path: string;
  readonly #options: SqliteFileOptions;
  readonly #known: KnownDatabase;
  #open: OpenFile | undefined;
  /** The file that was open last: what lies at the path now may be another. */
  #last: Seen | undefined;
  #isMoveTold = false;
  #timesOpened = 0;
  #inUse = false;

  constructor(path: string, options: SqliteFileOptions) {
    // Native code reads this once, when it is loaded, and from a thread that is started later it cannot be set. Our other locations are
    // absolute paths, which it does not concern.
    process.env.SQLITE_USE_URI ??= '1';
    this.#path = path;
    this.#options = options;
    this.#known = new KnownDatabase(path, options);
  }

  /** Runs a statement, prepared once, with values for $1, $2, ... */
  rows<Row>(sql: string, values: readonly unknown[] = []): Row[] {
    return this.use(() => this.#statements.rows<Row>(sql, values));
  }

  /** The same for columns of numbers, row by row in one array. */
  numbers(sql: string, values: readonly unknown[]): Float64Array {
    return this.use(() => this.#statements.numbers(sql, values));
  }

  /** The same for a statement that gives no rows. Returns how many it changed. */
  run(sql: string, values: readonly unknown[] = []): number {
    return this.use(() => this.#statements.run(sql, values));
  }

  /** A statement of the open file. Only within `use`. */
  prepared(sql: string): Database.Statement {
    return this.#statements.prepared(sql);
  }

  get #statements(): Statements {
    return (this.#open as OpenFile).statements;
  }

  /** One transaction: all of `work`, or nothing. */
  write<T>(work: (sqlite: Database.Database) => T): T {
    return this.use((sqlite) => {
      const result = sqlite.transaction(() => work(sqlite)).immediate();
      const { seen } = this.#open as OpenFile;
      onceCommitted(() => {
        seen.log = logState(seen.realPath);
      });
      return result;
    });
  }

  /** From now on this host knows the database, and a missing one is an error. */
  noteRows(): void {
    onceCommitted(() => this.#known.note());
  }

  /**
   * Throws a StoreError unless the file can be written now. Moves the log into it where nobody else is reading it, so that a
   * plain copy of the file is whole.
   */
  check(): void {
    this.use((sqlite) => {
      sqlite.exec('BEGIN IMMEDIATE');
      sqlite.exec('ROLLBACK');
      requireKnownTables(sqlite, this.#path);
      const { seen } = this.#open as OpenFile;
      if (hasLog(seen.realPath)) sqlite.pragma('wal_checkpoint(TRUNCATE)');
      seen.log = logState(seen.realPath);
    });
  }

  /** A different text after every change that another connection made. */
  version(): string {
    // data_version is one connection's own number.
    return this.use((sqlite) => `${this.#timesOpened}.${sqlite.pragma('data_version', { simple: true })}`);
  }

  /** Runs `work` on the file that lies at the path now, and to its end on that one. Throws a StoreError. */
  use<T>(work: (sqlite: Database.Database) => T): T {
    if (this.#inUse) return work((this.#open as OpenFile).sqlite);
    try {
      this.#leaveMoved();
      this.#inUse = true;
      this.#open ??= this.#openFile();
      return work(this.#open.sqlite);
    } catch (error) {
      const problem = storeErrorOf(error, this.#path);
      // A damaged or unreachable file is opened again next time; a lock or a full disk is waited out, a refused row is not the file's fault.
      if (problem instanceof StoreError && !['locked', 'full', 'refused'].includes(problem.kind))
        this.#leave();
      throw problem;
    } finally {
      this.#inUse = false;
    }
  }

  /** The last connection to close moves the log into the file; this one does so too where others go on reading. */
  close(): void {
    try {
      this.#leaveMoved();
      if (this.#options.access === 'write') this.#open?.sqlite.pragma('wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // What is wrong with the file has been reported to the caller that met it; its log stays.
      if (!(error instanceof Database.SqliteError || isSystemError(error))) throw error;
    } finally {
      this.#leave();
      this.#forget();
    }
  }

  #leave(): void {
    this.#open?.sqlite.close();
    this.#open = undefined;
  }

  #openFile(): OpenFile {
    let path = realPath(this.#path);
    // Before it is opened: a file that takes this one's place meanwhile is then noticed at the next use.
    const identity = fileIdentity(path);
    let sqlite: Database.Database | undefined;
    let immutable: string | undefined;
    try {
      if (this.#options.access === 'write') sqlite = this.#openToWrite(path, identity);
      else [sqlite, immutable] = this.#openToRead(path, identity);
      this.#timesOpened++;
      // A link whose target was just made leads somewhere only now.
      if (identity === '') path = realPath(this.#path);
      const log = immutable === undefined ? logState(path) : undefined;
      const opened = identity || fileIdentity(path);
      const held = this.#options.access === 'write' ? hold(path) : undefined;
      const seen: Seen = { realPath: path, identity: opened, held, log };
      const before = this.#last?.identity;
      this.#forget();
      this.#last = seen;
      if (before !== undefined && before !== seen.identity && !this.#isMoveTold)
        this.#options.onReplaced?.(this.#path);
      this.#isMoveTold = false;
      return { sqlite, seen, immutable, statements: new Statements(sqlite) };
    } catch (error) {
      sqlite?.close();
      throw error;
    } finally {
      shareLog(path);
    }
  }

  #openToWrite(path: string, identity: string): Database.Database {
    this.#letGoIfDeleted();
    this.#known.requirePresent();
    // A link that leads elsewhere now leaves the database as it was, with its log.
    if (this.#last?.realPath === path && this.#last.identity !== identity) setLogAside(path, this.#last.log);
    const sqlite = this.#connect(path, false);
    try {
      this.#known.requireSame(hasRows(sqlite));
      sqlite.pragma('journal_mode = WAL');
      // With WAL, NORMAL keeps the database whole through a power cut; what it may lose is read from the files again.
      sqlite.pragma('synchronous = NORMAL');
      migrate(sqlite, this.#path);
      return sqlite;
    } catch (error) {
      sqlite.close();
      throw error;
    }
  }

  /** Where neither log nor index can be made, a file without a log is read as one that cannot change. */
  #openToRead(path: string, identity: string): [sqlite: Database.Database, immutable: string | undefined] {
    if (identity === '') throw missingDatabase(this.#path);
    try {
      return [this.#begin(this.#connect(path, true)), undefined];
    } catch (error) {
      if (!(error instanceof Database.SqliteError && /^SQLITE_(READONLY|CANTOPEN)/.test(error.code)))
        throw error;
      if (hasLog(path)) throw cannotMakeIndex(this.#path, error);
      const content = fileContent(path);
      return [this.#begin(this.#connect(`${pathToFileURL(path)}?immutable=1`, true)), content];
    }
  }

  /** Reads the file's first page, where a snapshot begins. */
  #begin(sqlite: Database.Database): Database.Database {
    try {
      sqlite.pragma(`cache_size = -${READER_CACHE_KIB}`);
      if (this.#options.access === 'snapshot') sqlite.exec('BEGIN');
      sqlite.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
      return sqlite;
    } catch (error) {
      sqlite.close();
      throw error;
    }
  }

  #connect(location: string, readonly: boolean): Database.Database {
    const timeout = BUSY_TIMEOUT_MS[this.#options.lockWait];
    return new Database(location, { readonly, fileMustExist: readonly, timeout });
  }

  #leaveMoved(): void {
    const open = this.#open;
    if (!open || this.#options.access === 'snapshot') return;
    const { immutable, seen } = open;
    if (seen.identity === fileIdentity(this.#path)) {
      // A log can have come and gone since the last look.
      const isStill = immutable === undefined || immutable === fileContent(seen.realPath);
      if (!isStill || (immutable !== undefined && hasLog(seen.realPath))) this.#leave();
      return;
    }
    if (this.#options.access === 'write' && isOwnLog(seen.realPath, seen.identity, seen.log)) {
      moveLogInto(open.sqlite);
      seen.log = logState(seen.realPath);
    }
    this.#leave();
    this.#isMoveTold = true;
    this.#options.onReplaced?.(this.#path);
  }

  /** What is held takes its space on the disk. */
  #letGoIfDeleted(): void {
    const { held } = this.#last ?? {};
    if (!this.#last || held === undefined || !isDeleted(held)) return;
    closeSync(held);
    this.#last = { ...this.#last, held: undefined, identity: DELETED };
  }

  #forget(): void {
    if (this.#last?.held !== undefined) closeSync(this.#last.held);
    this.#last = undefined;
  }
}

/** As far as nobody reads from the log: the rest stays there. */
function moveLogInto(sqlite: Database.Database): void {
  try {
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}

/** The rows are safe, whatever the file system does not tell now: the next use of the file reports that. */
function onceCommitted(look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

function hasRows(sqlite: Database.Database): boolean {
  try {
    return sqlite.prepare('SELECT 1 FROM pointing_history LIMIT 1').get() !== undefined;
  } catch (error) {
    if (error instanceof Database.SqliteError && /^no such table/.test(error.message)) return false;
    throw error;
  }
}

const cannotMakeIndex = (path: string, cause: unknown) =>
  new StoreError(
    'read_only',
    `the database ${path} cannot be read where its directory cannot be written, for its write-ahead log: start its monitor, or copy it elsewhere with its log`,
    { cause },
  );
