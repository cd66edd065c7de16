import { StoreError } from '../errors.js';
import type { FileResult, Store } from '../store/store.js';

interface Pending {
  readonly results: readonly FileResult[];
  readonly committed: () => void;
}

const RETRY_SECONDS = [0.1, 0.2, 0.5, 1, 2, 5];

export interface Batching {
  /** More make each row cheaper and the event loop wait longer. */
  readonly rowsPerTransaction: number;
  /** How long to gather rows for a transaction that is not full; 0 writes what is there. */
  readonly gatherSeconds: number;
}

/** For live arrivals, whose rows should be there at once. */
export const atOnce: Batching = { rowsPerTransaction: 1000, gatherSeconds: 0 };
/** For bulk work: measured at a third of the time a row of 500 to a transaction. */
export const inBulk: Batching = { rowsPerTransaction: 5000, gatherSeconds: 0.25 };

/**
 * Writes results in the order given, many to a transaction. While the database cannot be written they wait here, in memory,
 * and are tried again; whoever feeds it looks at `backlog` and stops. What is lost with the process, the next scan finds.
 */
export class Recorder {
  /** What the database suffers from at present. */
  error: StoreError | undefined;
  readonly #store: Store;
  readonly #batching: Batching;
  readonly #onError: (error: StoreError | undefined) => void;
  readonly #queue: Pending[] = [];
  #backlog = 0;
  #running: Promise<void> | undefined;
  /** Set once it is to close: when to give up what cannot be written. */
  #stopAt: number | undefined;
  #wake: (() => void) | undefined;

  /** `onError` hears when the error changes, with undefined when it has passed. */
  constructor(store: Store, batching: Batching, onError: (error: StoreError | undefined) => void) {
    this.#store = store;
    this.#batching = batching;
    this.#onError = onError;
  }

  /** Results that wait to be written. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Resolves when the results are committed; never, if the process ends first. */
  record(results: readonly FileResult[]): Promise<void> {
    return new Promise((committed) => {
      this.#queue.push({ results, committed });
      this.#backlog += results.length;
      this.#running ??= this.#run();
    });
  }

  /** Waits until all is written, or for so long. Gives how many results were left unwritten. */
  async close(withinSeconds: number): Promise<number> {
    this.#stopAt = Date.now() + withinSeconds * 1000;
    this.#wake?.();
    await this.#running;
    return this.#backlog;
  }

  async #run(): Promise<void> {
    // Lets what arrives in the same turn of the event loop share a transaction.
    await new Promise(setImmediate);
    for (let failures = 0; this.#queue.length > 0; ) {
      await this.#gather();
      const batch = this.#nextBatch();
      try {
        await this.#store.record(batch.flatMap(({ results }) => results));
        this.#queue.splice(0, batch.length);
        for (const { results, committed } of batch) {
          this.#backlog -= results.length;
          committed();
        }
        failures = 0;
        this.#setError(undefined);
      } catch (error) {
        this.#setError(
          error instanceof StoreError
            ? error
            : new StoreError('unusable', `the database gives an unexpected error: ${error}`, {
                cause: error,
              }),
        );
        if (this.#stopAt !== undefined && Date.now() >= this.#stopAt) break;
        await this.#pause(RETRY_SECONDS[Math.min(failures++, RETRY_SECONDS.length - 1)] as number);
      }
    }
    this.#running = undefined;
  }

  async #gather(): Promise<void> {
    const { rowsPerTransaction, gatherSeconds } = this.#batching;
    const closing = this.#stopAt !== undefined;
    if (gatherSeconds > 0 && !closing && this.#backlog < rowsPerTransaction) await this.#pause(gatherSeconds);
  }

  #nextBatch(): Pending[] {
    let rows = 0;
    let count = 0;
    while (count < this.#queue.length && rows < this.#batching.rowsPerTransaction) {
      rows += (this.#queue[count++] as Pending).results.length;
    }
    return this.#queue.slice(0, count);
  }

  #pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #setError(error: StoreError | undefined): void {
    const changed = error?.message !== this.error?.message;
    this.error = error;
    if (changed) this.#onError(error);
  }
}
