import type pg from 'pg';
import { StoreError } from '../../errors.js';
import { publicName } from '../location.js';
import { connectedClient } from './connection.js';
import { storeErrorOf } from './error.js';

/** A lock of the session, which the server releases when the process ends. Another host's death shows within half a minute. */
const KEEPALIVE =
  'SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3';
const KEY = "hashtextextended('pointing-monitor ' || current_schema() || ' ' || $1, 0)";

/**
 * One monitor at a time writes under a host's name: two would take each other's files for changed ones, and lose rows. Backfills
 * and commands of the same host need no claim.
 */
export class HostClaim {
  readonly #location: string;
  readonly #host: string;
  #client: Promise<pg.Client> | undefined;

  constructor(location: string, host: string) {
    this.#location = location;
    this.#host = host;
  }

  /** Throws a StoreError where another monitor has the name. */
  async hold(): Promise<void> {
    this.#client ??= this.#claim();
    try {
      await this.#client;
    } catch (error) {
      this.#client = undefined;
      throw storeErrorOf(error, this.#location);
    }
  }

  /** The same, and asks the server whether this session is still there. */
  async renew(): Promise<void> {
    await this.hold();
    try {
      await (await this.#client)?.query('SELECT 1');
    } catch (error) {
      await this.release();
      throw storeErrorOf(error, this.#location);
    }
  }

  async release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.then((each) => each.end()).catch(() => {});
  }

  async #claim(): Promise<pg.Client> {
    const lost = () => {
      this.#client = undefined;
    };
    const client = await connectedClient(this.#location, (each) => void each.on('error', lost));
    try {
      await client.query(KEEPALIVE);
      const { rows } = await client.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${KEY}) AS held`, [
        this.#host,
      ]);
      if (!rows[0]?.held) throw await this.#taken(client);
      client.on('end', lost);
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  }

  async #taken(client: pg.Client): Promise<StoreError> {
    const { rows } = await client.query<{ address: string | null }>(
      `SELECT host(a.client_addr) AS address FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
       WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = ${KEY}`,
      [this.#host],
    );
    const address = rows[0]?.address;
    return new StoreError(
      'host_taken',
      `another monitor${address ? `, from ${address},` : ''} writes to the database ${publicName(this.#location)} as the host ${this.#host}: give this one a name of its own with PIPELINE_HOST`,
    );
  }
}
