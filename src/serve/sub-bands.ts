import { within } from '../monotonic.js';
import { subBandsBeside } from '../sky/sub-bands.js';

const ANSWER_WITHIN_SECONDS = 2;
const MAX_WAITING = 200;

/**
 * Which sub-bands of an observation are on disk; null where its files are not known or not named by sub-band, or the file system does
 * not answer. A question to a dead file system holds a thread of a small pool, so there is one at a time, and few wait for it.
 */
export class SubBandSource {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  async besides(path: string | null): Promise<number[] | null> {
    if (path === null || this.#waiting >= MAX_WAITING) return null;
    this.#waiting++;
    const answer = this.#last.then(() => subBandsBeside(path));
    this.#last = answer
      .catch(() => undefined)
      .finally(() => {
        this.#waiting--;
      });
    return (await within(ANSWER_WITHIN_SECONDS, answer)) ?? null;
  }
}
