import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.js';
import { ErrorAnswer } from './error-answer.js';
import { clientHas } from './freshness.js';
import type { Body, Exchange, Route, RouteContext } from './route.js';
import { streamOf } from './streaming.js';

const JSON_TYPE = 'application/json; charset=utf-8';
/** How long clients have to take the end of their streams when the server stops. */
const MAX_GOODBYE_MS = 500;

interface OpenStream {
  end(): Promise<void>;
}

/** Has the framework answer these routes, at their paths and aliases. */
export function addRoutes(app: App, routes: readonly Route[], context: RouteContext): void {
  const open = new Set<OpenStream>();
  app.addHook('preClose', async () => {
    const ended = Promise.all([...open].map((each) => each.end()));
    await Promise.race([ended, sleep(MAX_GOODBYE_MS)]);
  });
  for (const each of routes) {
    const { path, alias, endless = false } = each;
    const handler = handlerOf(each, context, open);
    app.get(
      path,
      { exposeHeadRoute: !endless, schema: { ...schemaOf(each), operationId: each.name } },
      handler,
    );
    if (alias) app.get(alias, { schema: { ...schemaOf(each), hide: true } }, handler);
  }
}

function schemaOf({ tag, summary, description, query, answer, mediaTypes, alsoWithStatus = [] }: Route) {
  const success = {
    description: summary,
    content: Object.fromEntries((mediaTypes ?? [JSON_TYPE]).map((type) => [plain(type), { schema: answer }])),
  };
  return {
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    querystring: query,
    response: {
      ...Object.fromEntries([200, ...alsoWithStatus].map((status) => [status, success])),
      '4xx': ErrorAnswer,
      '5xx': ErrorAnswer,
    },
  };
}

/** Without parameters, as descriptions of an API name them. */
const plain = (mediaType: string) => mediaType.split(';')[0] as string;

function handlerOf(route: Route, context: RouteContext, open: Set<OpenStream>) {
  const [mediaType = JSON_TYPE] = route.mediaTypes ?? [];
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (await clientHas(request, reply, route, context)) return reply;
    reply.type(mediaType);
    const body: unknown = await route.respond(request.query, context, exchangeOf(request, reply));
    if (!isPieces(body)) return reply.send(body);
    const pieces = body[Symbol.asyncIterator]();
    const each: OpenStream = {
      async end() {
        await pieces.return?.();
        if (!reply.raw.writableFinished) await once(reply.raw, 'close');
      },
    };
    open.add(each);
    reply.raw.once('close', () => open.delete(each));
    return reply.send(await streamOf(pieces));
  };
}

const exchangeOf = (request: FastifyRequest, reply: FastifyReply): Exchange => ({
  url: request.url,
  accept: request.headers.accept ?? '',
  status: (code) => void reply.code(code),
  header: (name, value) => void reply.header(name, value),
  onLeave: (callback) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) callback();
    });
  },
});

const isPieces = (body: unknown): body is Exclude<Body, Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
