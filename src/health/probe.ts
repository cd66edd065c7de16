import { StoreError } from '../errors.js';
import { databaseIssue, type Issue } from '../issues.js';
import { monotonicSeconds, within } from '../monotonic.js';
import type { ImplausibleCounts } from '../store/plausible.js';
import type { HistoryRow } from '../store/rows.js';
import type { Store } from '../store/writer.js';
import type { DatabaseSnapshot } from './snapshot.js';

const WAIT_SECONDS = 1;

/** Asks the database whether it would take rows, and for its newest one. */
export class DatabaseProbe {
  readonly #store: Pick<Store, 'check' | 'newest' | 'implausibleRows'>;
  #newest: HistoryRow | undefined;
  #implausible: ImplausibleCounts = {};
  #issue: Issue | undefined;
  /** The question under way. */
  #question: { readonly answer: Promise<void>; readonly since: number } | undefined;

  constructor(store: Pick<Store, 'check' | 'newest' | 'implausibleRows'>) {
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
      implausible: this.#implausible,
    };
  }

  async #ask(): Promise<void> {
    try {
      await this.#store.check();
      this.#newest = await this.#store.newest();
      this.#implausible = await this.#store.implausibleRows('times');
      this.#issue = undefined;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#issue = databaseIssue(error);
    }
  }
}
