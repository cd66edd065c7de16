import type { Issue } from '../../issues.js';
import type { ListedFile } from '../../native/outcome.js';
import type { ClassifiedFile } from '../../store/rows.js';

/**
 * The ledger has lost what it knew: which files on disk have yet to be read again. Files that arrive or change in the meantime do not
 * count, and neither do those that have been read and wait to be whole.
 */
export class LostLedger {
  readonly why: Issue;
  /** Status change time, in microseconds, by path; undefined before the first whole scan. */
  #lost: ReadonlyMap<string, number> | undefined;
  #found: Map<string, number> | undefined;

  constructor(why: Issue) {
    this.why = why;
  }

  scanBegins(): void {
    this.#found = new Map();
  }

  see({ path, ctimeUs }: ListedFile, { state, incomplete }: ClassifiedFile): void {
    if (state !== 'unread' && !incomplete) return;
    if (!this.#lost || this.#lost.get(path) === ctimeUs) this.#found?.set(path, ctimeUs);
  }

  /** Whether everything has been read again. False for a scan that began before the loss. */
  scanEnds(): boolean {
    if (!this.#found) return false;
    this.#lost = this.#found;
    return this.#lost.size === 0;
  }
}
