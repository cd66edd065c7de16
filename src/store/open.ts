import { existsSync } from 'node:fs';
import { UsageError } from '../errors.js';
import type { HistoryReader } from './history-reader.js';
import { isPostgres } from './location.js';
import type { Snapshot } from './snapshot.js';
import type { OpenOptions } from './sqlite/file.js';
import type { Store } from './store.js';

export interface StoreOptions extends OpenOptions {
  /** Under whose name the ledger keeps this store's files, where several hosts share the database. */
  readonly host: string;
}

/**
 * The store at a location, an SQLite file or a PostgreSQL URL. It is opened when first used. Whoever asks for it closes it.
 * Only the backend that is used is loaded.
 */
export async function openStore(location: string, options: StoreOptions): Promise<Store> {
  if (isPostgres(location)) {
    const { PostgresStore } = await import('./postgres/store.js');
    return new PostgresStore(location, options);
  }
  const { SqliteStore } = await import('./sqlite/store.js');
  return new SqliteStore(location, options);
}

/** The same for one that must be there. Throws a UsageError where an SQLite file is not. */
export async function openExistingStore(location: string, options: StoreOptions): Promise<Store> {
  if (!isPostgres(location) && !existsSync(location))
    throw new UsageError(`the database ${location} does not exist`);
  return openStore(location, options);
}

/** What the web server reads. Whoever asks for it closes it. */
export async function openReader(location: string): Promise<HistoryReader> {
  if (isPostgres(location)) {
    const { PostgresReader } = await import('./postgres/reader.js');
    return new PostgresReader(location);
  }
  const { SqliteReader } = await import('./sqlite/reader.js');
  return new SqliteReader(location);
}

/** All that an existing database holds now. Whoever asks for it closes it. Throws a StoreError where it is none. */
export async function openSnapshot(location: string): Promise<Snapshot> {
  if (isPostgres(location)) {
    const { PostgresSnapshot } = await import('./postgres/snapshot.js');
    return PostgresSnapshot.open(location);
  }
  const { SqliteSnapshot } = await import('./sqlite/snapshot.js');
  return new SqliteSnapshot(location);
}
