import { openExistingReader, openExistingStore } from '../store/open.js';
import { FAULT_RANGE } from '../store/plausible.js';
import type { HistoryReader } from '../store/reader.js';
import type { Store } from '../store/writer.js';
import type { TimeRange } from '../units.js';
import { counted } from '../units.js';
import { type Environment, requireProductsDb } from './config.js';
import { note } from './output.js';

/** An existing products database, to be read. The caller closes it. */
export async function openHistory(
  given: string | undefined,
  environment: Environment,
): Promise<HistoryReader> {
  return openExistingReader(requireProductsDb(given), environment);
}

/** The same, to be written as well. */
export async function openWritableHistory(
  given: string | undefined,
  environment: Environment,
): Promise<Store> {
  return openExistingStore(requireProductsDb(given), environment);
}

/** A line on stderr reports rows of a range of times with the Python monitor's wrong times, which are left out. */
export async function noteWrongTimes(
  reader: HistoryReader,
  { fromMjdUtc, toMjdUtc }: TimeRange,
): Promise<void> {
  if (fromMjdUtc >= FAULT_RANGE.end || toMjdUtc < FAULT_RANGE.start) return;
  const { wrong_time: wrong = 0 } = await reader.implausibleRows('times');
  if (wrong > 0) {
    note(
      `left out ${counted(wrong, 'row')} with the Python monitor's wrong times: run "pointing-monitor doctor --repair"`,
    );
  }
}
