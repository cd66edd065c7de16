import { Readable } from 'node:stream';

/** What one answer holds in memory before its client takes more. */
const HIGH_WATER_BYTES = 64 * 1024;

/**
 * Pieces as a stream that is read only as fast as the client takes it. Waits for the first piece, which `onFirst` gets, so that an
 * error which comes before any of it is still an error answer.
 */
export async function streamOf(
  iterator: AsyncIterator<string | Uint8Array>,
  onFirst: (piece: string | Uint8Array) => void,
): Promise<Readable> {
  let first: IteratorResult<string | Uint8Array> | undefined = await iterator.next();
  if (!first.done) onFirst(first.value);
  const all: AsyncIterableIterator<string | Uint8Array> = {
    next: async () => {
      const piece = first ?? (await iterator.next());
      first = undefined;
      return piece;
    },
    // Generators pass it on at their next piece, a mailbox at once.
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => all,
  };
  return Readable.from(all, { objectMode: false, highWaterMark: HIGH_WATER_BYTES });
}
