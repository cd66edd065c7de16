import { existsSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { isPostgres, noDatabaseAt } from './location.js';
import type { HistoryReader } from './reader.js';
import type { LockWait } from './sqlite/file.js';
import type { Store, StoreOptions } from './writer.js';

/**
 * The store at a location, an SQLite file or a PostgreSQL URL. It opens on first use; the caller closes it. Only the
 * backend in use is loaded.
 */
export async function openStore(location: string, options: StoreOptions): Promise<Store> {
  if (isPostgres(location)) {
    const { PostgresStore } = await import('./postgres/store.js');
    return new PostgresStore(location, options);
  }
  const { SqliteStore } = await import('./sqlite/store.js');
  return new SqliteStore(location, { lockWait: 'long', ...options });
}

/** The same for a database that must exist. Throws a UsageError where an SQLite file does not. */
export async function openExistingStore(location: string, options: StoreOptions): Promise<Store> {
  requireExisting(location);
  return openStore(location, options);
}

/**
 * For services: a database that does not exist yet is read as an empty one until it does; one that has been `seen`, and is gone, is a
 * StoreError. The caller closes it.
 */
export async function openReader(
  location: string,
  { host = '', seen }: { readonly host?: string; readonly seen?: Int32Array | undefined } = {},
): Promise<HistoryReader> {
  return reader({ location, host, seen, missing: 'empty', lockWait: 'short' });
}

/** For commands: throws a UsageError where an SQLite file does not exist, and at first use a StoreError for a database without our tables. */
export async function openExistingReader(location: string, { host = '' } = {}): Promise<HistoryReader> {
  requireExisting(location);
  return reader({ location, host, missing: 'error', lockWait: 'long' });
}

/**
 * All of an existing database at one moment, whatever is written to it meanwhile. Nothing in the database is changed. The caller
 * closes it. Throws a StoreError where it is not a products database.
 */
export async function openSnapshot(location: string): Promise<HistoryReader> {
  const snapshot = isPostgres(location)
    ? await (await import('./postgres/snapshot.js')).openPostgresSnapshot(location)
    : (await import('./sqlite/snapshot.js')).openSqliteSnapshot(location);
  try {
    await snapshot.requireKnownLedger();
    return snapshot;
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

interface ReaderOptions {
  readonly location: string;
  readonly host: string;
  readonly seen?: Int32Array | undefined;
  readonly missing: 'empty' | 'error';
  readonly lockWait: LockWait;
}

async function reader(options: ReaderOptions): Promise<HistoryReader> {
  if (isPostgres(options.location)) {
    const { openPostgresReader } = await import('./postgres/database.js');
    return openPostgresReader(options);
  }
  const { openSqliteReader } = await import('./sqlite/database.js');
  return openSqliteReader(options);
}

/** Throws a UsageError for an SQLite file that does not exist. */
export function requireExisting(location: string): void {
  if (!isPostgres(location) && !existsSync(location)) throw new UsageError(noDatabaseAt(location));
}
