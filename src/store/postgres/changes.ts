import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { monotonicSeconds } from '../../monotonic.js';
import { connectedClient } from './connection.js';
import { laterErrorOf, sqlState } from './error.js';
import { LastingClient } from './lasting-client.js';
import { CHANNEL } from './schema.js';

/** A connection that broke without a word is noticed by then. */
const CHECK_SECONDS = 15;
const READ_ONLY = '25006';

/** How long a notification has to come, on a connection that is asked whether any do. */
const HEARING_MS = 2000;

/**
 * Notices what others change in the database: by LISTEN where notifications come; on a standby, which has none, and behind
 * a pooler of transactions, which keeps them, by how far the write-ahead log has come.
 */
export class Changes {
  readonly #location: string;
  readonly #listener = new LastingClient((lost) => this.#connect(lost));
  #checkedAt = 0;
  #changes = 0;
  #polls = false;

  constructor(location: string) {
    this.#location = location;
  }

  /** Another text after every change. Throws a StoreError where the database cannot be reached. */
  async version(): Promise<string> {
    try {
      return await this.#listener.use(async (client) => {
        if (this.#polls) return logPosition(client);
        if (monotonicSeconds() - this.#checkedAt > CHECK_SECONDS) {
          this.#checkedAt = monotonicSeconds();
          await client.query('SELECT 1');
        }
        return String(this.#changes);
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
      this.#polls = !(await listen(client, probe)) || !(await this.#isHeard(probe, heard));
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

/** It moves with every change in any database of the server. */
async function logPosition(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ at: string }>(
    `SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END)::text AS at`,
  );
  return rows[0]?.at ?? '';
}
