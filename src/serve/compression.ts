import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { kept } from '../maps.js';
import { varyBy } from './vary.js';

/** Shorter answers are sent as they are. */
export const COMPRESS_FROM_BYTES = 2048;
/** Ten times as fast as gzip's usual level, for a tenth more bytes. */
export const GZIP_LEVEL = 1;
/** The thread that compresses comes back to the main thread for each, where its next turn can be behind others'. */
const CHUNK_BYTES = 256 * 1024;

const COMPRESSIBLE = /\/json|\/octet-stream|^text\/|xml/;

const compress = promisify<Uint8Array, object, Buffer>(gzip);
/** Kept as long as the answer. */
const compressed = new WeakMap<Uint8Array, Promise<Buffer>>();

/**
 * The answer in gzip where the client names that, compressed once for all who are sent the same. The plugin would
 * compress it for each, and the status file's reading would wait for all of them: both take turns in Node's four threads.
 */
export async function compressedOnce(
  body: Uint8Array,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<Uint8Array> {
  if (body.byteLength < COMPRESS_FROM_BYTES || !takesGzip(headers['accept-encoding'])) return body;
  if (!COMPRESSIBLE.test(String(reply.getHeader('content-type')))) return body;
  reply.header('content-encoding', 'gzip').header('vary', varyBy(reply, 'accept-encoding'));
  return kept(compressed, body, () => compress(body, { level: GZIP_LEVEL, chunkSize: CHUNK_BYTES }));
}

/** Whether it is named, and not with a weight of 0 (RFC 9110, section 12.5.3). What else may be meant is left to the plugin. */
const takesGzip = (accepted: string | undefined) =>
  accepted !== undefined && /(^|,)\s*gzip\s*(,|$|;\s*q=(?!0(\.0*)?\s*(,|$)))/i.test(accepted);

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
