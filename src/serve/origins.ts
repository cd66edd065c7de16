import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.js';

/** Under which names the server answers, and which other sites' pages can read its answers. */
export interface Origins {
  /** Names besides the loopback's and the address that the client connected to. */
  readonly allowHosts?: readonly string[];
  /** Origins, `https://dashboard.example.org`, whose pages can read the answers. None by default. */
  readonly allowOrigins?: readonly string[];
}

/** The browser asked the right machine under a name that is not the server's. */
export class WrongHost extends Error {
  override readonly name = 'WrongHost';
}

/**
 * Refuses requests for other names: a page of another site can have its name resolve to this machine (DNS rebinding), and
 * the browser would let it read the answers as its own. An address cannot be such a name.
 */
export function guardOrigins(app: App, { allowHosts = [], allowOrigins = [] }: Origins): void {
  const names = new Set(['localhost', ...allowHosts.map((host) => host.toLowerCase())]);
  const origins = new Set(allowOrigins);
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const name = nameOf(request.headers.host ?? '');
    if (!names.has(name) && !isOwnAddress(name, request.socket.localAddress)) {
      throw new WrongHost(
        `this server is not called "${name.slice(0, 100)}": start it with --allow-host ${name.slice(0, 100) || 'NAME'} if it should be`,
      );
    }
    if (origins.size === 0) return;
    reply.header('vary', 'origin');
    const { origin } = request.headers;
    if (origin === undefined || !origins.has(origin)) return;
    reply
      .header('access-control-allow-origin', origin)
      .header('access-control-expose-headers', 'link, etag, pointing-rows, pointing-stride')
      .header('cross-origin-resource-policy', 'cross-origin');
  });
}

/** A Host header without its port, and without the brackets of an IPv6 address. */
const nameOf = (host: string) =>
  host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');

const isOwnAddress = (name: string, local: string | undefined) =>
  isIP(name) !== 0 && (name === local || `::ffff:${name}` === local || isLoopback(name));
const isLoopback = (address: string) => address === '::1' || address.startsWith('127.');
