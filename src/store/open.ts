import { existsSync } from 'node:fs';
import { UsageError } from '../errors.js';
import type { HistoryReader } from './history-reader.js';
import type { OpenOptions } from './sqlite/file.js';
import { SqliteReader } from './sqlite/reader.js';
import { SqliteStore } from './sqlite/store.js';
import type { Store } from './store.js';

/** The store at a location. It is opened when first used. Whoever asks for it closes it. */
export function openStore(location: string, options: OpenOptions): Store {
  return new SqliteStore(location, options);
}

/** The same for one that must be there. Throws a UsageError where it is not. */
export function openExistingStore(location: string, options: OpenOptions): Store {
  if (!existsSync(location)) throw new UsageError(`the database ${location} does not exist`);
  return openStore(location, options);
}

/** What the web server reads. Whoever asks for it closes it. */
export function openReader(location: string): HistoryReader {
  return new SqliteReader(location);
}
