import { within } from '../monotonic.js';
import { subBandsBeside } from '../sky/sub-bands.js';

const ANSWER_WITHIN_SECONDS = 2;

/**
 * Which sub-bands of an observation are on disk; null where its files are not known or the file system does not answer. A
 * question to a dead file system holds a thread of a small pool, so there is one at a time.
 */
export class SubBandSource {
  #last: Promise<unknown> = Promise.resolve();

  async besides(path: string | null): Promise<number[] | null> {
    if (path === null) return null;
    const answer = this.#last.then(() => subBandsBeside(path));
    this.#last = answer.catch(() => undefined);
    return (await within(ANSWER_WITHIN_SECONDS, answer)) ?? null;
  }
}
