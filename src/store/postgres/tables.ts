import type { PoolClient } from 'pg';
import { StoreError } from '../../errors.js';
import type { Connections } from './connection.js';
import {
  HISTORY_TABLE,
  LEDGER_TABLE,
  NOTIFY_FUNCTION,
  notifyTrigger,
  SCHEMA_LOCK,
  STATUS_TABLE,
  TRANSITS_TABLE,
} from './schema.js';

const LOCK_SECONDS = 10;
const TABLES = {
  pointing_history: HISTORY_TABLE,
  pointing_files: LEDGER_TABLE,
  pointing_monitors: STATUS_TABLE,
  cal_transits: TRANSITS_TABLE,
};
type Table = keyof typeof TABLES;
const NOTIFYING: readonly Table[] = ['pointing_history', 'pointing_files'];

/** Makes the tables when first needed, and looks at them again after an error. */
export class Tables {
  readonly #connections: Connections;
  #made: Promise<void> | undefined;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Runs `work` once the tables are there. */
  async whenThere<T>(work: () => Promise<T>): Promise<T> {
    this.#made ??= makeTables(this.#connections);
    try {
      await this.#made;
      return await work();
    } catch (error) {
      // Tables may have been dropped, or another server be in this one's place.
      if (!(error instanceof StoreError && error.kind === 'locked')) this.#made = undefined;
      throw error;
    }
  }
}

/** Makes what is not there. Needs no right to make anything where all is; what others made is left as it is. */
async function makeTables(connections: Connections): Promise<void> {
  await connections.requireVersion();
  const missing = await connections.use(missingThings);
  if (missing.tables.length + missing.triggers.length === 0) return;
  await connections.transaction(LOCK_SECONDS, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
    const { tables, triggers } = await missingThings(client);
    for (const table of tables) await client.query(TABLES[table]);
    if (triggers.length > 0) await client.query(NOTIFY_FUNCTION);
    for (const table of triggers) await client.query(notifyTrigger(table));
  });
}

/** Triggers are missing only where this user may make them: another program's table may stay without. */
async function missingThings(client: PoolClient): Promise<{ tables: Table[]; triggers: Table[] }> {
  const { rows } = await client.query<{ name: Table; there: boolean; silent: boolean }>(
    `SELECT name, to_regclass(name) IS NOT NULL AS there,
       NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(name) AND tgname = 'pointing_changed')
         AND (to_regclass(name) IS NULL OR has_table_privilege(to_regclass(name), 'TRIGGER')) AS silent
     FROM unnest($1::text[]) AS t (name)`,
    [Object.keys(TABLES)],
  );
  return {
    tables: rows.filter(({ there }) => !there).map(({ name }) => name),
    triggers: rows.filter(({ name, silent }) => silent && NOTIFYING.includes(name)).map(({ name }) => name),
  };
}
