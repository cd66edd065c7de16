import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { StoreError } from '../../errors.js';
import { kept } from '../../maps.js';
import { publicName } from '../location.js';
import { attemptsOf } from './address.js';
import { firstThatWorks, nextServer } from './attempts.js';
import { isReadOnlyServer, laterErrorOf } from './error.js';

/** Servers before this one lack what is used here. */
const MIN_SERVER_VERSION = 150_000;
const CONNECT_MS = 5000;
/** The server ends a query after this time, with an error. */
const ANSWER_MS = 30_000;
/** Without a word from it by then it counts as unreachable. */
const SILENCE_MS = ANSWER_MS + 5000;
const IDLE_MS = 60_000;
const BIGINT = 20;

/** 64-bit integers come as numbers: sizes and microseconds since 1970 stay below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT ? Number : pg.types.getTypeParser(oid, format ?? 'text')) as typeof pg.types.getTypeParser,
};

const COMMON = {
  connectionTimeoutMillis: CONNECT_MS,
  query_timeout: SILENCE_MS,
  keepAlive: true,
  types,
} as const satisfies pg.ClientConfig;

/** The library looks for a password file of its own, with its own complaints, unless it gets a function. */
const configOf = (attempt: pg.ClientConfig): pg.ClientConfig => ({
  ...attempt,
  ...COMMON,
  password: () => attempt.password as string,
});

/**
 * Our tables are those of one schema, the first that the user's search_path has. Nothing in another schema, and no temporary table,
 * can take their place, whatever is created or set later. Numbers come with all of their digits, whatever is set for others. A query
 * that nobody waits for any more, for a lock or long, ends at the server as well: they would take all of its connections.
 */
const pinSettings = (answerMs: number) => `SELECT set_config('extra_float_digits', '1', false),
  set_config('statement_timeout', '${answerMs}', false), CASE WHEN current_schema() IS NOT NULL
  THEN set_config('search_path', quote_ident(current_schema()) || ', pg_temp', false) END`;

/** For a transaction that may stay open for as long as it likes. Servers before 17 limit only its idle time. */
export const WITHOUT_LIMIT = `SET LOCAL idle_in_transaction_session_timeout = 0;
  SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout'`;

type ConnectCallback = Parameters<pg.Client['connect']>[0];

/** The library leaves the socket open where it gives up by itself, as without a password, and the process cannot end. */
class ClosingClient extends pg.Client {
  /** The pool's own limit is for how long one of its connections is waited for, too; it hides the password from copies. */
  constructor(config: pg.ClientConfig = {}) {
    super({ ...config, password: config.password, connectionTimeoutMillis: CONNECT_MS });
  }
  override connect(): Promise<pg.Client>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.Client> | undefined {
    if (!callback) return super.connect();
    super.connect((error: Error | null) => {
      if (error) void this.end();
      (callback as (error: Error | null) => void)(error);
    });
    return undefined;
  }
}

/**
 * A client that is connected by the first way that works. `prepare` gets each before it connects, `accept` after; where that throws that
 * the server is read-only, the next is tried. The caller ends it.
 */
