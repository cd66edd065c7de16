import type Database from 'better-sqlite3';
import { VERSION } from '../../version.js';
import { COLUMNS_OF_2, instrumentsTable, LATEST, MIGRATIONS_TABLE, requireKnown } from '../migrations.js';
import { SCHEMA_OF_1 } from './schema.js';

const STEPS: readonly ((sqlite: Database.Database) => void)[] = [
  (sqlite) => sqlite.exec(SCHEMA_OF_1),
  (sqlite) => {
    const there = new Set(
      sqlite.prepare<[], string>("SELECT name FROM pragma_table_info('pointing_files')").pluck().all(),
    );
    for (const [column, type] of Object.entries(COLUMNS_OF_2)) {
      if (!there.has(column)) sqlite.exec(`ALTER TABLE pointing_files ADD COLUMN ${column} ${type}`);
    }
    sqlite.exec(instrumentsTable('INTEGER'));
  },
];

/** Creates or migrates our tables, in one transaction; other programs' tables stay as they are. Throws a StoreError for a newer database. */
export function migrate(sqlite: Database.Database, path: string): void {
  const number = requireKnownTables(sqlite, path);
  if (number === LATEST && isWhole(sqlite)) return;
  sqlite
    .transaction(() => {
      // Another program may have done it meanwhile.
      requireKnownTables(sqlite, path);
      for (const step of STEPS) step(sqlite);
      sqlite.exec(MIGRATIONS_TABLE);
      const add = sqlite.prepare('INSERT OR IGNORE INTO pointing_migrations VALUES (?, ?, ?)');
      for (let i = 1; i <= LATEST; i++) add.run(i, VERSION, Date.now() / 1000);
    })
    .immediate();
}

/** The number of the tables' state. Throws a StoreError where it is one that this program does not know. */
export function requireKnownTables(sqlite: Database.Database, path: string): number {
  if (!hasTables(sqlite, ['pointing_migrations'])) return 0;
  const last = sqlite
    .prepare<[], { number: number; program: string }>(
      'SELECT number, program FROM pointing_migrations ORDER BY number DESC LIMIT 1',
    )
    .get();
  if (!last) return 0;
  requireKnown(last.number, last.program, path);
  return last.number;
}

/** Somebody may have dropped a table. */
const isWhole = (sqlite: Database.Database) =>
  hasTables(sqlite, ['pointing_history', 'pointing_files', 'pointing_instruments']);

/** Whether all of these are there, as tables or views. */
export const hasTables = (sqlite: Database.Database, names: readonly string[]) =>
  names.every((name) =>
    sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?").get(name),
  );
