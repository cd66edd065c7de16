import type { FastifyRequest } from 'fastify';

/** RFC 1950: deflate, a window of at most 32 KB, and a check. Any two bytes can look like that, such as those of a time. */
const isLikeZlib = ([cmf = 0, flags = 0]: Uint8Array) =>
  (cmf & 0x0f) === 8 && cmf < 0x80 && (cmf * 256 + flags) % 31 === 0;
/** RFC 1952. */
const isLikeGzip = (start: Uint8Array) => start[0] === 0x1f && start[1] === 0x8b;

/**
 * The compressing plugin takes what begins like compressed bytes for compressed: it would send that as it is and call it gzip. Such an
 * answer is sent as what it is.
 */
export function heedStart(request: FastifyRequest, start: unknown): void {
  if (start instanceof Uint8Array && (isLikeZlib(start) || isLikeGzip(start)))
    request.headers['x-no-compression'] = 'yes';
}
