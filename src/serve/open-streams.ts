import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.js';
import { compressedOnce, heedStart } from './compression.js';
import { Places } from './limits.js';
import { addressOf } from './proxy.js';
import type { Body } from './route.js';
import { streamOf } from './streaming.js';

/** Answers that follow what happens; each holds some kilobytes. */
const MAX_ENDLESS = 2000;
/** Answers that are made while the client takes them; each holds less than a megabyte. */
const MAX_LONG = 64;
/** Of answers that were made whole, until their clients have taken them. */
const MAX_WHOLE_MEGABYTES = 512;
/** How long clients have to take the end of their answers when the server stops. */
const MAX_GOODBYE_MS = 500;

/**
 * Answers on their way to clients, whose number and memory are bounded. When the server stops, endless ones are ended and those that
 * are made piece by piece are cut off.
 */
export class OpenStreams {
  readonly #endings = new Set<() => Promise<void>>();
  readonly #endless = new Places(MAX_ENDLESS, 'too many clients follow the events');
  readonly #long = new Places(MAX_LONG, 'too many long answers are under way');
  readonly #wholeMegabytes = new Places(
    MAX_WHOLE_MEGABYTES,
    'too many megabytes of answers wait for their clients',
  );
  readonly #admitted = new WeakSet<FastifyReply>();

  constructor(app: App) {
    app.addHook('preClose', async () => {
      const ended = Promise.all([...this.#endings].map((end) => end()));
      await Promise.race([ended, sleep(MAX_GOODBYE_MS)]);
    });
  }

  /** Takes a place for an answer in pieces until it ends. Throws Busy where too many are under way. */
  admit(request: FastifyRequest, reply: FastifyReply, endless: boolean): void {
    if (reply.raw.closed || this.#admitted.has(reply)) return;
    this.#admitted.add(reply);
    reply.raw.once('close', (endless ? this.#endless : this.#long).take(addressOf(request)));
  }

  /** Sends a whole answer. Throws Busy where too many bytes of others are under way. */
  async sendWhole(body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!(body instanceof Uint8Array)) return reply.send(body);
    const megabytes = Math.floor(body.byteLength / 1e6);
    if (megabytes > 0 && !reply.raw.closed)
      reply.raw.once('close', this.#wholeMegabytes.take(addressOf(request), megabytes));
    const sent = await compressedOnce(body, request, reply);
    heedStart(request, sent);
    return reply.send(sent);
  }

  /** Sends the pieces. Throws Busy as `admit`. */
  async sendPieces(
    body: Exclude<Body, Uint8Array>,
    request: FastifyRequest,
    reply: FastifyReply,
    endless: boolean,
  ): Promise<FastifyReply> {
    const pieces = body[Symbol.asyncIterator]();
    // A client that has left takes none, and its answer closes no more.
    if (request.method === 'HEAD' || reply.raw.closed) {
      await pieces.return?.();
      // Without a length: nobody knows it.
      return reply.send(Readable.from([]));
    }
    try {
      this.admit(request, reply, endless);
    } catch (error) {
      await pieces.return?.();
      throw error;
    }
    const end = async () => {
      // If it ended normally, a part would look like the whole.
      if (!endless) return void reply.raw.destroy();
      await pieces.return?.();
      if (!reply.raw.writableFinished) await once(reply.raw, 'close');
    };
    this.#endings.add(end);
    reply.raw.once('close', () => this.#endings.delete(end));
    return reply.send(await streamOf(pieces, (first) => heedStart(request, first)));
  }
}
