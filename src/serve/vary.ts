import type { FastifyReply } from 'fastify';

/** The Vary field of an answer with one more name in it: `header` would replace what it varies by already. */
export const varyBy = (reply: FastifyReply, name: string): string =>
  [reply.getHeader('vary'), name].filter((each) => each !== undefined).join(', ');
