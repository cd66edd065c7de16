import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';

/** The web server's framework, as the server, its page and its description see it. Routes do not: see route.ts. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger>;
