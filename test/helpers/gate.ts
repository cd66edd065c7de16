import pg from 'pg';

const LOCK = 1;

/**
 * Holds up every shard of a backfill into a PostgreSQL database after its first transaction, so that it can be ended in its
 * middle for certain, however fast or slow it is. The tables must be there. It opens when it is told to, or when the server
 * ends.
 */
export class Gate {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** `shares` are the paths of each shard. */
  static async close(productsDb: string, shares: readonly (readonly string[])[]): Promise<Gate> {
    const client = new pg.Client({ connectionString: productsDb });
    client.on('error', () => {});
    await client.connect();
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    await client.query(`
      CREATE TABLE gate_shards (path text PRIMARY KEY, shard int);
      CREATE TABLE gate_passed (shard int PRIMARY KEY);
      CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO gate_passed SELECT DISTINCT shard FROM added JOIN gate_shards USING (path) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN PERFORM pg_advisory_xact_lock_shared(${LOCK}); END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER gate AFTER INSERT ON pointing_files REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION gate()`);
    await client.query('INSERT INTO gate_shards SELECT * FROM unnest($1::text[], $2::int[])', [
      shares.flat(),
      shares.flatMap((paths, shard) => paths.map(() => shard)),
    ]);
    return new Gate(client);
  }

  /** Breaks all backfills' connections, so that nothing that waits here for a shard that is dead can go through later. */
  async turnAway(): Promise<void> {
    await this.#client.query(
      `SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity
       WHERE application_name = 'pointing-monitor' AND datname = current_database()`,
    );
  }

  async open(): Promise<void> {
    await this.#client.end();
  }
}
