import { existsSync } from 'node:fs';
import { FAULT_RANGE } from '../doctor/time-fault.js';
import { UsageError } from '../errors.js';
import type { HistoryReader } from '../store/history-reader.js';
import { isPostgres } from '../store/location.js';
import { openExistingStore, openReader } from '../store/open.js';
import type { Observation, Store } from '../store/store.js';
import type { TimeRange } from '../units.js';
import { type Environment, requireProductsDb } from './config.js';

const BUSY_TIMEOUT_MS = 10_000;

/** An existing products database. Whoever asks for it closes it. */
export async function openHistory(
  given: string | undefined,
  environment: Environment,
  { readOnly = true }: { readOnly?: boolean } = {},
): Promise<Store> {
  return openExistingStore(requireProductsDb(given, environment), {
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    readOnly,
    host: environment.host,
  });
}

/** An existing products database, for reading alone. Whoever asks for it closes it. */
export async function openHistoryReader(
  given: string | undefined,
  environment: Environment,
): Promise<HistoryReader> {
  const location = requireProductsDb(given, environment);
  if (!isPostgres(location) && !existsSync(location))
    throw new UsageError(`the database ${location} does not exist`);
  return openReader(location);
}

/** The observations of a range of times, without the replaced system's wrong ones; of those a line on stderr tells. */
export async function* readObservations(
  store: Store,
  { fromMjdUtc, toMjdUtc }: TimeRange,
): AsyncGenerator<Observation> {
  let wrong = 0;
  for await (const row of store.observations(fromMjdUtc, toMjdUtc)) {
    if (row.timestamp >= FAULT_RANGE.start && row.timestamp < FAULT_RANGE.end) wrong++;
    else yield row;
  }
  if (wrong > 0) {
    process.stderr.write(
      `${wrong} rows with the replaced system's wrong times are left out: run "pointing-monitor doctor --repair"\n`,
    );
  }
}
