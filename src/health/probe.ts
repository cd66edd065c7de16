import { StoreError } from '../errors.js';
import { databaseIssue, type Issue } from '../issues.js';
import { monotonicSeconds, within } from '../monotonic.js';
import type { HistoryRow, Store } from '../store/store.js';
import type { DatabaseSnapshot } from './snapshot.js';

const WAIT_SECONDS = 1;

/** Asks the database whether it would take rows, and for its newest one. */
export class DatabaseProbe {
  readonly #store: Pick<Store, 'check' | 'newest'>;
  #newest: HistoryRow | undefined;
  #issue: Issue | undefined;
  /** The question under way. */
  #question: { readonly answer: Promise<void>; readonly since: number } | undefined;

  constructor(store: Pick<Store, 'check' | 'newest'>) {
    this.#store = store;
  }

  /** Waits for the answer only briefly: a server that does not answer must not hold up the status. */
  async ask(): Promise<void> {
    if (!this.#question) {
      const answer = this.#ask().finally(() => {
        this.#question = undefined;
      });
      this.#question = { answer, since: monotonicSeconds() };
    }
    await within(WAIT_SECONDS, this.#question.answer);
  }

  snapshot(): DatabaseSnapshot {
    return {
      issue: this.#issue,
      silentSeconds: this.#question ? monotonicSeconds() - this.#question.since : 0,
      newest: this.#newest,
    };
  }

  async #ask(): Promise<void> {
    try {
      await this.#store.check();
      this.#newest = await this.#store.newest();
      this.#issue = undefined;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#issue = databaseIssue(error);
    }
  }
}
