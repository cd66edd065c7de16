import { Readable } from 'node:stream';

/**
 * Pieces as a stream that is read only as fast as the client takes it. Waits for the first piece, so that an error which
 * comes before any of it is still an error answer.
 */
export async function streamOf<T extends string | Uint8Array>(pieces: AsyncIterable<T>): Promise<Readable> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  const all = async function* () {
    try {
      if (first.done) return;
      yield first.value;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  };
  return Readable.from(all(), { objectMode: false, highWaterMark: 1 << 18 });
}
