import type pg from 'pg';
import { connectedClient } from './connection.js';
import { sqlState, storeErrorOf } from './error.js';
import { CHANNEL } from './schema.js';

/** A connection that broke without a word is noticed by then. */
const CHECK_MS = 15_000;
const READ_ONLY = '25006';

/** Notices what others change in the database: by LISTEN, or on a standby, which has none, by how far it has followed. */
export class Changes {
  readonly #location: string;
  #client: Promise<pg.Client> | undefined;
  #checkedAt = 0;
  #changes = 0;
  #standby = false;

  constructor(location: string) {
    this.#location = location;
  }

  /** Another text after every change. Throws a StoreError where the database cannot be reached. */
  async version(): Promise<string> {
    try {
      this.#client ??= this.#connect();
      const client = await this.#client;
      if (this.#standby) return await followed(client);
      if (Date.now() - this.#checkedAt > CHECK_MS) {
        this.#checkedAt = Date.now();
        await client.query('SELECT 1');
      }
      return String(this.#changes);
    } catch (error) {
      await this.close();
      throw storeErrorOf(error, this.#location);
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // What was told while nobody listened is not known.
    this.#changes++;
    await client?.then((each) => each.end()).catch(() => {});
  }

  async #connect(): Promise<pg.Client> {
    const client = await connectedClient(this.#location, (each) => {
      each.on('notification', () => this.#changes++);
      each.on('error', () => {
        this.#changes++;
        this.#client = undefined;
      });
    });
    try {
      this.#standby = await listen(client);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.#checkedAt = Date.now();
    return client;
  }
}

/** True where the server is a standby and cannot. */
async function listen(client: pg.Client): Promise<boolean> {
  try {
    await client.query(`LISTEN ${CHANNEL}`);
    return false;
  } catch (error) {
    if (sqlState(error) === READ_ONLY) return true;
    throw error;
  }
}

async function followed(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ at: string }>('SELECT pg_last_wal_replay_lsn()::text AS at');
  return rows[0]?.at ?? '';
}
