import type { FileResult, Store } from './store.js';
import { StoreTrouble } from './trouble.js';

interface Pending {
  readonly results: readonly FileResult[];
  readonly committed: () => void;
}

const ROWS_PER_TRANSACTION = 500;
const RETRY_SECONDS = [0.1, 0.2, 0.5, 1, 2, 5];

/**
 * Writes results in the order given, many to a transaction. While the database is in trouble they wait here, in memory,
 * and are tried again; whoever feeds it looks at `backlog` and stops. What is lost with the process, the next scan finds.
 */
export class Recorder {
  /** What the database suffers from at present. */
  trouble: StoreTrouble | undefined;
  readonly #store: Store;
  readonly #onTrouble: (trouble: StoreTrouble | undefined) => void;
  readonly #queue: Pending[] = [];
  #backlog = 0;
  #running: Promise<void> | undefined;
  #stopAt = Number.POSITIVE_INFINITY;
  #wake: (() => void) | undefined;

  /** `onTrouble` hears when the trouble changes, with undefined when it has passed. */
  constructor(store: Store, onTrouble: (trouble: StoreTrouble | undefined) => void) {
    this.#store = store;
    this.#onTrouble = onTrouble;
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
      const batch = this.#nextBatch();
      try {
        await this.#store.record(batch.flatMap(({ results }) => results));
        this.#queue.splice(0, batch.length);
        for (const { results, committed } of batch) {
          this.#backlog -= results.length;
          committed();
        }
        failures = 0;
        this.#setTrouble(undefined);
      } catch (error) {
        this.#setTrouble(
          error instanceof StoreTrouble
            ? error
            : new StoreTrouble('unusable', `the database gives an unexpected error: ${error}`, {
                cause: error,
              }),
        );
        if (Date.now() >= this.#stopAt) break;
        await this.#pause(RETRY_SECONDS[Math.min(failures++, RETRY_SECONDS.length - 1)] as number);
      }
    }
    this.#running = undefined;
  }

  #nextBatch(): Pending[] {
    let rows = 0;
    let count = 0;
    while (count < this.#queue.length && rows < ROWS_PER_TRANSACTION) {
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

  #setTrouble(trouble: StoreTrouble | undefined): void {
    const changed = trouble?.message !== this.trouble?.message;
    this.trouble = trouble;
    if (changed) this.#onTrouble(trouble);
  }
}
