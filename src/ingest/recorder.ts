import { setImmediate as otherWork } from 'node:timers/promises';
import { StoreError } from '../errors.js';
import { monotonicSeconds, within } from '../monotonic.js';
import type { Outcome } from '../native/outcome.js';
import type { FileResult } from '../store/rows.js';
import type { Store } from '../store/writer.js';

/** What became of a result. */
export interface Recorded {
  /** As given or, where the database refuses that, the failure that is recorded instead. */
  readonly outcome: Outcome;
  readonly refused: boolean;
  /** The ledger already had it. */
  readonly repeated: boolean;
  /** Why the ledger has nothing of it, where the database refuses the failure, too. */
  readonly unrecorded?: StoreError;
}

interface Pending {
  readonly results: readonly FileResult[];
  readonly committed: (recorded: readonly Recorded[]) => void;
  readonly failed: (fault: unknown) => void;
}

/** What became of a batch so far. */
interface Tally {
  /** The database has taken something of it. */
  isTaken: boolean;
  /** The errors of no known kind for which it takes neither a row nor its failure. */
  readonly faults: StoreError[];
}

/** A database that takes nothing of as many files, one by one, is at fault and not the files. */
const MAX_FAULTS = 10;
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
 * Writes results in the order given, many per transaction. If the database fails, they wait in memory and are retried; the
 * producer checks `backlog` and pauses. The next scan finds whatever is lost with the process.
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
  /** Set once it is to close: when to give up what cannot be written, in monotonic seconds. */
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

  /**
   * Resolves when the results are committed, with what became of each; never, if the process ends first. Rejects with an internal
   * error.
   */
  record(results: readonly FileResult[]): Promise<readonly Recorded[]> {
    return new Promise((committed, failed) => {
      this.#queue.push({ results, committed, failed });
      this.#backlog += results.length;
      this.#running ??= this.#run();
    });
  }

  /** Waits until everything is written or, once it is to close, the time is up. */
  async written(): Promise<void> {
    await this.#running;
  }

  /** Waits until everything is written, or for this many seconds. Returns the number of results left unwritten. */
  async close(withinSeconds: number): Promise<number> {
    const stopAt = monotonicSeconds() + withinSeconds;
    this.#stopAt = stopAt;
    this.#wake?.();
    // A server that does not answer holds up a transaction for longer.
    while (this.#running && monotonicSeconds() < stopAt)
      await within(stopAt - monotonicSeconds(), this.#running);
    return this.#backlog;
  }

  async #run(): Promise<void> {
    // Lets what arrives in the same turn of the event loop share a transaction.
    await new Promise(setImmediate);
    for (let failures = 0; this.#queue.length > 0; ) {
      await this.#gather();
      const batch = this.#nextBatch();
      try {
        const recorded = await this.#writeBatch(batch.flatMap(({ results }) => results));
        this.#queue.splice(0, batch.length);
        for (const { results, committed } of batch) {
          this.#backlog -= results.length;
          const own = recorded.splice(0, results.length);
          // What an earlier try committed before it failed is not there for the second time.
          committed(failures > 0 ? own.map((each) => ({ ...each, repeated: false })) : own);
        }
        failures = 0;
        this.#setError(undefined);
      } catch (error) {
        if (!(error instanceof StoreError)) {
          this.#giveUp(batch, error);
          continue;
        }
        this.#setError(error);
        if (this.#stopAt !== undefined && monotonicSeconds() >= this.#stopAt) break;
        await this.#pause(RETRY_SECONDS[Math.min(failures++, RETRY_SECONDS.length - 1)] as number);
      }
    }
    this.#running = undefined;
  }

  async #writeBatch(results: readonly FileResult[]): Promise<Recorded[]> {
    const tally: Tally = { isTaken: false, faults: [] };
    const recorded = await this.#write(results, tally);
    const [fault] = tally.faults;
    if (fault && !tally.isTaken) throw fault;
    return recorded;
  }

  /**
   * Writes results, by halves where something in them is refused. An internal error with one result is its refusal, too,
   * unless the failure itself meets it; so is an error of no known kind, unless the database takes no other file either.
   */
  async #write(results: readonly FileResult[], tally: Tally): Promise<Recorded[]> {
    try {
      return await this.#commit(results, false, tally);
    } catch (error) {
      if (!(await this.#liesInRow(error))) throw error;
      const [only, ...others] = results;
      if (others.length > 0) {
        const half = Math.ceil(results.length / 2);
        const first = await this.#write(results.slice(0, half), tally);
        await otherWork();
        const second = await this.#write(results.slice(half), tally);
        return [...first, ...second];
      }
      const failure = refusedFor(only as FileResult, error);
      try {
        return await this.#commit([failure], true, tally);
      } catch (again) {
        if (!(again instanceof StoreError))
          throw new Error(`neither the row of ${failure.outcome.path} nor its failure can be recorded`, {
            cause: error,
          });
        if (!(await this.#liesInRow(again))) throw again;
        if (again.kind !== 'refused') tally.faults.push(again);
        if (!tally.isTaken && tally.faults.length >= MAX_FAULTS) throw again;
        return [{ outcome: failure.outcome, refused: true, repeated: false, unrecorded: again }];
      }
    }
  }

  /** Whether an error may be that of a row: an error of no known kind, only while the database can be written. */
  async #liesInRow(error: unknown): Promise<boolean> {
    if (!(error instanceof StoreError)) return true;
    if (error.kind !== 'unusable') return error.kind === 'refused';
    return this.#store.check().then(
      () => true,
      () => false,
    );
  }

  async #commit(results: readonly FileResult[], refused: boolean, tally: Tally): Promise<Recorded[]> {
    const repeated = new Set(await this.#store.record(results));
    tally.isTaken = true;
    return results.map((result) => ({ outcome: result.outcome, refused, repeated: repeated.has(result) }));
  }

  #giveUp(batch: readonly Pending[], fault: unknown): void {
    this.#queue.splice(0, batch.length);
    for (const { results, failed } of batch) {
      this.#backlog -= results.length;
      failed(fault);
    }
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

function refusedFor({ outcome, attempts }: FileResult, error: unknown): FileResult {
  const { path, version } = outcome;
  const why = error instanceof StoreError ? error.message : `internal error: ${error}`;
  return {
    outcome: { path, ...(version && { version }), error: { code: 'not_stored', message: why } },
    state: 'failed',
    attempts,
  };
}
