import pg from 'pg';

const LOCK = 1;

/**
 * Holds up every backfill into a PostgreSQL database after its first rows: each connection's first transaction is let
 * through, later ones wait. So a backfill can be ended in its middle for certain, however fast or slow it is. The tables
 * must be there. It opens when it is told to, or when the server ends.
 */
export class Gate {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async close(productsDb: string): Promise<Gate> {
    const client = new pg.Client({ connectionString: productsDb });
    client.on('error', () => {});
    await client.connect();
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    await client.query(`
      CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_setting('gate.passed', true) = 'yes' THEN PERFORM pg_advisory_xact_lock_shared(${LOCK});
        ELSE PERFORM set_config('gate.passed', 'yes', false);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER gate BEFORE INSERT ON pointing_files FOR EACH STATEMENT EXECUTE FUNCTION gate()`);
    return new Gate(client);
  }

  async open(): Promise<void> {
    await this.#client.end();
  }
}
