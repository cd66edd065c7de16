import { existsSync } from 'node:fs';
import { FAULT_RANGE } from '../doctor/time-fault.js';
import { UsageError } from '../errors.js';
import type { HistoryReader } from '../store/history-reader.js';
import { isPostgres } from '../store/location.js';
import { openExistingStore, openReader } from '../store/open.js';
import type { Observation, Store } from '../store/store.js';
import type { TimeRange } from '../units.js';
import { type Environment, requireProductsDb } from './config.js';
import { note } from './output.js';

const BUSY_TIMEOUT_MS = 10_000;

/** An existing products database. The caller closes it. */
export async function openHistory(
  given: string | undefined,
  { host }: Environment,
  { readOnly = true }: { readOnly?: boolean } = {},
): Promise<Store> {
  return openExistingStore(requireProductsDb(given), { busyTimeoutMs: BUSY_TIMEOUT_MS, readOnly, host });
}

/** An existing products database, for reading alone. The caller closes it. */
export async function openHistoryReader(given: string | undefined): Promise<HistoryReader> {
  const location = requireProductsDb(given);
  if (!isPostgres(location) && !existsSync(location))
    throw new UsageError(`the database ${location} does not exist`);
  return openReader(location);
}

/** The observations in a time range, without rows that have the Python monitor's wrong times: a line on stderr counts those. */
export async function* readObservations(
  store: Store,
  { fromMjdUtc, toMjdUtc }: TimeRange,
): AsyncGenerator<Observation> {
  let wrong = 0;
  for await (const row of store.observations(fromMjdUtc, toMjdUtc)) {
    if (row.timestamp >= FAULT_RANGE.start && row.timestamp < FAULT_RANGE.end) wrong++;
    else yield row;
  }
  if (wrong > 0)
    note(
      `left out ${wrong} rows with the Python monitor's wrong times: run "pointing-monitor doctor --repair"`,
    );
}
