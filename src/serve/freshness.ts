import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Route, RouteContext } from './route.js';
import { varyBy } from './vary.js';

const MINUTE_MS = 60_000;
/** Versions count from the server's start, so another run's must not look the same. */
const run = Date.now().toString(36);

/**
 * Sets how long the client can keep the answer. True where it has that very answer already: then a 304 has been sent. The
 * answers that get an entity tag depend on the stored data and the request alone.
 */
export async function clientHas(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  { reader, history }: RouteContext,
): Promise<boolean> {
  const { mediaTypes = [] } = route;
  if (mediaTypes.length > 1) reply.header('vary', varyBy(reply, 'accept'));
  const validity = route.validityOf?.(request.query) ?? route.validity;
  const version = {
    history: () => history.version(),
    'history until now': async () => `${await history.version()}@${Math.floor(Date.now() / MINUTE_MS)}`,
    files: () => reader.version(),
  }[validity as string];
  if (!version) {
    reply.header('cache-control', validity);
    return false;
  }
  const accepted = mediaTypes.length > 1 ? shortHash(request.headers.accept ?? '') : '';
  const tag = `W/"${run}.${await version()}${accepted}"`;
  reply.header('cache-control', 'no-cache').header('etag', tag);
  if (!names(request.headers['if-none-match'], tag)) return false;
  await reply.code(304).send();
  return true;
}

/** Whether an If-None-Match field names a tag, by the weak comparison of RFC 9110, section 13.1.2. */
function names(field: string | undefined, tag: string): boolean {
  if (field === undefined) return false;
  const tags = field.split(',').map((each) => each.trim());
  return tags.some((each) => each === '*' || each === tag || `W/${each}` === tag);
}

const shortHash = (text: string) => `.${createHash('sha256').update(text).digest('base64url').slice(0, 8)}`;
