import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HistoryReader } from '../store/reader.js';

/** Versions count from the server's start, so another run's must not look the same. */
const run = Date.now().toString(36);

/**
 * Marks an answer that depends on the database and the request alone with an entity tag. True where the client has that
 * very answer already: then a 304 has been sent.
 */
export async function clientIsFresh(
  request: FastifyRequest,
  reply: FastifyReply,
  reader: Pick<HistoryReader, 'version'>,
  variant = '',
): Promise<boolean> {
  const tag = `W/"${run}.${await reader.version()}${variant}"`;
  reply.header('cache-control', 'no-cache').header('etag', tag);
  if (request.headers['if-none-match'] !== tag) return false;
  await reply.code(304).send();
  return true;
}

/** Keeps the last result until the database changes: what many clients ask for at once is computed once. */
export function untilChanged<T>(
  reader: Pick<HistoryReader, 'version'>,
  compute: () => Promise<T>,
): () => Promise<T> {
  let known: { readonly version: string; readonly result: Promise<T> } | undefined;
  return async () => {
    const version = await reader.version();
    if (known?.version !== version) {
      const result = compute();
      known = { version, result };
      result.catch(() => {
        known = undefined;
      });
    }
    return known.result;
  };
}