export async function connectedClient(
  location: string,
  prepare: (client: pg.Client) => void,
  accept: (client: pg.Client) => Promise<void> = async () => {},
): Promise<pg.Client> {
  const { result } = await firstThatWorks(attemptsOf(location), 0, async (attempt) => {
    const client = new pg.Client(configOf(attempt));
    prepare(client);
    try {
      await client.connect();
      await client.query(pinSettings(ANSWER_MS));
      await accept(client);
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  });
  return result;
}

/** Throws a StoreError where the transaction that the client is in cannot write. */
export async function requireReadWrite(client: pg.ClientBase, location: string): Promise<void> {
  const { rows } = await client.query<{ read_only: string }>(
    "SELECT current_setting('transaction_read_only') AS read_only",
  );
  if (rows[0]?.read_only === 'on')
    throw new StoreError(
      'read_only',
      `the database ${publicName(location)} is not writable: it is a standby or set to read-only`,
    );
}

interface Connected {
  readonly client: pg.PoolClient;
  /** The way to its server. */
  readonly index: number;
}

/** A few connections to one database, made when first needed and again when they broke. */
export class Connections {
  readonly #location: string;
  #attempts: readonly pg.ClientConfig[];
  readonly #max: number;
  readonly #answerMs: number;
  /** One for each way that was tried. */
  readonly #pools = new Map<number, pg.Pool>();
  /** Where to begin: the way that worked last, or the next server after one that could not be written. */
  #current = 0;

  /** The server ends a query after `answerMs`. Throws a UsageError for a location that cannot be one. */
  constructor(location: string, max: number, answerMs = ANSWER_MS) {
    this.#location = location;
    this.#attempts = attemptsOf(location);
    this.#max = max;
    this.#answerMs = answerMs;
  }

  async #connect(): Promise<Connected> {
    try {
      return await this.#connectAsRead();
    } catch (error) {
      if (!this.#readAgain()) throw error;
      return this.#connectAsRead();
    }
  }

  /** Whether a password, a certificate or a service that the location names is another than when it was read. */
  #readAgain(): boolean {
    const attempts = attemptsOf(this.#location);
    if (isDeepStrictEqual(attempts, this.#attempts)) return false;
    this.#attempts = attempts;
    this.#current = 0;
    for (const pool of this.#pools.values()) void pool.end();
    this.#pools.clear();
    return true;
  }

  async #connectAsRead(): Promise<Connected> {
    const { result: client, index } = await firstThatWorks(this.#attempts, this.#current, (_, i) =>
      kept(this.#pools, i, () => this.#open(i)).connect(),
    );
    this.#current = index;
    return { client, index };
  }

  #open(index: number): pg.Pool {
    const pool = new pg.Pool({
      ...configOf(this.#attempts[index] as pg.ClientConfig),
      Client: ClosingClient,
      onConnect: (client) => client.query(pinSettings(this.#answerMs)),
      max: this.#max,
      connectionTimeoutMillis: ANSWER_MS,
      idleTimeoutMillis: IDLE_MS,
    });
    // An idle connection that breaks is replaced at the next use; that use tells if the server is gone.
    pool.on('error', () => {});
    // The pool listens to idle connections alone. One that breaks as it is handed out, in use or discarded tells its query, if any;
    // an error that nobody listens to would end the process.
    pool.on('connect', (client) => void client.on('error', () => {}));
    return pool;
  }

  /** Runs `work` with a connection. Throws a StoreError if the database fails. */
  async use<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let connected: Connected | undefined;
    let broken = true;
    try {
      connected = await this.#connect();
      const result = await work(connected.client);
      broken = false;
      return result;
    } catch (error) {
      const problem = laterErrorOf(error, this.#location);
      // What the server refused leaves the connection well; anything else may have left an answer under way. The severity it gives is in
      // the server's own language.
      broken =
        !(error instanceof pg.DatabaseError) ||
        (problem instanceof StoreError && problem.kind === 'unreachable');
      if (connected && isReadOnlyServer(problem)) {
        broken = true;
        // The primary may be back, or be the one that was the standby. Of several that failed here, only the first moves on.
        if (this.#current === connected.index) this.#current = nextServer(this.#attempts, this.#current);
      }
      throw problem;
    } finally {
      connected?.client.release(broken);
    }
  }

  /** One transaction: all of `work`, or nothing. Waits for other programs' locks at most so long. */
  async transaction<T>(lockSeconds: number, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.use(async (client) => {
      try {
        await client.query(
          `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '${lockSeconds}s'; SET LOCAL statement_timeout = '${this.#answerMs}'`,
        );
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        // On a broken connection the server rolls back by itself.
        await client.query('ROLLBACK').catch(() => {});
        throw error;
      }
    });
  }

  /** Throws a StoreError where the server is too old, or the database cannot hold every name of a file. */
  async requireUsable(): Promise<void> {
    await this.use(async (client) => {
      const { rows } = await client.query<{ version: string; number: number; encoding: string }>(
        `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
           current_setting('server_encoding') AS encoding`,
      );
      const { version, number, encoding } = rows[0] as { version: string; number: number; encoding: string };
      if (number < MIN_SERVER_VERSION)
        throw new StoreError('unusable', `PostgreSQL ${version} is too old: use 15 or later`);
      if (encoding !== 'UTF8') {
        throw new StoreError(
          'unusable',
          `the database ${publicName(this.#location)} has the encoding ${encoding}, which cannot hold every file name: create one with "createdb --encoding=UTF8 --template=template0"`,
        );
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }
}
