import type { ListedFile } from '../native/outcome.js';
import { ALWAYS, type MjdUtc } from '../units.js';
import type { StoredInstrument } from './instruments.js';
import { plausibleRange } from './plausible.js';
import * as queries from './queries.js';
import type {
  ClassifiedFile,
  FailedFile,
  FileRows,
  HostStatus,
  TransitRow,
  UnattributedRow,
  UnmatchedFiles,
  UnsettledCount,
  UnsettledState,
} from './rows.js';
import { type SqlDatabase, type SqlReaderOptions, SqlSession } from './sql-session.js';

const UNREAD: ClassifiedFile = { state: 'unread', errorCode: null };

/** What a products database has beside its history: the ledger of files, instruments, monitors and transits. */
export class LedgerReader {
  protected readonly session: SqlSession;
  protected readonly options: SqlReaderOptions;

  constructor(database: SqlDatabase, options: SqlReaderOptions) {
    this.options = options;
    this.session = new SqlSession(database, options);
  }

  /** For other readers of this database: not 0 once one of them has found the history. */
  get seen(): Int32Array {
    return this.session.seen;
  }

  /** Throws a StoreError if the database is missing or cannot be read, also where a missing one is read as empty. */
  async requireDatabase(): Promise<void> {
    await this.session.database.version();
  }

  /** A different text after every change made through another connection; the same as long as nothing changes. */
  version(): Promise<string> {
    return this.session.emptyIfMissing(() => this.session.database.version(), 'none');
  }

  /** One state for each file, in the order given. Where hosts share the database, of this reader's host. */
  classify(files: readonly ListedFile[]): Promise<ClassifiedFile[]> {
    return this.session.read(
      (sources) => this.session.database.classify(files, sources),
      files.map(() => UNREAD),
    );
  }

  /** Compares the whole ledger with the history. */
  async unmatchedFiles(): Promise<UnmatchedFiles> {
    const [count] = await this.session.query<{ files: number }>(queries.unmatchedCount);
    const first = await this.session.query<{ path: string }>(queries.unmatchedFirst);
    return { files: count?.files ?? 0, first: first.map(({ path }) => path) };
  }

  /** The time of a file's row; undefined where the ledger has no such file, or no row for it. */
  async timeOfFile(path: string): Promise<MjdUtc | undefined> {
    // No path has it, and PostgreSQL refuses it.
    if (path.includes('\0')) return undefined;
    const [row] = await this.session.query<{ timestamp: MjdUtc }>(queries.timeOfFile, [path]);
    return row?.timestamp;
  }

  /** At most `limit` observations of one of the hosts that share a database, from a time on: the newest first. */
  async timesOfHost(host: string, fromMjdUtc: MjdUtc, limit: number): Promise<MjdUtc[]> {
    const values = [...plausibleRange(fromMjdUtc, ALWAYS.toMjdUtc), host, limit];
    const rows = await this.session.query<{ timestamp: MjdUtc }>(queries.timesOfHost, values);
    return rows.map(({ timestamp }) => timestamp);
  }

  /** Files without a row, latest first: those that have failed, or those that are retried. */
  failures(limit: number, state: UnsettledState = 'failed'): Promise<FailedFile[]> {
    return this.session.query(queries.failures, [limit, state]);
  }

  /** How many files are in a state other than `stored`, by what is wrong with them. Costs nothing, however many are stored. */
  unsettledByCode(): Promise<UnsettledCount[]> {
    return this.session.query(queries.unsettledByCode);
  }

  /** The same by state. */
  async unsettledFiles(): Promise<Record<UnsettledState, number>> {
    const total = { waiting: 0, failed: 0 };
    for (const { state, files } of await this.unsettledByCode()) total[state] += files;
    return total;
  }

  /** By host. Empty in SQLite, where each host keeps its own file. */
  hostStatuses(): Promise<HostStatus[]> {
    return this.session.query(queries.hostStatuses);
  }

  /** Hosts that have files in the ledger. Empty in SQLite. */
  async ledgerHosts(): Promise<string[]> {
    return (await this.session.query<{ host: string }>(queries.ledgerHosts)).map(({ host }) => host);
  }

  /** How many rows `files` and `unattributedHistory` give. */
  async countRows(): Promise<number> {
    const [row] = await this.session.query<{ rows: number }>(queries.countRows);
    return row?.rows ?? 0;
  }

  /** The ledger by host and path, some thousand rows at a time. */
  async *files(): AsyncGenerator<FileRows[]> {
    type Row = Omit<FileRows, 'instrument'> & { readonly instrumentId: number | null };
    const known = new Map((await this.instruments()).map((each) => [each.id, each]));
    const pages = this.session.pages<Row>(queries.files, ['', ''], ({ host, path }) => [host, path]);
    for await (const rows of pages) {
      yield rows.map(({ instrumentId, ...row }) => ({
        ...row,
        instrument: (instrumentId !== null && known.get(instrumentId)) || null,
      }));
    }
  }

  /** History rows without a file, plausible or not, some thousand at a time. */
  unattributedHistory(): AsyncGenerator<UnattributedRow[]> {
    return this.session.pages<UnattributedRow>(
      queries.unattributedHistory,
      [Number.NEGATIVE_INFINITY],
      ({ timestamp }) => [timestamp],
    );
  }

  async *transits(): AsyncGenerator<TransitRow[]> {
    // Made when first written to.
    this.session.forgetSources();
    yield await this.session.query<TransitRow>(queries.transits);
  }

  async instruments(): Promise<StoredInstrument[]> {
    type Row = Omit<StoredInstrument, 'site'> & StoredInstrument['site'];
    const rows = await this.session.query<Row>(queries.instruments);
    return rows.map(({ latitudeDeg, longitudeDeg, altitudeM, ...row }) => ({
      ...row,
      site: { latitudeDeg, longitudeDeg, altitudeM },
    }));
  }

  /** Throws a StoreError where the ledger has columns that this version does not know, and would lose in a copy. */
  requireKnownLedger(): Promise<void> {
    return this.session.requireKnownLedger();
  }

  close(): Promise<void> {
    return this.session.database.close();
  }
}
