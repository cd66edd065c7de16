import type { FastifyRequest } from 'fastify';

const PATH = /^(\/[\w.~-]+)+$/;

/** Where the client reaches the server: scheme, host, and the path that a proxy takes off, without a slash at its end. */
export function rootOf(request: FastifyRequest): string {
  const scheme = saidByProxy(request, 'x-forwarded-proto') === 'https' ? 'https' : request.protocol;
  const path = saidByProxy(request, 'x-forwarded-prefix')?.replace(/\/$/, '') ?? '';
  return `${scheme}://${request.host}${PATH.test(path) ? path : ''}`;
}

/** Of the client: of several that a proxy names, the last, which it has seen itself. */
export function addressOf(request: FastifyRequest): string {
  const last = saidByProxy(request, 'x-forwarded-for')?.split(',').at(-1)?.trim();
  return last || request.ip;
}

/** Of the client, by a proxy on this host; anybody else could say anything. */
function saidByProxy({ headers, socket }: FastifyRequest, name: string): string | undefined {
  if (!/^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '')) return undefined;
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
