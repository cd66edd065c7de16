import { kept } from '../maps.js';
import type { Pointing } from '../native/outcome.js';
import { Instruments, readInstruments, type TakenRow } from '../sky/instruments.js';
import { addSighting, keyOf, type Sighting } from '../store/instruments.js';
import type { HistoryReader } from '../store/reader.js';
import { mjdUtc } from '../units.js';

interface RowsInOrder {
  /** Oldest first. */
  readonly rows: AsyncIterable<TakenRow> | Iterable<TakenRow>;
  /** Those that took them. */
  readonly instruments: Instruments;
}

/** What a backfill has read, so that it can say where the declination changed. */
export class RowsSeen {
  readonly #keep: boolean;
  readonly #rows: TakenRow[] = [];
  readonly #sightings = new Map<string, Sighting>();
  readonly #ids = new Map<string, number>();
  #first = mjdUtc(Number.POSITIVE_INFINITY);
  #last = mjdUtc(Number.NEGATIVE_INFINITY);

  /** `keep` the rows themselves, where no database will hold them. */
  constructor(keep: boolean) {
    this.#keep = keep;
  }

  add(pointing: Pointing): void {
    const { midTimeMjdUtc: time, raDeg, decDeg, instrument } = pointing;
    if (time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
    if (!this.#keep) return;
    addSighting(this.#sightings, pointing);
    const instrumentId = kept(this.#ids, keyOf(instrument), () => this.#ids.size + 1);
    this.#rows.push({ timestamp: time, ra_deg: raDeg, dec_deg: decDeg, instrumentId });
  }

  /** The store's rows of the time that was read, which has those of earlier runs and other telescopes as well; or those that were kept. */
  async inOrder(
    store: Pick<HistoryReader, 'history' | 'observations' | 'instruments'>,
  ): Promise<RowsInOrder> {
    if (this.#keep) {
      const stored = [...this.#sightings].map(([key, { instrument, ...bounds }]) => ({
        ...instrument,
        ...bounds,
        id: this.#ids.get(key) as number,
      }));
      return {
        rows: this.#rows.sort((a, b) => a.timestamp - b.timestamp),
        instruments: new Instruments(stored),
      };
    }
    const instruments = await readInstruments(store);
    // Which telescope took a row is in the ledger, which takes longer to read.
    const query = instruments.telescopes.length > 1 ? 'observations' : 'history';
    return { rows: store[query](this.#first, this.#last), instruments };
  }
}
