import type pg from 'pg';
import { StoreError } from '../../errors.js';
import { publicName } from '../location.js';
import { connectedClient, requireReadWrite, WITHOUT_LIMIT } from './connection.js';
import { laterErrorOf } from './error.js';
import { LastingClient } from './lasting-client.js';

/**
 * A lock of one transaction that stays open, since a pooler gives each transaction a session of its own. The server releases it when
 * the process ends; another host's death shows within half a minute.
 */
const BEGIN = `BEGIN; ${WITHOUT_LIMIT};
  SET LOCAL tcp_keepalives_idle = 15; SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 3`;
const KEY = "hashtextextended('pointing-monitor ' || current_schema() || ' ' || $1, 0)";

/**
 * One monitor at a time writes under a host's name: two would take each other's files for changed ones, and lose rows. Backfills
 * and commands of the same host need no claim.
 */
export class HostClaim {
  readonly #location: string;
  readonly #host: string;
  readonly #holder = new LastingClient((lost) => this.#claim(lost));

  constructor(location: string, host: string) {
    this.#location = location;
    this.#host = host;
  }

  /** Throws a StoreError where another monitor has the name. */
  hold(): Promise<void> {
    return this.#use(() => {});
  }

  /** The same, and asks the server whether this session is still there. */
  renew(): Promise<void> {
    return this.#use((client) => client.query('SELECT 1'));
  }

  release(): Promise<void> {
    return this.#holder.close();
  }

  async #use(work: (client: pg.Client) => unknown): Promise<void> {
    try {
      await this.#holder.use(work);
    } catch (error) {
      throw laterErrorOf(error, this.#location);
    }
  }

  async #claim(lost: () => void): Promise<pg.Client> {
    // At a standby the name would stay held after writes are back at the primary, where another monitor could take it.
    const client = await connectedClient(
      this.#location,
      // One that is passed over is not the one that is lost.
      (each) => void each.on('error', () => {}),
      async (each) => {
        await each.query(BEGIN);
        await requireReadWrite(each, this.#location);
      },
    );
    client.on('error', lost);
    try {
      const { rows } = await client.query<{ held: boolean }>(
        `SELECT pg_try_advisory_xact_lock(${KEY}) AS held`,
        [this.#host],
      );
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
