import { existsSync } from 'node:fs';
import { type Environment, requireProductsDb } from '../config.js';
import { UsageError } from '../errors.js';
import { SqliteStore } from '../store/sqlite-store.js';
import type { Store } from '../store/store.js';

const BUSY_TIMEOUT_MS = 10_000;

/** An existing products database. Whoever asks for it closes it. */
export function openHistory(
  given: string | undefined,
  environment: Environment,
  { readOnly = true }: { readOnly?: boolean } = {},
): Store {
  const productsDb = requireProductsDb(given, environment);
  if (!existsSync(productsDb)) throw new UsageError(`the database ${productsDb} does not exist`);
  return new SqliteStore(productsDb, { busyTimeoutMs: BUSY_TIMEOUT_MS, readOnly });
}
