import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.js';
import { heedStart } from './compression.js';
import { Places } from './limits.js';
import type { Body } from './route.js';
import { streamOf } from './streaming.js';

/** Answers that follow what happens; each holds some kilobytes. */
const MAX_ENDLESS = 2000;
/** Answers that are made while the client takes them; each holds less than a megabyte. */
const MAX_LONG = 64;
/** How long clients have to take the end of their answers when the server stops. */
const MAX_GOODBYE_MS = 500;

/** Answers that are made piece by piece: so many and no more; when the server stops, endless ones are ended and others cut off. */
export class OpenStreams {
  readonly #endings = new Set<() => Promise<void>>();
  readonly #endless = new Places(MAX_ENDLESS, 'no client more can follow the events');
  readonly #long = new Places(MAX_LONG, 'no long answer more can be sent at once');

  constructor(app: App) {
    app.addHook('preClose', async () => {
      const ended = Promise.all([...this.#endings].map((end) => end()));
      await Promise.race([ended, sleep(MAX_GOODBYE_MS)]);
    });
  }

  /** Sends the pieces. Throws Busy where there are too many answers under way. */
  async send(
    body: Exclude<Body, Uint8Array>,
    request: FastifyRequest,
    reply: FastifyReply,
    endless: boolean,
  ): Promise<FastifyReply> {
    const { ip, method } = request;
    const pieces = body[Symbol.asyncIterator]();
    // A client that has left takes none, and its answer closes no more.
    if (method === 'HEAD' || reply.raw.closed) {
      await pieces.return?.();
      // Without a length: nobody knows it.
      return reply.send(Readable.from([]));
    }
    try {
      reply.raw.once('close', (endless ? this.#endless : this.#long).take(ip));
    } catch (error) {
      await pieces.return?.();
      throw error;
    }
    const end = async () => {
      // Ended in good order, a part would look like the whole.
      if (!endless) return void reply.raw.destroy();
      await pieces.return?.();
      if (!reply.raw.writableFinished) await once(reply.raw, 'close');
    };
    this.#endings.add(end);
    reply.raw.once('close', () => this.#endings.delete(end));
    return reply.send(await streamOf(pieces, (first) => heedStart(request, first)));
  }
}
