import type { Instruments, TakenRow } from '../sky/instruments.js';
import type { HistoryReader } from '../store/reader.js';
import type { HistoryRow } from '../store/rows.js';
import { type MjdUtc, mjdUtc } from '../units.js';

/** What a backfill has read, so that it can say where the declination changed. */
export class RowsSeen {
  readonly #keep: boolean;
  readonly #rows: HistoryRow[] = [];
  #first = mjdUtc(Number.POSITIVE_INFINITY);
  #last = mjdUtc(Number.NEGATIVE_INFINITY);

  /** `keep` the rows themselves, where no database will hold them. */
  constructor(keep: boolean) {
    this.#keep = keep;
  }

  add(row: HistoryRow): void {
    const time: MjdUtc = row.timestamp;
    if (time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
    if (this.#keep) this.#rows.push(row);
  }

  /** Oldest first: the store's rows of the time that was read, which has those of earlier runs and other telescopes as well. */
  inOrder(
    store: Pick<HistoryReader, 'history' | 'observations'>,
    { telescopes }: Instruments,
  ): AsyncIterable<TakenRow> | Iterable<TakenRow> {
    if (this.#keep) return this.#rows.sort((a, b) => a.timestamp - b.timestamp);
    // Which telescope took a row is in the ledger, which takes longer to read.
    const query = telescopes.length > 1 ? 'observations' : 'history';
    return store[query](this.#first, this.#last);
  }
}
