/** An answer that cost no more than this is asked for each time, ms. */
const CHEAP_MS = 20;
/** Times that a dear one takes between its end and the next. */
const REST = 20;

/** Asks something dear at most a twentieth of the time; meanwhile the last answer stands, unless it was an error. */
export class Rested<T> {
  readonly #ask: () => Promise<T>;
  #answer: Promise<T> | undefined;
  #askAgainAt = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  get(): Promise<T> {
    if (this.#answer && performance.now() < this.#askAgainAt) return this.#answer;
    const begun = performance.now();
    this.#askAgainAt = Number.POSITIVE_INFINITY;
    this.#answer = this.#ask();
    this.#answer.then(
      () => {
        const ended = performance.now();
        const tookMs = ended - begun;
        this.#askAgainAt = tookMs > CHEAP_MS ? ended + REST * tookMs : ended;
      },
      () => {
        this.#askAgainAt = performance.now();
      },
    );
    return this.#answer;
  }
}
