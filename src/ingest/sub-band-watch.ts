import { basename, dirname } from 'node:path';
import { nameStamp, observationName, SUB_BAND } from '../files.js';
import type { Issue } from '../issues.js';
import { monotonicSeconds } from '../monotonic.js';
import { matchesPattern } from '../native/scanner.js';

/** Three intervals of the DSA-110, in which all sub-bands of an observation arrive. */
const DUE_SECONDS = 3 * 309;
const TOLD_FOR_SECONDS = 86_400;
const MAX_KEPT = 1000;

interface Incomplete {
  /** Its directory and the stamp of the first name that was seen. */
  readonly observation: string;
  /** Monotonic seconds. */
  readonly since: number;
}

/**
 * Notices observations of which other sub-bands arrive and the one that is read does not: their pointing is missed. Each host names
 * its files by its own clock, so names of the same or neighbouring minutes are of one observation; these follow each other every
 * five.
 */
export class SubBandWatch {
  readonly #pattern: string;
  readonly #now: () => number;
  /** Observations of which another sub-band was seen, by directory and minute. */
  readonly #incomplete = new Map<string, Incomplete>();
  readonly #complete = new Set<string>();

  /** `now` gives monotonic seconds. */
  constructor(pattern: string, now = monotonicSeconds) {
    this.#pattern = pattern;
    this.#now = now;
  }

  /** Whether files that a scan lists are of use to `see`. */
  get waits(): boolean {
    return this.#incomplete.size > 0;
  }

  /** A file appeared or is there, whether it is one to read or not. */
  see(path: string): void {
    const name = basename(path);
    const stamp = nameStamp(name);
    if (stamp === undefined) return;
    const directory = dirname(path);
    const minutes = [0, -1, 1].map((other) => `${directory}/${Math.floor(stamp / 60) + other}`);
    const [minute] = minutes as [string];
    if (matchesPattern(name, this.#pattern)) {
      for (const each of minutes) this.#incomplete.delete(each);
      remember(this.#complete, minute);
    } else if (SUB_BAND.test(name)) {
      const known = minutes.some((each) => this.#complete.has(each) || this.#incomplete.has(each));
      if (known || this.#incomplete.size >= MAX_KEPT) return;
      const observation = `${directory}/${observationName(name)}`;
      this.#incomplete.set(minute, { observation, since: this.#now() });
    }
  }

  /** Names the observation that has waited for the longest, once it is overdue. */
  issue(): Issue | undefined {
    const now = this.#now();
    for (const [minute, { since }] of this.#incomplete)
      if (now - since > TOLD_FOR_SECONDS) this.#incomplete.delete(minute);
    const overdue = [...this.#incomplete.values()].filter(({ since }) => now - since > DUE_SECONDS);
    const [first] = overdue;
    if (!first) return undefined;
    return {
      code: 'sub_band_missing',
      message: `${overdue.length} ${overdue.length === 1 ? 'observation has' : 'observations have'} other sub-bands but no file that matches ${this.#pattern}, so ${overdue.length === 1 ? 'its pointing is' : 'their pointings are'} missing: ${first.observation}; check the transfer to this host`,
    };
  }
}

function remember(set: Set<string>, value: string): void {
  set.add(value);
  if (set.size <= MAX_KEPT) return;
  const [oldest] = set;
  if (oldest !== undefined) set.delete(oldest);
}
