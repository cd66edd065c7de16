import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from './app.js';
import { ERROR_STATUSES, ErrorAnswer } from './error-answer.js';
import type { Exchange } from './exchange.js';
import { clientHas } from './freshness.js';
import type { HeavyRoutes } from './heavy/heavy-routes.js';
import { OpenStreams } from './open-streams.js';
import { addressOf, rootOf } from './proxy.js';
import { isPieces, type Route, type RouteContext } from './route.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Has the framework answer these routes, at their paths and aliases. */
export function addRoutes(
  app: App,
  routes: readonly Route[],
  context: RouteContext,
  heavyRoutes: HeavyRoutes,
): void {
  const streams = new OpenStreams(app);
  for (const each of routes) {
    const { path, alias, endless = false } = each;
    const compression = each.uncompressed ? { compress: false as const } : {};
    const handler = handlerOf(each, context, heavyRoutes, streams);
    app.get(
      path,
      { ...compression, exposeHeadRoute: !endless, schema: { ...schemaOf(each), operationId: each.name } },
      handler,
    );
    if (alias) app.get(alias, { ...compression, schema: { ...schemaOf(each), hide: true } }, handler);
  }
}

function schemaOf({ tag, summary, description, query, answer, mediaTypes, alsoWithStatus = [] }: Route) {
  const success = {
    description: summary,
    content: Object.fromEntries(
      (mediaTypes ?? [JSON_TYPE]).map((type, i) => [plain(type), { schema: i === 0 ? answer : OTHER_FORM }]),
    ),
  };
  return {
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    querystring: query,
    response: {
      // By number: generators of clients fail on `4XX`.
      ...Object.fromEntries(ERROR_STATUSES.map((status) => [status, ErrorAnswer])),
      ...Object.fromEntries([200, ...alsoWithStatus].map((status) => [status, success])),
    },
  };
}

/** What an answer is in a media type other than its first. */
const OTHER_FORM = Type.String();

/** Without parameters, as descriptions of an API name them. */
const plain = (mediaType: string) => mediaType.split(';')[0] as string;

function handlerOf(route: Route, context: RouteContext, heavyRoutes: HeavyRoutes, streams: OpenStreams) {
  const [mediaType = JSON_TYPE] = route.mediaTypes ?? [];
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (await clientHas(request, reply, route, context)) return reply;
    reply.type(mediaType);
    if (route.heavy === 'pieces' || route.endless) streams.admit(request, reply, route.endless ?? false);
    const exchange = exchangeOf(request, reply);
    const body: unknown = route.heavy
      ? await heavyRoutes.respond(route, request.query, exchange)
      : await route.respond(request.query, context, exchange);
    return isPieces(body)
      ? streams.sendPieces(body, request, reply, route.endless ?? false)
      : streams.sendWhole(body, request, reply);
  };
}

const exchangeOf = (request: FastifyRequest, reply: FastifyReply): Exchange => ({
  url: request.url,
  root: rootOf(request),
  accept: request.headers.accept ?? '',
  address: addressOf(request),
  status: (code) => void reply.code(code),
  header: (name, value) => void reply.header(name, value),
  onLeave: (callback) => {
    if (reply.raw.closed) return callback();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) callback();
    });
  },
});
