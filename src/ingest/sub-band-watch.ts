import { basename, dirname } from 'node:path';
import { nameStamp, observationName } from '../files.js';
import type { Issue } from '../issues.js';
import { monotonicSeconds } from '../monotonic.js';
import { matchesPattern } from '../native/scanner.js';

/** Three intervals of the DSA-110, in which all sub-bands of an observation arrive. */
const DUE_SECONDS = 3 * 309;
const TOLD_FOR_SECONDS = 86_400;
const MAX_KEPT = 1000;

/**
 * Notices observations of which other sub-bands arrive and the one that is read does not: their pointing is missed. By events alone, and
 * a note, since the file may be late.
 */
export class SubBandWatch {
  readonly #pattern: string;
  readonly #dueSeconds: number;
  /** When another sub-band of an observation was first seen, in monotonic seconds; by its directory and the stamp of its name. */
  readonly #incomplete = new Map<string, number>();
  readonly #complete = new Set<string>();

  constructor(pattern: string, dueSeconds = DUE_SECONDS) {
    this.#pattern = pattern;
    this.#dueSeconds = dueSeconds;
  }

  /** A file appeared, whether it is one to read or not. */
  see(path: string): void {
    const name = basename(path);
    if (nameStamp(name) === undefined) return;
    const observation = `${dirname(path)}/${observationName(name)}`;
    if (matchesPattern(name, this.#pattern)) {
      this.#incomplete.delete(observation);
      remember(this.#complete, observation);
    } else if (/_sb\d\d\.hdf5$/.test(name) && !this.#complete.has(observation)) {
      if (!this.#incomplete.has(observation) && this.#incomplete.size < MAX_KEPT)
        this.#incomplete.set(observation, monotonicSeconds());
    }
  }

  /** Names the observation that has waited for the longest, once it is overdue. */
  issue(): Issue | undefined {
    const now = monotonicSeconds();
    for (const [observation, since] of this.#incomplete)
      if (now - since > TOLD_FOR_SECONDS) this.#incomplete.delete(observation);
    const overdue = [...this.#incomplete].filter(([, since]) => now - since > this.#dueSeconds);
    const [first] = overdue;
    if (!first) return undefined;
    return {
      code: 'sub_band_missing',
      message: `${overdue.length} ${overdue.length === 1 ? 'observation has' : 'observations have'} other sub-bands but no file that matches ${this.#pattern}, so ${overdue.length === 1 ? 'its pointing is' : 'their pointings are'} missing: ${first[0]}; check the transfer to this host`,
    };
  }
}

function remember(set: Set<string>, value: string): void {
  set.add(value);
  if (set.size <= MAX_KEPT) return;
  const [oldest] = set;
  if (oldest !== undefined) set.delete(oldest);
}
