import { MINUTES_PER_DAY, type MjdUtc, mjdUtc, SECONDS_PER_DAY } from '../units.js';

/** A time in which nothing was observed, from the end of one observation to the start of the next. */
export interface Gap {
  readonly fromMjdUtc: MjdUtc;
  readonly toMjdUtc: MjdUtc;
  readonly minutes: number;
  /** Nothing was observed at the start of the span that was asked for: the gap may have begun earlier. */
  readonly openAtStart: boolean;
  /** The same at its end: the gap may go on. */
  readonly openAtEnd: boolean;
}

/** A span of time. Without a start it begins with the first observation, without an end it ends with the last one. */
export interface GapSpan {
  readonly startMjdUtc?: MjdUtc | undefined;
  readonly endMjdUtc?: MjdUtc | undefined;
}

/** By how much the middle of an observation can lie outside a span that it reaches into: half a day's length. */
export const GAP_MARGIN_DAYS = 0.5;

/** Finds the gaps longer than this in a span, of observations added oldest first; those just outside it may be among them. */
export class GapFinder {
  readonly found: Gap[] = [];
  /** No gap that was found goes on beyond it. */
  #lastTo = Number.NEGATIVE_INFINITY;
  readonly #longerThanDays: number;
  readonly #span: GapSpan;
  /** How far the span is known to be observed or to be a gap. */
  #reached: number | undefined;
  #nothingYet = true;

  constructor(longerThanMinutes: number, span: GapSpan = {}) {
    this.#longerThanDays = longerThanMinutes / MINUTES_PER_DAY;
    this.#span = span;
    this.#reached = span.startMjdUtc;
  }

  /** An observation by its mid time and length. */
  add(midTimeMjdUtc: number, seconds: number): void {
    const halfDays = seconds / 2 / SECONDS_PER_DAY;
    const begin = midTimeMjdUtc - halfDays;
    if (begin > (this.#span.endMjdUtc ?? Number.POSITIVE_INFINITY)) return;
    const reached = this.#reached;
    if (reached !== undefined && begin - reached > this.#longerThanDays) this.#note(reached, begin, false);
    const end = midTimeMjdUtc + halfDays;
    // A long observation can begin before shorter ones whose middle is earlier.
    if (begin < this.#lastTo) this.#cut(begin);
    if (end >= (this.#span.startMjdUtc ?? Number.NEGATIVE_INFINITY)) this.#nothingYet = false;
    this.#reached = Math.max(reached ?? Number.NEGATIVE_INFINITY, end);
  }

  /** After the last observation. */
  finish(): Gap[] {
    const end = this.#span.endMjdUtc;
    const reached = this.#reached;
    if (end !== undefined && reached !== undefined && end - reached > this.#longerThanDays) {
      this.#note(reached, end, true);
    }
    return this.found;
  }

  #note(from: number, to: number, openAtEnd: boolean): void {
    const openAtStart = this.#nothingYet && this.#span.startMjdUtc !== undefined;
    this.found.push(gapOf(from, to, openAtStart, openAtEnd));
    this.#lastTo = to;
  }

  /** Ends the gaps that were found where an observation begins which goes on beyond them; what is left counts if it is long enough. */
  #cut(begin: number): void {
    while ((this.found.at(-1)?.toMjdUtc ?? begin) > begin) {
      const { fromMjdUtc: from, openAtStart } = this.found.pop() as Gap;
      if (begin - from > this.#longerThanDays) this.found.push(gapOf(from, begin, openAtStart, false));
    }
    this.#lastTo = this.found.at(-1)?.toMjdUtc ?? Number.NEGATIVE_INFINITY;
  }
}

const gapOf = (from: number, to: number, openAtStart: boolean, openAtEnd: boolean): Gap => ({
  fromMjdUtc: mjdUtc(from),
  toMjdUtc: mjdUtc(to),
  minutes: (to - from) * MINUTES_PER_DAY,
  openAtStart,
  openAtEnd,
});
