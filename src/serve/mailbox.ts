/** What a client that does not read can have waiting before it is let go. */
const MAX_UNREAD_BYTES = 64 * 1024;

/**
 * Texts for one reader, in order. A reader that falls too far behind reads an end instead. It ends at once when the reader
 * leaves, which an async generator that waits for its next text does not.
 */
export class Mailbox implements AsyncIterableIterator<string> {
  readonly #texts: string[] = [];
  #unreadBytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  #onEnd: (() => void) | undefined;

  put(text: string): void {
    if (this.#ended) return;
    this.#unreadBytes += Buffer.byteLength(text);
    if (this.#unreadBytes > MAX_UNREAD_BYTES) this.#end();
    else this.#texts.push(text);
    this.#wake?.();
  }

  /** Calls back once, when nobody reads any more. */
  onEnd(callback: () => void): void {
    this.#onEnd = callback;
    if (this.#ended) callback();
  }

  async next(): Promise<IteratorResult<string>> {
    while (this.#texts.length === 0 && !this.#ended) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    const value = this.#texts.shift();
    if (value === undefined) return { done: true, value: undefined };
    this.#unreadBytes -= Buffer.byteLength(value);
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<string>> {
    this.#end();
    this.#wake?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#texts.length = 0;
    this.#onEnd?.();
  }
}
