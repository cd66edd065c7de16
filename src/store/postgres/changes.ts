import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { monotonicSeconds } from '../../monotonic.js';
import { connectedClient } from './connection.js';
import { laterErrorOf, sqlState } from './error.js';
import { LastingClient } from './lasting-client.js';
import { CHANNEL, NOTIFYING } from './schema.js';

/** A connection that broke without a word is noticed by then. */
const CHECK_SECONDS = 15;
const READ_ONLY = '25006';

/** How long a notification has to come, on a connection that is asked whether any do. */
const HEARING_MS = 2000;

/**
 * Notices what others change in the database: by LISTEN where notifications come; by how far the write-ahead log has come on a
 * standby, which has none, behind a pooler of transactions, which keeps them, and where another program's table sends none.
 */
export class Changes {
  readonly #location: string;
  readonly #listener = new LastingClient((lost) => this.#connect(lost));
  #checkedAt = 0;
  #changes = 0;
  /** Notifications come to this connection. */
  #hears = false;
  /** All tables send them. */
  #isTold = false;

  constructor(location: string) {
    this.#location = location;
  }

  /** Another text after every change. Throws a StoreError where the database cannot be reached. */
  async version(): Promise<string> {
    try {
      return await this.#listener.use(async (client) => {
        if (monotonicSeconds() - this.#checkedAt > CHECK_SECONDS) {
          this.#checkedAt = monotonicSeconds();
          this.#isTold = await tablesNotify(client);
        }
        return this.#hears && this.#isTold ? String(this.#changes) : logPosition(client);
      });
    } catch (error) {
      // What was told while nobody listened is not known.
      this.#changes++;
      throw laterErrorOf(error, this.#location);
    }
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  async #connect(lost: () => void): Promise<pg.Client> {
    const probe = `pointing_probe_${randomUUID().replaceAll('-', '')}`;
    let hear = () => {};
    const heard = new Promise<void>((resolve) => {
      hear = resolve;
    });
    const client = await connectedClient(this.#location, (each) => {
      each.on('notification', ({ channel }) => (channel === probe ? hear() : this.#changes++));
      each.on('error', () => {
        this.#changes++;
        lost();
      });
    });
    try {
      this.#hears = (await listen(client, probe)) && (await this.#isHeard(probe, heard));
      this.#isTold = await tablesNotify(client);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.#checkedAt = monotonicSeconds();
    return client;
  }

  /** Whether a notification that another connection sends comes. */
  async #isHeard(probe: string, heard: Promise<void>): Promise<boolean> {
    const other = await connectedClient(this.#location, (each) => void each.on('error', () => {}));
    try {
      await other.query(`NOTIFY ${probe}`);
      return await Promise.race([heard.then(() => true), sleep(HEARING_MS, false)]);
    } finally {
      await other.end().catch(() => {});
    }
  }
}

/** False where the server is a standby and cannot. */
async function listen(client: pg.Client, probe: string): Promise<boolean> {
  try {
    await client.query(`LISTEN ${CHANNEL}`);
    await client.query(`LISTEN ${probe}`);
    return true;
  } catch (error) {
    if (sqlState(error) === READ_ONLY) return false;
    throw error;
  }
}

/** False also where there are no tables yet: nobody would tell that they were made. */
async function tablesNotify(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ all: boolean | null }>(
    `SELECT bool_and(EXISTS (SELECT 1 FROM pg_trigger
       WHERE tgrelid = to_regclass(name) AND tgname = 'pointing_changed' AND tgenabled IN ('O', 'A'))) AS all
     FROM unnest($1::text[]) AS t (name) WHERE to_regclass(name) IS NOT NULL`,
    [NOTIFYING],
  );
  return rows[0]?.all === true;
}

/** It moves with every change in any database of the server. */
async function logPosition(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ at: string }>(
    `SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END)::text AS at`,
  );
  return rows[0]?.at ?? '';
}
